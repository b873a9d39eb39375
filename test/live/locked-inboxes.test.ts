import { createClient } from "graphql-ws";
import { describe, expect, it } from "vitest";
import { sendScope } from "../../src/server/auth/viewer.js";
import { backendToken, startApp, type TestApp, token } from "../kit/app.js";
import { inboxOf, notify, notifyMany } from "../kit/backend.js";
import { lockInbox } from "../kit/row-lock.js";
import { titlesOf, upTo } from "../kit/items.js";
import { type Answer, ask } from "../kit/requests.js";
import { connectTo, subscribe } from "../kit/subscriber.js";
import { countWaiting, untilWaiting } from "../kit/waiting-requests.js";
import { createDatabase } from "../services/database.js";
import { waitUntil } from "../services/wait-until.js";

/**
 * Somebody else (an operator's transaction, another instance with a large change) has locked inboxes for long. Only
 * their users wait.
 */
describe.each([10, 2])("while inboxes are locked, and there are %i connections to the database,", (size) => {
  it("commands on one of them hold one connection: everybody else is served", async () => {
    await using service = await openService(size, "alice", "bob");
    await using lock = await lockInbox(service.databaseUrl, "alice");
    const commands = upTo(12).map((n) => outcomeOf(notify(service.url, "alice", `number ${n}`)));
    await untilWaiting(service.url, 6);
    await lock.waiting(1);
    for (const n of upTo(20)) await notify(service.url, `user ${n}`, "for somebody else");
    expect((await inboxOf(service.url, "alice")).totalCount).toBe(1);
    await using tab = subscribe(service.url, await token("alice"), { userId: "alice" });
    await tab.until(1, "InboxReady");
    expect((await inboxOf(service.url, "bob")).totalCount).toBe(1);
    expect(await Promise.all(commands)).toEqual(upTo(12).map(() => "SERVICE_UNAVAILABLE"));

    await lock.release();
    await notify(service.url, "alice", "at last");
    expect(titlesOf(await tab.until(1, "NotificationCreated"))).toEqual(["at last"]);
  });

  it("so do bulks in which one of them occurs, and other inboxes of the bulks", async () => {
    await using service = await openService(size, "alice", "bob");
    await using lock = await lockInbox(service.databaseUrl, "alice");
    const bulk = [...upTo(50).map((n) => `a user ${n}`), "alice"].map(inputTo);
    const bulks = upTo(12).map(() => outcomeOf(notifyMany(service.url, bulk)));
    await waitUntil("Blocking", async () => (await lock.blocked()) > 0, { interval: 5 });
    const others = upTo(50).map((n) => outcomeOf(notify(service.url, `a user ${n}`, "alone")));
    for (const n of upTo(20)) await notify(service.url, `user ${n}`, "for somebody else");
    await lock.release();
    expect(await Promise.all(others)).toEqual(upTo(50).map(() => "done"));
    const outcomes = await Promise.all(bulks);
    const { totalCount } = await inboxOf(service.url, "alice");
    expect(outcomes.filter((outcome) => !["done", "SERVICE_UNAVAILABLE"].includes(outcome))).toEqual([]);
    expect(totalCount).toBe(1 + outcomes.filter((outcome) => outcome === "done").length);
  });

  it("commands on many of them leave connections to reads, and to what delivers events", async () => {
    const locked = upTo(3 * size).map((n) => `locked ${n}`);
    await using service = await openService(size, "bob", ...locked);
    await using tab = subscribe(service.url, await token("bob"), { userId: "bob" });
    await tab.until(1, "InboxReady");
    await using lock = await lockInbox(service.databaseUrl, ...locked);
    const commands = locked.flatMap((userId) =>
      upTo(2).map((n) => outcomeOf(notify(service.url, userId, `number ${n}`))),
    );
    await waitUntil("Blocking", async () => (await lock.blocked()) >= Math.max(1, size / 2), { interval: 5 });
    for (const userId of locked) expect((await inboxOf(service.url, userId)).totalCount).toBe(1);
    await using late = subscribe(service.url, await token("bob"), { userId: "bob" });
    await late.until(1, "InboxReady");
    expect(new Set(await Promise.all(commands))).toEqual(new Set(["SERVICE_UNAVAILABLE"]));
    await notify(service.url, "bob", "meanwhile");
    expect(titlesOf(await tab.until(1, "NotificationCreated"))).toEqual(["meanwhile"]);
  });
});

