import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { encodeDeadLetterCursor } from "../../src/server/delivery/dead-letters/list.js";
import { decodeCursor, encodeCursor } from "../../src/server/notifications/cursor.js";
import { adminScope } from "../../src/server/auth/viewer.js";
import { token } from "../kit/app.js";
import { newUser } from "../kit/domain.js";
import { inWords, sequencesOf, titlesOf, upTo } from "../kit/items.js";
import type { SharedApp } from "../kit/shared-app.js";
import { type Subscriber, subscribe } from "../kit/subscriber.js";
import { waitUntil } from "../services/wait-until.js";

export interface InboxAnswer {
  readonly cursor: string;
  readonly unreadCount: number;
}

export async function readInbox(service: SharedApp, userId: string): Promise<InboxAnswer> {
  const document = "query ($userId: ID!) { inbox(userId: $userId) { cursor unreadCount } }";
  return (await service.data<{ inbox: InboxAnswer }>(userId, document, { userId })).inbox;
}

export async function subscribeTo(
  service: SharedApp,
  userId: string,
  after: string | null = null,
): Promise<Subscriber> {
  return subscribe(service.url, await token(userId), { userId, after });
}

/** The stream has brought the event with this number. */
export async function reached(subscriber: Subscriber, sequence: number): Promise<void> {
  await waitUntil(`Event ${sequence}`, () => sequencesOf(subscriber.received).includes(sequence), {
    timeout: 20_000,
    interval: 5,
    detail: () => subscriber.received.map(inWords).slice(-10).join(", "),
  });
}

