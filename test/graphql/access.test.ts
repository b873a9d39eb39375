import { expect, test } from "vitest";
import { adminScope, sendScope } from "../../src/server/auth/viewer.js";
import { newUser } from "../kit/domain.js";
import { ask } from "../kit/requests.js";
import { sharedApp } from "../kit/shared-app.js";

const service = sharedApp();

/** Operations on the inbox of $userId. */
const ownersOperations = {
  notifications: "query ($userId: ID!) { notifications(userId: $userId) { totalCount } }",
  inbox: "query ($userId: ID!) { inbox(userId: $userId) { unreadCount } }",
  markNotificationsRead:
    'mutation ($userId: ID!) { markNotificationsRead(userId: $userId, ids: ["x"]) { inbox { cursor } } }',
  markNotificationsUnread:
    'mutation ($userId: ID!) { markNotificationsUnread(userId: $userId, ids: ["x"]) { inbox { cursor } } }',
  markAllNotificationsRead:
    "mutation ($userId: ID!) { markAllNotificationsRead(userId: $userId) { inbox { cursor } } }",
  deleteNotifications:
    'mutation ($userId: ID!) { deleteNotifications(userId: $userId, ids: ["x"]) { deletedIds } }',
  clearNotifications: "mutation ($userId: ID!) { clearNotifications(userId: $userId) { inbox { cursor } } }",
};

/** Operations that create notifications for $userId. */
const sendersOperations = {
  createNotification: `mutation ($userId: ID!) {
    createNotification(input: { userId: $userId, category: "a", title: "b" }) { notification { id } } }`,
  createNotifications: `mutation ($userId: ID!) {
    createNotifications(inputs: [{ userId: $userId, category: "a", title: "b" }]) { notifications { id } } }`,
};

const readOne = "query ($id: ID!) { notification(id: $id) { id userId } }";

test.each(Object.entries({ ...ownersOperations, ...sendersOperations }))(
  "%s needs a token",
  async (name, document) => {
    const { data, errors } = await ask(service.url, null, document, { userId: newUser() });
    expect(data).toBeNull();
    expect(errors).toMatchObject([{ path: [name], extensions: { code: "UNAUTHENTICATED" } }]);
  },
);

test("notification needs a token", async () => {
  const { errors } = await ask(service.url, null, readOne, { id: "x" });
  expect(errors).toMatchObject([{ path: ["notification"], extensions: { code: "UNAUTHENTICATED" } }]);
});

test.each(Object.entries(ownersOperations))(
  "%s is for the owner and for operators, and for nobody else",
  async (name, document) => {
    const owner = newUser();
    await service.create(owner, 1);
    for (const [viewer, scope] of [
      [newUser(), ""],
      [newUser(), sendScope],
      [owner.toUpperCase(), ""],
    ] as const) {
      const { data, errors } = await service.as(viewer, document, { userId: owner }, scope);
      expect(data).toBeNull();
      expect(errors).toMatchObject([{ path: [name], extensions: { code: "FORBIDDEN" } }]);
    }
    expect(await service.as(owner, document, { userId: owner })).not.toHaveProperty("errors");
    expect(await service.as(newUser(), document, { userId: owner }, adminScope)).not.toHaveProperty("errors");
  },
);

test("what was forbidden did not happen", async () => {
  const owner = newUser();
  const [id] = await service.create(owner, 1);
  for (const document of Object.values(ownersOperations)) {
    await service.as(newUser(), document.replace('"x"', JSON.stringify(id)), { userId: owner });
  }
  const { inbox } = await service.data<{ inbox: unknown }>(
    owner,
    "query ($userId: ID!) { inbox(userId: $userId) { unreadCount totalCount } }",
    { userId: owner },
  );
  expect(inbox).toEqual({ unreadCount: 1, totalCount: 1 });
});

test.each(Object.entries(sendersOperations))(
  "%s requires the scope of a sender, for any sender and any recipient",
  async (name, document) => {
    const userId = newUser();
    for (const scope of ["", adminScope, "notifications:sending", sendScope.toUpperCase()]) {
      const { data, errors } = await service.as(userId, document, { userId }, scope);
      expect(data).toBeNull();
      expect(errors).toMatchObject([{ path: [name], extensions: { code: "FORBIDDEN" } }]);
    }
    expect(await service.as(newUser(), document, { userId }, sendScope)).not.toHaveProperty("errors");
  },
);

test("a notification of someone else's is null, like one that does not exist; operators see it", async () => {
  const owner = newUser();
  const [id] = await service.create(owner, 1);
  const nothing = { data: { notification: null } };
  expect(await service.as(owner, readOne, { id })).toEqual({ data: { notification: { id, userId: owner } } });
  expect(await service.as(newUser(), readOne, { id })).toEqual(nothing);
  expect(await service.as(newUser(), readOne, { id }, sendScope)).toEqual(nothing);
  for (const unknown of ["01a20a7d-3bba-7325-98eb-1e8e5604d6c6", "", "no uuid", "0".repeat(1000)]) {
    expect(await service.as(owner, readOne, { id: unknown }, adminScope)).toEqual(nothing);
  }
  const asOperator = await service.as(newUser(), readOne, { id }, adminScope);
  expect(asOperator).toEqual({ data: { notification: { id, userId: owner } } });
});

test("two senders do not share idempotency keys", async () => {
  const userId = newUser();
  const document = `mutation ($input: CreateNotificationInput!) {
    createNotification(input: $input) { notification { id } } }`;
  const input = { userId, category: "a", title: "b", idempotencyKey: "the same" };
  const ids: string[] = [];
  for (const sender of ["shop", "bank", "shop"]) {
    const { createNotification } = await service.data<{
      createNotification: { notification: { id: string } };
    }>(`${sender} of ${userId}`, document, { input }, sendScope);
    ids.push(createNotification.notification.id);
  }
  expect(ids[0]).toBe(ids[2]);
  expect(ids[0]).not.toBe(ids[1]);
});