it("commands of one user that wait for their inbox keep the order in which they came", async () => {
  await using service = await openService(10, "alice");
  await using tab = subscribe(service.url, await token("alice"), { userId: "alice" });
  await tab.until(1, "InboxReady");
  const client = createClient({
    ...connectTo(service.url, await token("backend", sendScope)),
    lazy: false,
    retryAttempts: 0,
  });
  await using lock = await lockInbox(service.databaseUrl, "alice");
  // One socket, so that they come in this order.
  const commands = upTo(30)
    .map((n) => `number ${n}`)
    .map(async (title) => {
      const variables = { input: inputTo("alice", title) };
      let done = false;
      for await (const { errors } of client.iterate({ query: creation, variables }))
        done = errors === undefined;
      return { title, done };
    });
  await untilWaiting(service.url, 20);
  await lock.release();
  const outcomes = await Promise.all(commands);
  const expected = outcomes.filter(({ done }) => done).map(({ title }) => title);
  expect(expected.length).toBeGreaterThan(20);
  expect(titlesOf(await tab.until(expected.length, "NotificationCreated"))).toEqual(expected);
  await client.dispose();
});

it("a command for which the line of its inbox is full is refused at once, and everybody else is served", async () => {
  // Two for commands: one is held by the locked inbox, the other serves everybody else.
  const connections = 4;
  await using service = await openService(connections, "alice", "bob");
  await using lock = await lockInbox(service.databaseUrl, "alice");
  const [lineLength, excess] = [100 * connections, 30];
  const sender = await backendToken();
  const answers = upTo(1 + lineLength + excess).map((n) =>
    ask(service.url, sender, creation, { input: inputTo("alice", n) }),
  );
  const refusals = await firstRefusals(answers, 10);
  expect(refusals[0]).toEqual({
    data: null,
    errors: [
      expect.objectContaining({
        message: "The service is unavailable at the moment; try again later",
        extensions: { code: "SERVICE_UNAVAILABLE" },
      }),
    ],
  });
  // Without a bound all the others would still wait.
  expect(await countWaiting(service.url)).toBeLessThanOrEqual(lineLength);
  for (const n of upTo(20)) await notify(service.url, `user ${n}`, "for somebody else");
  expect((await inboxOf(service.url, "bob")).totalCount).toBe(1);

  await lock.release();
  const done = (await Promise.all(answers)).filter(({ errors }) => errors === undefined).length;
  expect(done).toBeGreaterThan(0);
  expect((await inboxOf(service.url, "alice")).totalCount).toBe(1 + done);
});

const creation = `mutation ($input: CreateNotificationInput!) {
  createNotification(input: $input) { notification { id } } }`;

function inputTo(userId: string, title: string | number = "a bulk") {
  return { userId, category: "test", title: String(title) };
}

/** The first `count` answers with errors, as soon as there are that many. */
function firstRefusals(
  answers: readonly Promise<Answer<unknown>>[],
  count: number,
): Promise<Answer<unknown>[]> {
  const refusals: Answer<unknown>[] = [];
  return new Promise((resolve, reject) => {
    for (const answer of answers) {
      answer.then((given) => {
        if (given.errors !== undefined) refusals.push(given);
        if (refusals.length >= count) resolve(refusals);
      }, reject);
    }
  });
}

interface Service extends AsyncDisposable {
  readonly url: string;
  readonly databaseUrl: string;
}

/** An instance on a database of its own, in which these users have an inbox. */
async function openService(connections: number, ...userIds: string[]): Promise<Service> {
  const database = await createDatabase();
  const app: TestApp = await startApp({
    DATABASE_URL: database.url,
    DATABASE_POOL_SIZE: String(connections),
  });
  for (const userId of userIds) await notify(app.url, userId, "the first");
  return {
    url: app.url,
    databaseUrl: database.url,
    async [Symbol.asyncDispose]() {
      await app[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

/** What came of a command: "done", or the code of its error. */
async function outcomeOf(command: Promise<unknown>): Promise<string> {
  try {
    await command;
    return "done";
  } catch (error) {
    return /"code":"(\w+)"/.exec(String(error))?.[1] ?? String(error);
  }
}
