import { expect, test } from "vitest";
import { buildSchema, getIntrospectionQuery, isObjectType } from "graphql";
import { readFileSync, readdirSync } from "node:fs";
import { RawSocket } from "../http/raw-socket.js";
import { token } from "../kit/app.js";
import { newUser } from "../kit/domain.js";
import { sharedApp } from "../kit/shared-app.js";

const service = sharedApp();

const inbox = (selection: string) => `query ($userId: ID!) { inbox(userId: $userId) { ${selection} } }`;

function aliases(count: number): string {
  return inbox(Array.from({ length: count }, (_, index) => `a${index}: unreadCount`).join(" "));
}

async function refusal(document: string) {
  const userId = newUser();
  const { data, errors } = await service.as(userId, document, { userId });
  return {
    data: data ?? null,
    messages: errors?.map(({ message }) => message),
    code: errors?.[0]?.extensions.code,
  };
}

test("a document may have 15 aliases, and no more", async () => {
  expect(await refusal(aliases(15))).toMatchObject({ messages: undefined });
  expect(await refusal(aliases(16))).toEqual({
    data: null,
    messages: ["The document has more than 15 aliases"],
    code: "GRAPHQL_VALIDATION_FAILED",
  });
});

test("a document may not be nested deeper than 10 levels", async () => {
  const nested = (levels: number) => inbox(`${"... { ".repeat(levels)} cursor ${"} ".repeat(levels)}`);
  expect(await refusal(nested(7))).toMatchObject({ messages: undefined });
  expect(await refusal(nested(12))).toEqual({
    data: null,
    messages: ["The document is nested deeper than 10 levels"],
    code: "GRAPHQL_VALIDATION_FAILED",
  });
});

test("a document may have 1,000 tokens, and no more", async () => {
  const list = (ids: number) => `mutation ($userId: ID!) {
    markNotificationsRead(userId: $userId, ids: [${'"x" '.repeat(ids)}]) { inbox { cursor } } }`;
  expect(await refusal(list(970))).toMatchObject({ messages: undefined });
  const { data, code, messages } = await refusal(list(1000));
  expect([data, code]).toEqual([null, "GRAPHQL_PARSE_FAILED"]);
  expect(messages?.[0]).toMatch(/more tha[nt] 1000 tokens/);
});

test("a document may have 20 directives, and no more", async () => {
  const directives = (count: number) => inbox("unreadCount @include(if: true) ".repeat(count));
  expect(await refusal(directives(20))).toMatchObject({ messages: undefined });
  expect(await refusal(directives(21))).toMatchObject({
    messages: ["The document has more than 20 directives"],
    code: "GRAPHQL_VALIDATION_FAILED",
  });
});

test("fragments do not get around the limits", async () => {
  const spread = `${inbox("...A")} fragment A on Inbox { ${Array.from({ length: 16 }, (_, i) => `a${i}: cursor`).join(" ")} }`;
  expect(await refusal(spread)).toMatchObject({ code: "GRAPHQL_VALIDATION_FAILED" });
  const circle = `${inbox("...A")} fragment A on Inbox { ...B } fragment B on Inbox { ...A }`;
  expect(await refusal(circle)).toMatchObject({ data: null, code: "GRAPHQL_VALIDATION_FAILED" });
});

const root = 'notificationEvents(userId: "u")';

