import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { adminScope, sendScope } from "../../src/server/auth/viewer.js";
import { storeDeadLetters } from "../../src/server/delivery/dead-letters/store.js";
import { createDeadLetters, createDeadLetter } from "../delivery/dead-letter.js";
import { startApp } from "../kit/app.js";
import { openOnServer, type OpenedOnServer } from "../kit/databases.js";
import { upTo } from "../kit/items.js";
import { ask, type Answer } from "../kit/requests.js";
import { sharedApp } from "../kit/shared-app.js";

// The dead letters are inserted into the database, because there is no worker here whose handlers fail.
let opened: OpenedOnServer;
beforeAll(async () => {
  opened = await openOnServer();
});
const service = sharedApp(() => startApp({ DATABASE_URL: opened.url, ROLES: "api" }));
afterAll(() => opened[Symbol.asyncDispose]());

interface Page {
  readonly edges: { readonly cursor: string; readonly node: { readonly id: string } }[];
  readonly nodes: { readonly id: string; readonly eventId: string | null }[];
  readonly totalCount: number;
  readonly pageInfo: Record<string, unknown>;
}

const listDocument = `query ($filter: DeadLetterFilter, $first: Int, $after: String) {
  deadLetters(filter: $filter, first: $first, after: $after) {
    edges { cursor node { id } } nodes { id eventId } totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  } }`;

const commands = ["retryDeadLetters", "discardDeadLetters"] as const;

function commandDocument(name: (typeof commands)[number]): string {
  return `mutation ($ids: [ID!], $filter: DeadLetterFilter) { ${name}(ids: $ids, filter: $filter) { count } }`;
}

function asOperator<T = Record<string, unknown>>(document: string, variables = {}): Promise<Answer<T>> {
  return service.as<T>("operator", document, variables, adminScope);
}

async function list(variables: object = {}): Promise<Page> {
  const { deadLetters } = await service.data<{ deadLetters: Page }>(
    "operator",
    listDocument,
    { ...variables },
    adminScope,
  );
  return deadLetters;
}

function discard(variables: object): Promise<Answer<Record<string, unknown>>> {
  return asOperator(commandDocument("discardDeadLetters"), { ...variables });
}

beforeEach(() => discard({ filter: {} }));

test.each<[string, string]>([
  ["deadLetters", listDocument],
  ...commands.map((name): [string, string] => [name, commandDocument(name)]),
])("%s is for operators, and for nobody else", async (name, document) => {
  const anonymous = await ask(service.url, null, document, { filter: {} });
  expect(anonymous.errors).toMatchObject([{ path: [name], extensions: { code: "UNAUTHENTICATED" } }]);
  for (const scope of ["", sendScope, "notifications:administrator"]) {
    const { data, errors } = await service.as("someone", document, { filter: {} }, scope);
    expect(data).toBeNull();
    expect(errors).toMatchObject([{ path: [name], extensions: { code: "FORBIDDEN" } }]);
  }
  expect(await asOperator(document, { filter: {} })).not.toHaveProperty("errors");
});

