import { expect, test } from "vitest";
import { newUser } from "../kit/domain.js";
import { sharedApp } from "../kit/shared-app.js";

const service = sharedApp();

interface Page {
  readonly edges: { readonly cursor: string; readonly node: { readonly id: string } }[];
  readonly nodes: { readonly id: string }[];
  readonly totalCount: number;
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

const listDocument = `query ($userId: ID!, $filter: NotificationFilter, $first: Int, $after: String) {
  notifications(userId: $userId, filter: $filter, first: $first, after: $after) {
    edges { cursor node { id } } nodes { id } totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  } }`;

async function list(userId: string, variables: object = {}): Promise<Page> {
  const { notifications } = await service.data<{ notifications: Page }>(userId, listDocument, {
    userId,
    ...variables,
  });
  return notifications;
}

test("the list is a Relay connection, newest first, 20 at a time", async () => {
  const userId = newUser();
  const ids = (await service.create(userId, 25)).toReversed();
  const first = await list(userId);
  expect(first.nodes.map(({ id }) => id)).toEqual(ids.slice(0, 20));
  expect(first.edges.map(({ node }) => node)).toEqual(first.nodes);
  expect(first.totalCount).toBe(25);
  expect(first.pageInfo).toEqual({
    hasNextPage: true,
    hasPreviousPage: false,
    startCursor: first.edges.at(0)?.cursor,
    endCursor: first.edges.at(-1)?.cursor,
  });
  const second = await list(userId, { after: first.pageInfo.endCursor });
  expect(second.nodes.map(({ id }) => id)).toEqual(ids.slice(20));
  expect(second.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
});

test("an empty page has no cursors", async () => {
  expect(await list(newUser())).toEqual({
    edges: [],
    nodes: [],
    totalCount: 0,
    pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
  });
});

test("fields may be called by names that every object of JavaScript has", async () => {
  const userId = newUser();
  const [older, newer] = await service.create(userId, 2);
  for (const name of ["constructor", "toString", "hasOwnProperty", "__proto__"]) {
    const document = `query ($userId: ID!, $yes: Boolean!) { ${name}: inbox(userId: $userId) {
      ${name}: notifications(first: 1) { ${name}: nodes { ${name}: id } } ...Second @include(if: $yes)
      ... @skip(if: $yes) { none: notifications { totalCount } } } }
    fragment Second on Inbox { second: notifications { nodes { id } } second: notifications { ...Total } }
    fragment Total on NotificationConnection { ${name}: totalCount }`;
    expect(Object.entries(await service.data(userId, document, { userId, yes: true })).flat()).toEqual([
      name,
      JSON.parse(`{ "${name}": { "${name}": [{ "${name}": "${newer}" }] },
        "second": { "nodes": [{ "id": "${newer}" }, { "id": "${older}" }], "${name}": 2 } }`),
    ]);
  }
});

test("the list is narrowed by its filter, of which null means nothing", async () => {
  const userId = newUser();
  await service.create(userId, 2, { category: "chat", priority: "LOW" });
  await service.create(userId, 1, { category: "order.shipped", priority: "URGENT" });
  const counts = async (filter: object | null) => (await list(userId, { filter })).totalCount;
  expect(await counts(null)).toBe(3);
  expect(await counts({ read: null, categories: null, priorities: null, createdAfter: null })).toBe(3);
  expect(await counts({ categories: ["chat"] })).toBe(2);
  expect(await counts({ categories: ["\0", "\uD800", "order.shipped"] })).toBe(1);
  expect(await counts({ priorities: ["URGENT", "HIGH"], read: false })).toBe(1);
  expect(await counts({ read: true })).toBe(0);
  expect(await counts({ createdAfter: "2020-01-01T00:00:00Z", createdBefore: "9999-12-31T23:59:59Z" })).toBe(
    3,
  );
  expect(await counts({ createdBefore: "0001-01-01T00:00:00Z" })).toBe(0);
});

test.each([
  ["first", { first: 0 }],
  ["first", { first: 101 }],
  ["after", { after: "garbage" }],
  ["after", { after: "" }],
  ["filter.categories", { filter: { categories: Array.from({ length: 51 }, () => "a") } }],
])("names the wrong argument of a list: %s (%#)", async (field, variables) => {
  const userId = newUser();
  const inInbox = `query ($userId: ID!, $filter: NotificationFilter, $first: Int, $after: String) {
    inbox(userId: $userId) { notifications(filter: $filter, first: $first, after: $after) { nodes { id } } } }`;
  for (const document of [listDocument, inInbox]) {
    const { errors } = await service.as(userId, document, { userId, ...variables });
    expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT", field } }]);
  }
});

test("names a user id that cannot be, for operators too", async () => {
  for (const userId of ["", "u".repeat(129), "a\0b"]) {
    const { errors } = await service.as("operator", listDocument, { userId }, "notifications:admin");
    expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT", field: "userId" } }]);
  }
});

test("an inbox has several pages under aliases, however they are selected", async () => {
  const userId = newUser();
  const ids = await service.create(userId, 5);
  await service.data(
    userId,
    "mutation ($userId: ID!, $ids: [ID!]!) { markNotificationsRead(userId: $userId, ids: $ids) { inbox { cursor } } }",
    { userId, ids: ids.slice(0, 2) },
  );
  const document = `
    query ($userId: ID!, $unread: NotificationFilter!, $few: Int = 1, $yes: Boolean!, $no: Boolean!) {
      mine: inbox(userId: $userId) {
        unreadCount
        newest: notifications(first: $few) { ...Ids }
        ...Unread
        ... on Inbox { read: notifications(filter: { read: true }) { nodes { id } ... on NotificationConnection { all: totalCount } } }
        ... @include(if: $no) { missing: notifications { nodes { id } } }
        skipped: notifications @skip(if: $yes) { nodes { id } }
        included: notifications(first: 2) @include(if: $yes) { nodes { id } totalCount @include(if: $no) }
        merged: notifications(first: 3) { nodes { id } }
        merged: notifications(first: 3) { totalCount }
        bare: notifications { __typename }
      }
    }
    fragment Unread on Inbox { unread: notifications(filter: $unread) { ...Ids totalCount } }
    fragment Ids on NotificationConnection { nodes { id } pageInfo { hasNextPage } }`;
  const variables = { userId, unread: { read: false }, yes: true, no: false };
  const newest = ids.toReversed().map((id) => ({ id }));
  expect(await service.data(userId, document, variables)).toEqual({
    mine: {
      unreadCount: 3,
      newest: { nodes: newest.slice(0, 1), pageInfo: { hasNextPage: true } },
      unread: { nodes: newest.slice(0, 3), pageInfo: { hasNextPage: false }, totalCount: 3 },
      read: { nodes: newest.slice(3), all: 2 },
      included: { nodes: newest.slice(0, 2) },
      merged: { nodes: newest.slice(0, 3), totalCount: 5 },
      bare: { __typename: "NotificationConnection" },
    },
  });
});

test("a list refuses the cursor of an event, and of another kind of list", async () => {
  const userId = newUser();
  await service.create(userId, 1);
  const { inbox } = await service.data<{ inbox: { cursor: string } }>(
    userId,
    "query ($userId: ID!) { inbox(userId: $userId) { cursor } }",
    { userId },
  );
  const { pageInfo } = await list(userId);
  const lists = {
    notifications:
      "query ($after: String, $userId: ID!) { notifications(userId: $userId, after: $after) { totalCount } }",
    inbox:
      "query ($after: String, $userId: ID!) { inbox(userId: $userId) { notifications(after: $after) { totalCount } } }",
    deadLetters: "query ($after: String) { deadLetters(after: $after) { totalCount } }",
  };
  for (const [name, document] of Object.entries(lists)) {
    for (const after of [inbox.cursor, ...(name === "deadLetters" ? [pageInfo.endCursor] : [])]) {
      const { errors } = await service.as("operator", document, { userId, after }, "notifications:admin");
      expect(errors).toMatchObject([
        {
          message: "after must be a cursor from this list",
          extensions: { code: "BAD_USER_INPUT", field: "after" },
        },
      ]);
    }
  }
});

test("two inboxes in one document are read apart, each with its pages", async () => {
  const [ada, bob] = [newUser(), newUser()];
  await service.create(ada, 2);
  await service.create(bob, 1);
  const document = `query ($ada: ID!, $bob: ID!) {
    a: inbox(userId: $ada) { userId notifications { totalCount } }
    b: inbox(userId: $bob) { userId notifications { totalCount } } }`;
  expect(await service.data("operator", document, { ada, bob }, "notifications:admin")).toEqual({
    a: { userId: ada, notifications: { totalCount: 2 } },
    b: { userId: bob, notifications: { totalCount: 1 } },
  });
});

test("the counts, the cursor and the pages of an inbox are of one snapshot while others write", async () => {
  const userId = newUser();
  const document = `query ($userId: ID!) { inbox(userId: $userId) {
    totalCount unreadCount
    all: notifications(first: 100) { totalCount nodes { id } }
    unread: notifications(first: 100, filter: { read: false }) { totalCount nodes { id } } } }`;
  const writing = Array.from({ length: 8 }, () => service.create(userId, 4));
  const reading = Array.from({ length: 20 }, () =>
    service.data<{ inbox: { totalCount: number; unreadCount: number; all: Page; unread: Page } }>(
      userId,
      document,
      { userId },
    ),
  );
  await Promise.all(writing);
  for (const { inbox } of await Promise.all(reading)) {
    const counts = [inbox.all.totalCount, inbox.all.nodes.length, inbox.unread.totalCount, inbox.unreadCount];
    expect(new Set([inbox.totalCount, ...counts]).size).toBe(1);
  }
});