test.each([
  `subscription ($s: Boolean!) { ${root} @skip(if: $s) { sequence } }`,
  `subscription ($s: Boolean!) { ${root} @include(if: $s) { sequence } }`,
  `subscription { ${root} @skip(if: true) { sequence } }`,
  `subscription { ${root} @include(if: true) { sequence } }`,
  `subscription ($s: Boolean!) { ... @skip(if: $s) { ${root} { sequence } } }`,
  `subscription ($s: Boolean!) { ... on Subscription @include(if: $s) { ${root} { sequence } } }`,
  `subscription ($s: Boolean!) { ... { ... { ${root} @skip(if: $s) { sequence } } } }`,
  `subscription ($s: Boolean!) { ...A @skip(if: $s) } fragment A on Subscription { ${root} { sequence } }`,
  `subscription ($s: Boolean!) { ...A } fragment A on Subscription { ...B @include(if: $s) }
   fragment B on Subscription { ${root} { sequence } }`,
  `subscription ($s: Boolean!) { ...A } fragment A on Subscription { ...A ${root} @skip(if: $s) { sequence } }`,
  `subscription Seen { ${root} { sequence } } subscription Unseen($s: Boolean!) { ${root} @skip(if: $s) { sequence } }`,
  `subscription ($s: Boolean!) { a: ${root} @skip(if: $s) { sequence } b: ${root} @include(if: $s) { sequence } }`,
])("a subscription's root may have no condition: %s", async (document) => {
  const userId = newUser();
  const message = "@skip and @include are not allowed at the root of a subscription";
  const expected = [{ message, extensions: { code: "GRAPHQL_VALIDATION_FAILED" } }];
  const { data, errors } = await service.as(userId, document, { s: true });
  expect(data ?? null).toBeNull();
  expect(errors).toMatchObject(expected);
  const url = `${service.url.replace("http", "ws")}/graphql`;
  await using socket = await RawSocket.acknowledged(url, await token(userId));
  socket.subscribe("1", document, { s: true });
  expect(await socket.next()).toMatchObject({ id: "1", type: "error", payload: expected });
});

test("below its root field a subscription may have conditions, and so may queries and mutations", async () => {
  const userId = newUser();
  const conditions = "@skip(if: $s) @include(if: $s)";
  const document = `subscription ($userId: ID!, $s: Boolean!) { ...A }
    fragment A on Subscription { notificationEvents(userId: $userId) { __typename ...B ${conditions} sequence ${conditions} } }
    fragment B on NotificationEvent { cursor ${conditions} }`;
  const url = `${service.url.replace("http", "ws")}/graphql`;
  await using socket = await RawSocket.acknowledged(url, await token(userId));
  socket.subscribe("1", document, { userId, s: true });
  expect(await socket.next()).toMatchObject({
    type: "next",
    payload: { data: { notificationEvents: { __typename: "InboxReady" } } },
  });
  const query = `query ($userId: ID!, $s: Boolean!) { inbox(userId: $userId) ${conditions} { cursor } }`;
  expect(await service.data(userId, query, { userId, s: true })).toEqual({});
});

test("an IDE's introspection passes", async () => {
  expect(await refusal(getIntrospectionQuery())).toMatchObject({ messages: undefined });
});

test("the schema keeps to the names of the public contract", () => {
  const folder = new URL("../../schema/", import.meta.url);
  const files = readdirSync(folder).filter((name) => name.endsWith(".graphql"));
  const schema = buildSchema(files.map((name) => readFileSync(new URL(name, folder), "utf8")).join("\n"));
  const fields = (name: string) => {
    const type = schema.getType(name);
    if (!isObjectType(type)) throw new Error(`no fields: ${name}`);
    return Object.values(type.getFields()).map((field) => `${field.name}: ${String(field.type)}`);
  };
  expect(fields("Query")).toEqual(
    expect.arrayContaining([
      "notification: Notification",
      "notifications: NotificationConnection!",
      "inbox: Inbox!",
    ]),
  );
  expect(fields("Subscription")).toEqual(["notificationEvents: NotificationEvent!"]);
  const base = [
    "cursor: String!",
    "sequence: Int!",
    "userId: ID!",
    "occurredAt: DateTime!",
    "unreadCount: Int!",
  ];
  const added = {
    NotificationCreated: ["notification: Notification!"],
    NotificationsRead: ["notificationIds: [ID!]!", "readAt: DateTime!"],
    NotificationsUnread: ["notificationIds: [ID!]!"],
    AllNotificationsRead: ["readAt: DateTime!", "upToSequence: Int!"],
    NotificationsDeleted: ["notificationIds: [ID!]!"],
    NotificationsCleared: ["upToSequence: Int!"],
    InboxReady: [],
    InboxReset: [],
  };
  for (const [name, own] of Object.entries(added)) {
    expect(fields(name)).toEqual(expect.arrayContaining([...base, ...own]));
  }
});
