import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { purgeExpired } from "../../src/server/notifications/purge.js";
import { lockInbox } from "../kit/row-lock.js";
import { type OpenedOnServer, openOnServer } from "../kit/databases.js";
import { Domain, newUser, toUser } from "../kit/domain.js";
import { InboxModel } from "./model.js";
import { waitUntil } from "../services/wait-until.js";

/** What a statement sees that had to wait for the inbox: PostgreSQL alone, since PGlite runs one statement at a time. */
describe("a command that waited for the inbox", () => {
  let opened: OpenedOnServer;
  let domain: Domain;
  beforeAll(async () => {
    opened = await openOnServer();
    domain = new Domain(opened.database);
  });
  afterAll(() => opened[Symbol.asyncDispose]());

  /** Sends the commands while the inbox is held, so that each of them saw nothing of those before it. */
  async function pileUp(userId: string, ...commands: (() => Promise<unknown>)[]): Promise<void> {
    await using held = await lockInbox(opened.url, userId);
    const answers: Promise<unknown>[] = [];
    for (const [index, command] of commands.entries()) {
      answers.push(command());
      await held.waiting(index + 1);
    }
    await held.release();
    await Promise.all(answers);
  }

  test("marks all as read that its event says, also what was marked as unread meanwhile", async () => {
    const userId = newUser();
    const ids = await domain.createMany(userId, 3);
    await domain.service.markRead(userId, ids.slice(0, 2));
    await pileUp(
      userId,
      () => domain.service.markUnread(userId, ids.slice(0, 2)),
      () => domain.service.markAllRead(userId, null),
    );
    expect((await domain.log(userId)).at(-1)).toMatchObject({ type: "all-read", unreadCount: 0 });
    expect(await domain.head(userId)).toMatchObject({ unreadCount: 0, totalCount: 3 });
    expect(await domain.ids(userId, { filter: onlyUnread })).toEqual([]);
  });

  test("leaves unread what was created meanwhile", async () => {
    const userId = newUser();
    await domain.createMany(userId, 2);
    await pileUp(
      userId,
      () => domain.createMany(userId, 2),
      () => domain.service.markAllRead(userId, null),
    );
    expect((await domain.log(userId)).at(-1)).toMatchObject({
      type: "all-read",
      unreadCount: 2,
      payload: { upToSequence: 2 },
    });
    expect(await domain.head(userId)).toMatchObject({ unreadCount: 2, totalCount: 4 });
  });

  test("does not clear what was created meanwhile", async () => {
    const userId = newUser();
    await domain.createMany(userId, 2);
    await pileUp(
      userId,
      () => domain.createMany(userId, 2),
      () => domain.service.clear(userId, null),
    );
    expect((await domain.log(userId)).at(-1)).toMatchObject({
      type: "cleared",
      unreadCount: 2,
      payload: { upToSequence: 2 },
    });
    expect(await domain.ids(userId)).toHaveLength(2);
  });

  test("counts what was read, deleted or cleared meanwhile once", async () => {
    const userId = newUser();
    const ids = await domain.createMany(userId, 6);
    await pileUp(
      userId,
      () => domain.service.markRead(userId, ids.slice(0, 3)),
      () => domain.service.markRead(userId, ids.slice(0, 4)),
      () => domain.service.delete(userId, ids.slice(2, 5)),
      () => domain.service.delete(userId, ids.slice(1, 5)),
      () => domain.service.markUnread(userId, ids),
      () => domain.service.clear(userId, null),
    );
    // The first goes first; PostgreSQL does not promise the order of the others.
    const model = new InboxModel();
    for (const event of await domain.log(userId)) model.apply(event, { sentAt: 0, answeredAt: 0 });
    expect(model.notifications).toEqual([]);
    expect(await domain.head(userId)).toMatchObject({ unreadCount: 0, totalCount: 0 });
  });

  test("leaves out of the badge what expired, also when it was marked as unread or swept meanwhile", async () => {
    const userId = newUser();
    const expiresAt = new Date(Date.now() + 500);
    const expiring = await domain.createAll([1, 2, 3].map(() => toUser(userId, { expiresAt })));
    await domain.createMany(userId, 1);
    await domain.service.markRead(
      userId,
      expiring.slice(0, 1).map(({ id }) => id),
    );
    await pileUp(
      userId,
      () =>
        domain.service.markUnread(
          userId,
          expiring.slice(0, 1).map(({ id }) => id),
        ),
      async () => {
        await waitUntil("Expiring", () => Date.now() > expiresAt.getTime(), { interval: 5 });
        await domain.createMany(userId, 1);
      },
    );
    expect((await domain.log(userId)).slice(5)).toMatchObject([
      { type: "unread", unreadCount: 4 },
      { type: "created", unreadCount: 2 },
    ]);
  });

  test("is not waited for by the sweeper, which comes back for it", async () => {
    const userId = newUser();
    const { id } = await domain.createOne(toUser(userId, { expiresAt: new Date(Date.now() + 50) }));
    await waitUntil("Expiring", async () => (await domain.head(userId)).totalCount === 0, { interval: 5 });
    await using held = await lockInbox(opened.url, userId);
    expect((await purgeExpired(opened.database, 100)).filter((event) => event.userId === userId)).toEqual([]);
    await held.release();
    expect(await purgeExpired(opened.database, 100)).toMatchObject([
      { userId, type: "deleted", payload: { notificationIds: [id] } },
    ]);
  });

  test("with several idempotency keys finds each that others used meanwhile", async () => {
    const users = [newUser(), newUser(), newUser()];
    const keys = users.map(() => randomUUID());
    const bulk = users.map((userId, index) => toUser(userId, { idempotencyKey: keys[index] ?? null }));
    // One after the other, each new repeat finds another key taken that it did not see.
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, turn) => domain.createAll(turn % 2 === 0 ? bulk : bulk.slice(turn % 3))),
    );
    expect(new Set(answers.flat().map(({ id }) => id)).size).toBe(3);
  });
});

const onlyUnread = {
  read: false,
  categories: null,
  priorities: null,
  createdAfter: null,
  createdBefore: null,
};
