import { expect, test } from "vitest";
import { sendScope } from "../../src/server/auth/viewer.js";
import { newUser } from "../kit/domain.js";
import { sharedApp } from "../kit/shared-app.js";

const service = sharedApp();

const createOne = `mutation ($input: CreateNotificationInput!) {
  createNotification(input: $input) { notification {
    id userId category title body data actionUrl priority createdAt readAt expiresAt
  } } }`;

const createMany = `mutation ($inputs: [CreateNotificationInput!]!) {
  createNotifications(inputs: $inputs) { notifications { id title } } }`;

function input(userId: string, fields: object = {}) {
  return { userId, category: "order.shipped", title: "On its way", ...fields };
}

async function failureOf(document: string, variables: Record<string, unknown>, userId = "backend") {
  const { data, errors } = await service.as(userId, document, variables, sendScope);
  expect(data ?? null).toBeNull();
  expect(errors).toHaveLength(1);
  return errors?.[0]?.extensions;
}

test("createNotification answers every field as it was given, instants in RFC 3339 with milliseconds", async () => {
  const userId = newUser();
  const fields = {
    body: "Tomorrow",
    data: { parcel: [1, null, { deep: "🎉" }] },
    actionUrl: "https://shop.example/orders/7",
    priority: "HIGH",
    expiresAt: "2126-11-23T09:41:17.111Z",
  };
  const { createNotification } = await service.data<{
    createNotification: { notification: { createdAt: string } };
  }>("backend", createOne, { input: input(userId, fields) }, sendScope);
  const { notification } = createNotification;
  expect(notification).toMatchObject({ ...input(userId), ...fields, readAt: null });
  expect(notification.createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

test("createNotification fills in what is left out, or null", async () => {
  for (const fields of [{}, { body: null, data: null, actionUrl: null, expiresAt: null, priority: null }]) {
    const { createNotification } = await service.data<{ createNotification: unknown }>(
      "backend",
      createOne,
      { input: input(newUser(), fields) },
      sendScope,
    );
    expect(createNotification).toMatchObject({
      notification: {
        body: null,
        data: null,
        actionUrl: null,
        priority: "NORMAL",
        readAt: null,
        expiresAt: null,
      },
    });
  }
});

test("JSON data may be a literal of the document", async () => {
  const document = `mutation ($userId: ID!) { createNotification(input: {
    userId: $userId, category: "a", title: "b", data: { n: -1.5e3, list: [true, null, "x"], of: { user: $userId } }
  }) { notification { data } } }`;
  const userId = newUser();
  expect(await service.data("backend", document, { userId }, sendScope)).toEqual({
    createNotification: {
      notification: { data: { n: -1500, list: [true, null, "x"], of: { user: userId } } },
    },
  });
});

test.each([
  ["input.title", { title: "" }],
  ["input.title", { title: " \u200B\u3164" }],
  ["input.userId", { userId: "ada\nlovelace" }],
  ["input.idempotencyKey", { idempotencyKey: " " }],
  ["input.category", { category: "Not a slug" }],
  ["input.userId", { userId: "" }],
  ["input.body", { body: "b".repeat(4001) }],
  ["input.data", { data: "d".repeat(16_384) }],
  ["input.data", { data: { nul: "\0" } }],
  ["input.actionUrl", { actionUrl: "ftp://elsewhere.example" }],
  ["input.expiresAt", { expiresAt: "2020-01-01T00:00:00Z" }],
  ["input.idempotencyKey", { idempotencyKey: "k".repeat(129) }],
])("createNotification names the wrong field: %s (%#)", async (field, fields) => {
  const failure = await failureOf(createOne, { input: input(newUser(), fields) });
  expect(failure).toEqual({ code: "BAD_USER_INPUT", field });
});

test.each([
  { priority: "EXTREME" },
  { expiresAt: "tomorrow" },
  { expiresAt: "2126-02-30T00:00:00Z" },
  { expiresAt: 8.64e15 },
  { expiresAt: 1e300 },
  { title: null },
  { title: 7 },
  { unknown: true },
])("createNotification refuses what does not fit the schema: %j", async (fields) => {
  const failure = await failureOf(createOne, { input: input(newUser(), fields) });
  expect(failure).toMatchObject({ code: "BAD_USER_INPUT" });
});

test("createNotifications answers in the order given", async () => {
  const userId = newUser();
  const inputs = [3, 1, 2].map((number) => input(userId, { title: `No. ${number}` }));
  const { createNotifications } = await service.data<{
    createNotifications: { notifications: { title: string }[] };
  }>("backend", createMany, { inputs }, sendScope);
  expect(createNotifications.notifications.map(({ title }) => title)).toEqual(["No. 3", "No. 1", "No. 2"]);
});

test("createNotifications is all or nothing, and names the input that is wrong", async () => {
  const userId = newUser();
  const inputs = [input(userId), input(userId), input(userId, { title: "t".repeat(201) })];
  expect(await failureOf(createMany, { inputs })).toEqual({
    code: "BAD_USER_INPUT",
    field: "inputs[2].title",
  });
  expect(await failureOf(createMany, { inputs: [] })).toEqual({ code: "BAD_USER_INPUT", field: "inputs" });
  const tooMany = Array.from({ length: 1001 }, () => input(userId));
  expect(await failureOf(createMany, { inputs: tooMany })).toEqual({
    code: "BAD_USER_INPUT",
    field: "inputs",
  });
  const { inbox } = await service.data<{ inbox: unknown }>(
    userId,
    "query ($userId: ID!) { inbox(userId: $userId) { totalCount } }",
    { userId },
  );
  expect(inbox).toEqual({ totalCount: 0 });
});

test("an idempotency key that is used for something else is refused, with a reason for programs", async () => {
  const userId = newUser();
  const idempotencyKey = newUser();
  const one = input(userId, { idempotencyKey, data: { a: 1, b: 2 }, expiresAt: "2126-11-23T09:41:17Z" });
  const first = await service.data("backend", createOne, { input: one }, sendScope);
  const same = {
    ...one,
    data: { b: 2.0, a: 1 },
    expiresAt: "2126-11-23T10:41:17.000+01:00",
    priority: "NORMAL",
    body: null,
  };
  expect(await service.data("backend", createOne, { input: same }, sendScope)).toEqual(first);
  const mismatch = { code: "BAD_USER_INPUT", reason: "IDEMPOTENCY_MISMATCH" };
  const other = { ...one, title: "Something else" };
  expect(await failureOf(createOne, { input: other })).toEqual({
    ...mismatch,
    field: "input.idempotencyKey",
  });
  expect(await failureOf(createMany, { inputs: [input(userId), one, other] })).toEqual({
    ...mismatch,
    field: "inputs[2].idempotencyKey",
  });
  expect(await failureOf(createMany, { inputs: [input(userId), other] })).toEqual({
    ...mismatch,
    field: "inputs[1].idempotencyKey",
  });
  await service.data("other", createOne, { input: other }, sendScope);
  const { inbox } = await service.data<{ inbox: unknown }>(
    userId,
    "query ($userId: ID!) { inbox(userId: $userId) { totalCount } }",
    { userId },
  );
  expect(inbox).toEqual({ totalCount: 2 });
});

test("marking and deleting answer what changed, and the inbox after it with a page", async () => {
  const userId = newUser();
  const [first, second] = await service.create(userId, 2);
  const document = (
    name: string,
  ) => `mutation ($userId: ID!, $ids: [ID!]!) { ${name}(userId: $userId, ids: $ids) {
    notifications { id readAt } inbox { unreadCount totalCount notifications(first: 1) { nodes { id } } } } }`;
  const variables = { userId, ids: [first, "unknown"] };
  const page = { notifications: { nodes: [{ id: second }] } };

  const read = await service.data<{
    markNotificationsRead: { notifications: { readAt: string }[]; inbox: unknown };
  }>(userId, document("markNotificationsRead"), variables);
  expect(read.markNotificationsRead).toMatchObject({
    notifications: [{ id: first }],
    inbox: { unreadCount: 1, totalCount: 2, ...page },
  });
  expect(read.markNotificationsRead.notifications[0]?.readAt).toMatch(/Z$/);
  expect(await service.data(userId, document("markNotificationsRead"), variables)).toMatchObject({
    markNotificationsRead: { notifications: [], inbox: { unreadCount: 1 } },
  });
  expect(await service.data(userId, document("markNotificationsUnread"), variables)).toMatchObject({
    markNotificationsUnread: { notifications: [{ id: first, readAt: null }], inbox: { unreadCount: 2 } },
  });
  const remove = `mutation ($userId: ID!, $ids: [ID!]!) {
    deleteNotifications(userId: $userId, ids: $ids) { deletedIds inbox { unreadCount totalCount } } }`;
  expect(await service.data(userId, remove, variables)).toEqual({
    deleteNotifications: { deletedIds: [first], inbox: { unreadCount: 1, totalCount: 1 } },
  });
});

test.each(["markAllNotificationsRead", "clearNotifications"])(
  "%s takes a cursor, leaves what came after it, and refuses another's",
  async (name) => {
    const userId = newUser();
    await service.create(userId, 3);
    const readCursor = "query ($userId: ID!) { inbox(userId: $userId) { cursor } }";
    const { inbox } = await service.data<{ inbox: { cursor: string } }>(userId, readCursor, { userId });
    await service.create(userId, 1);
    const document = `mutation ($userId: ID!, $upTo: String) {
      ${name}(userId: $userId, upTo: $upTo) { inbox { unreadCount } } }`;
    expect(await service.data(userId, document, { userId, upTo: inbox.cursor })).toEqual({
      [name]: { inbox: { unreadCount: 1 } },
    });
    const other = newUser();
    const list = "query ($userId: ID!) { notifications(userId: $userId) { pageInfo { endCursor } } }";
    const { notifications } = await service.data<{ notifications: { pageInfo: { endCursor: string } } }>(
      userId,
      list,
      { userId },
    );
    const failure = { code: "BAD_USER_INPUT", field: "upTo" };
    expect(await failureOf(document, { userId: other, upTo: inbox.cursor }, other)).toEqual(failure);
    for (const upTo of [notifications.pageInfo.endCursor, "", "🎉"]) {
      expect(await failureOf(document, { userId, upTo }, userId)).toEqual(failure);
    }
    expect(await service.data(userId, document, { userId })).toEqual({
      [name]: { inbox: { unreadCount: 0 } },
    });
  },
);

test.each(["markNotificationsRead", "markNotificationsUnread", "deleteNotifications"])(
  "%s takes 1 to 1,000 ids",
  async (name) => {
    const userId = newUser();
    const document = `mutation ($userId: ID!, $ids: [ID!]!) { ${name}(userId: $userId, ids: $ids) { inbox { cursor } } }`;
    for (const count of [0, 1001]) {
      const ids = Array.from({ length: count }, () => "x");
      expect(await failureOf(document, { userId, ids }, userId)).toEqual({
        code: "BAD_USER_INPUT",
        field: "ids",
      });
    }
    expect(await service.as(userId, document, { userId, ids: ["x"] })).not.toHaveProperty("errors");
  },
);