test("the list is a Relay connection, the last failure first, 20 at a time", async () => {
  const names = upTo(25).map((n) => `event ${n}`);
  await storeDeadLetters(opened.database, createDeadLetters(...names));
  const first = await list();
  expect(first.nodes.map(({ eventId }) => eventId)).toEqual(names.toReversed().slice(0, 20));
  expect(first.edges.map(({ node }) => node.id)).toEqual(first.nodes.map(({ id }) => id));
  expect(first.totalCount).toBe(25);
  expect(first.pageInfo).toEqual({
    hasNextPage: true,
    hasPreviousPage: false,
    startCursor: first.edges.at(0)?.cursor,
    endCursor: first.edges.at(-1)?.cursor,
  });
  const second = await list({ after: first.pageInfo["endCursor"] });
  expect(second.nodes.map(({ eventId }) => eventId)).toEqual(names.toReversed().slice(20));
  expect(second.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
});

test("an empty page has no cursors", async () => {
  expect(await list()).toEqual({
    edges: [],
    nodes: [],
    totalCount: 0,
    pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
  });
});

test("the list is narrowed by its filter, of which null means nothing", async () => {
  const [a, b] = createDeadLetters("a", "b");
  if (!a || !b) throw new Error("not all dead letters were created");
  await storeDeadLetters(opened.database, [
    a,
    { ...b, queue: "notification.task.hook", type: "read", reason: "POISONED" },
  ]);
  const found = async (filter: object | null) =>
    (await list({ filter })).nodes.map(({ eventId }) => eventId).join("");
  expect(await found(null)).toBe("ba");
  expect(await found({})).toBe("ba");
  expect(await found({ queue: null, type: null, reason: null, failedAfter: null })).toBe("ba");
  expect(await found({ queue: "notification.task.hook" })).toBe("b");
  expect(await found({ type: "created" })).toBe("a");
  expect(await found({ type: "\0" })).toBe("");
  expect(await found({ reason: "POISONED" })).toBe("b");
  expect(await found({ failedAfter: a.lastFailedAt })).toBe("b");
  expect(await found({ failedBefore: b.lastFailedAt })).toBe("a");
});

test("a dead letter has all fields", async () => {
  const fields = "queue eventId type reason error attempts firstFailedAt lastFailedAt payload body";
  const at = new Date("2026-01-02T03:04:05.678Z");
  await storeDeadLetters(opened.database, [
    createDeadLetter({ messageId: "event 1", firstFailedAt: at, lastFailedAt: at }),
    createDeadLetter({ messageId: null, type: null, error: null, body: Buffer.from("no JSON") }),
  ]);
  const { data } = await asOperator(`{ deadLetters { nodes { ${fields} } } }`);
  expect(data).toMatchObject({
    deadLetters: {
      nodes: [
        { eventId: null, type: null, error: null, payload: null, body: "no JSON" },
        {
          queue: "notification.new",
          eventId: "event 1",
          type: "created",
          reason: "FAILED",
          error: "the handler failed",
          attempts: 3,
          firstFailedAt: "2026-01-02T03:04:05.678Z",
          lastFailedAt: "2026-01-02T03:04:05.678Z",
          payload: { hello: "world" },
          body: '{"hello":"world"}',
        },
      ],
    },
  });
});

const text64KiB = "x".repeat(64 * 1024);

test.each<[string, Buffer | string, unknown, string]>([
  ["nothing", "", null, ""],
  ["a number", "12.5", 12.5, "12.5"],
  ["half an object", '{"a":', null, '{"a":'],
  ["no UTF-8", Buffer.from([0x22, 0xff, 0x22]), null, '"\uFFFD"'],
  ["NUL", "\0", null, "\0"],
  ["half a surrogate pair", '"\\ud800"', "\uD800", '"\\ud800"'],
  ["64 KiB", `"${text64KiB.slice(2)}"`, text64KiB.slice(2), `"${text64KiB.slice(2)}"`],
  ["more than 64 KiB", `"${text64KiB}"`, null, `"${text64KiB.slice(1)}`],
  [
    "what is nested very deep",
    "[".repeat(9000) + "]".repeat(9000),
    null,
    "[".repeat(9000) + "]".repeat(9000),
  ],
])("a body is shown, whatever it is: %s", async (_name, sent, payload, body) => {
  await storeDeadLetters(opened.database, [createDeadLetter({ body: Buffer.from(sent) })]);
  const { data } = await asOperator("{ deadLetters { nodes { payload body } } }");
  expect(data).toEqual({ deadLetters: { nodes: [{ payload, body }] } });
});

test.each([
  ["first", { first: 0 }],
  ["first", { first: 101 }],
  ["after", { after: "garbage" }],
])("names the wrong argument of the list: %s (%#)", async (field, variables) => {
  const { errors } = await asOperator(listDocument, variables);
  expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT", field } }]);
});

test.each(commands)("%s takes either 1 to 1,000 ids or a filter", async (name) => {
  await storeDeadLetters(opened.database, [createDeadLetter()]);
  const tooMany = upTo(1001).map(String);
  for (const variables of [
    {},
    { ids: null, filter: null },
    { ids: [] },
    { ids: ["a"], filter: {} },
    { ids: tooMany },
  ]) {
    const { errors } = await asOperator(commandDocument(name), variables);
    expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT", field: "ids" } }]);
  }
  expect((await list()).totalCount).toBe(1);
});

test("discarding by ids deletes these, ignores unknown ids, and returns the count", async () => {
  await storeDeadLetters(opened.database, createDeadLetters("a", "b", "c"));
  const [, b] = (await list()).nodes;
  const ids = [b?.id, b?.id, "unknown", "\0"];
  expect(await discard({ ids })).toEqual({ data: { discardDeadLetters: { count: 1 } } });
  expect(await discard({ ids })).toEqual({ data: { discardDeadLetters: { count: 0 } } });
  expect((await list()).nodes.map(({ eventId }) => eventId)).toEqual(["c", "a"]);
});

test("discarding by a filter takes all that fit, however many", async () => {
  await storeDeadLetters(opened.database, [
    ...createDeadLetters(...upTo(600).map(String)),
    createDeadLetter({ messageId: "kept", reason: "POISONED" }),
  ]);
  expect(await discard({ filter: { reason: "FAILED" } })).toEqual({
    data: { discardDeadLetters: { count: 600 } },
  });
  expect((await list()).nodes.map(({ eventId }) => eventId)).toEqual(["kept"]);
});