/** What every subscription promises, whatever the service stands on. */
export function describeStream(service: SharedApp): void {
  describe("a subscription", () => {
    test("without a cursor begins with InboxReady, and continues with new events", async () => {
      const userId = newUser();
      await service.create(userId, 2);
      await using subscriber = await subscribeTo(service, userId);
      const [ready] = await subscriber.until(1);
      const inbox = await readInbox(service, userId);
      expect(ready).toMatchObject({ __typename: "InboxReady", userId, sequence: 2, ...inbox });

      await service.create(userId, 2, { title: "New" });
      expect((await subscriber.until(3)).map(inWords)).toEqual([
        "InboxReady",
        "3 NotificationCreated 'New'",
        "4 NotificationCreated 'New'",
      ]);
    });

    test("of someone unknown begins at the empty beginning", async () => {
      const userId = newUser();
      await using subscriber = await subscribeTo(service, userId);
      expect(await subscriber.until(1)).toMatchObject([
        { __typename: "InboxReady", sequence: 0, unreadCount: 0, userId },
      ]);
      await service.create(userId, 1);
      expect(await subscriber.until(2)).toMatchObject([{}, { sequence: 1, unreadCount: 1 }]);
    });

    test("after a cursor replays the events since, then says InboxReady, then continues", async () => {
      const userId = newUser();
      await service.create(userId, 1);
      const { cursor } = await readInbox(service, userId);
      const ids = await service.create(userId, 2, { title: "Missed" });
      await using subscriber = await subscribeTo(service, userId, cursor);
      await subscriber.until(1, "InboxReady");
      await service.create(userId, 1, { title: "New" });
      const items = await subscriber.until(4);
      expect(items.map(inWords)).toEqual([
        "2 NotificationCreated 'Missed'",
        "3 NotificationCreated 'Missed'",
        "InboxReady",
        "4 NotificationCreated 'New'",
      ]);
      expect(items[2]).toMatchObject({ sequence: 3, unreadCount: 3, cursor: items[1]?.cursor });
      expect(items[0]).toMatchObject({ notification: { id: ids[0] } });
    });

    test("continues after the cursor of each of its events", async () => {
      const userId = newUser();
      await using first = await subscribeTo(service, userId);
      await first.until(1);
      await service.create(userId, 4);
      for (const [index, { cursor }] of (await first.until(5)).entries()) {
        await using again = await subscribeTo(service, userId, cursor);
        await again.until(1, "InboxReady");
        expect(sequencesOf(again.received)).toEqual(upTo(4).slice(index));
      }
    });

    test("brings every kind of event with what belongs to it", async () => {
      const userId = newUser();
      await using subscriber = await subscribeTo(service, userId);
      await subscriber.until(1);
      const [first, second, third] = await service.create(userId, 3);
      const change = (call: string) => service.data(userId, `mutation { ${call} { inbox { cursor } } }`);
      const user = JSON.stringify(userId);
      await change(`markNotificationsRead(userId: ${user}, ids: ["${first}", "${second}"])`);
      await change(`markNotificationsUnread(userId: ${user}, ids: ["${second}"])`);
      await change(`markAllNotificationsRead(userId: ${user})`);
      await change(`deleteNotifications(userId: ${user}, ids: ["${third}"])`);
      await change(`clearNotifications(userId: ${user})`);
      const [, , , , read, ...others] = await subscriber.until(9);
      if (read?.__typename !== "NotificationsRead") throw new Error("no NotificationsRead");
      expect(read).toMatchObject({ sequence: 4, unreadCount: 1 });
      expect(read.notificationIds.toSorted()).toEqual([first, second]);
      expect(read.readAt).toBe(read.occurredAt);
      expect(others).toMatchObject([
        { __typename: "NotificationsUnread", sequence: 5, unreadCount: 2, notificationIds: [second] },
        { __typename: "AllNotificationsRead", sequence: 6, unreadCount: 0, upToSequence: 5 },
        { __typename: "NotificationsDeleted", sequence: 7, unreadCount: 0, notificationIds: [third] },
        { __typename: "NotificationsCleared", sequence: 8, unreadCount: 0, upToSequence: 7 },
      ]);
      expect(Object.keys(others[1] ?? {})).toContain("readAt");
    });

    test.each(["of the future", "of someone else", "of another epoch", "that is garbage", "that is empty"])(
      "after a cursor %s begins with one InboxReset at the head, then is live",
      async (kind) => {
        const [userId, other] = [newUser(), newUser()];
        await service.create(userId, 2);
        await service.create(other, 2);
        const inbox = await readInbox(service, userId);
        const position = decodeCursor(userId, inbox.cursor);
        if (position === null) throw new Error("no cursor");
        const cursors: Record<string, string> = {
          "of the future": encodeCursor(userId, { ...position, sequence: 3 }),
          "of someone else": (await readInbox(service, other)).cursor,
          "of another epoch": encodeCursor(userId, { ...position, epoch: randomUUID() }),
          "that is garbage": "🎉",
          "that is empty": "",
        };
        await using subscriber = await subscribeTo(service, userId, cursors[kind] ?? null);
        await subscriber.until(1, "InboxReady");
        await service.create(userId, 2, { title: "New" });
        const items = await subscriber.until(4);
        expect(items.map(inWords)).toEqual([
          "InboxReset",
          "InboxReady",
          "3 NotificationCreated 'New'",
          "4 NotificationCreated 'New'",
        ]);
        expect(items[0]).toMatchObject({ sequence: 2, userId, ...inbox });
        expect(items[1]).toMatchObject({ sequence: 2, userId, ...inbox });
      },
    );

    test("after a cursor of a list is refused, for it is no place in the stream", async () => {
      const userId = newUser();
      const [id = ""] = await service.create(userId, 2);
      const document = `query ($userId: ID!) { notifications(userId: $userId) {
        edges { cursor } pageInfo { startCursor endCursor } } }`;
      const { notifications } = await service.data<{
        notifications: { edges: { cursor: string }[]; pageInfo: { startCursor: string; endCursor: string } };
      }>(userId, document, { userId });
      const { edges, pageInfo } = notifications;
      const deadLetter = encodeDeadLetterCursor({ lastFailedAt: new Date(), id: "x".repeat(43) });
      // An attempt of a webhook has its id for a cursor.
      for (const cursor of [
        pageInfo.startCursor,
        pageInfo.endCursor,
        edges[1]?.cursor ?? "",
        deadLetter,
        id,
      ]) {
        await using subscriber = await subscribeTo(service, userId, cursor);
        expect(await subscriber.ended).toMatchObject([
          {
            message: "after must be the cursor of an event or of the inbox, not of a list",
            extensions: { code: "BAD_USER_INPUT", field: "after" },
          },
        ]);
        expect(subscriber.received).toEqual([]);
      }
    });

    test("to someone else's events ends with FORBIDDEN, and with the admin scope it does not", async () => {
      const userId = newUser();
      await using intruder = subscribe(service.url, await token(newUser()), { userId });
      expect(await intruder.ended).toMatchObject([{ extensions: { code: "FORBIDDEN" } }]);
      expect(intruder.received).toEqual([]);
      await using operator = subscribe(service.url, await token(newUser(), adminScope), { userId });
      await operator.until(1, "InboxReady");
    });

    test("receives only its own user's events, whatever characters the id contains", async () => {
      const users = ["𐍈".repeat(128), `a.b*#${newUser()}`, `שלום ${newUser()}`, newUser()];
      const subscribers = await Promise.all(users.map((userId) => subscribeTo(service, userId)));
      await Promise.all(subscribers.map((subscriber) => subscriber.until(1)));
      for (const [index, userId] of users.entries())
        await service.create(userId, 2, { title: `to ${index}` });
      for (const [index, subscriber] of subscribers.entries()) {
        expect(titlesOf(await subscriber.until(3))).toEqual([`to ${index}`, `to ${index}`]);
      }
      await Promise.all(subscribers.map((subscriber) => subscriber[Symbol.asyncDispose]()));
    });

    test("replays a long absence in order while new events arrive", async () => {
      const userId = newUser();
      await service.create(userId, 1);
      const { cursor } = await readInbox(service, userId);
      await service.create(userId, 550);
      await using subscriber = await subscribeTo(service, userId, cursor);
      for (let batch = 0; batch < 20; batch += 1) await service.create(userId, 2);
      await reached(subscriber, 591);
      expect(sequencesOf(subscriber.received)).toEqual(upTo(591).slice(1));
      expect(subscriber.received.filter(({ __typename }) => __typename === "InboxReady")).toHaveLength(1);
    });

    test("misses and repeats nothing, at whatever moment it joins those who write", async () => {
      const users = [newUser(), newUser()];
      const subscribers: {
        readonly from: number | null;
        readonly subscriber: Subscriber;
        readonly userId: string;
      }[] = [];
      for (const userId of users) await service.create(userId, 1);
      const joinBoth = async (userId: string) => {
        const { cursor } = await readInbox(service, userId);
        const from = decodeCursor(userId, cursor)?.sequence ?? 0;
        subscribers.push({ from: null, userId, subscriber: await subscribeTo(service, userId) });
        subscribers.push({ from, userId, subscriber: await subscribeTo(service, userId, cursor) });
      };
      const writer = async (userId: string) => {
        for (let turn = 0; turn < 12; turn += 1) {
          const ids = await service.create(userId, 3);
          await service.data(
            userId,
            "mutation ($userId: ID!, $ids: [ID!]!) { markNotificationsRead(userId: $userId, ids: $ids) { inbox { cursor } } }",
            { userId, ids },
          );
        }
      };
      const joiner = async (userId: string) => {
        for (let turn = 0; turn < 6; turn += 1) await joinBoth(userId);
      };
      await Promise.all(
        users.flatMap((userId) => [writer(userId), writer(userId), joiner(userId), joiner(userId)]),
      );

      const last = 1 + 2 * 12 * 4;
      expect(subscribers).toHaveLength(48);
      // A mark of the end: also who joined last has something to wait for.
      for (const userId of users) await service.create(userId, 1);
      for (const { from, subscriber } of subscribers) {
        await reached(subscriber, last + 1);
        const ready = subscriber.received.find(({ __typename }) => __typename === "InboxReady");
        const begin = from ?? ready?.sequence ?? 0;
        expect(sequencesOf(subscriber.received)).toEqual(upTo(last + 1).slice(begin));
      }
      await Promise.all(subscribers.map(({ subscriber }) => subscriber[Symbol.asyncDispose]()));
    });
  });
}
