import { describe, expect, it } from "vitest";
import { changeOf, type Change, isMark } from "./change.js";
import { check, type InboxTruth, type Truth } from "./check.js";
import { History, type Tab } from "./history.js";
import type { Received } from "../kit/subscriber.js";

const at = "2026-03-04T05:06:07.000Z";

function mark(userId: string, sequence: number, type: "InboxReady" | "InboxReset" = "InboxReady"): Received {
  return { __typename: type, cursor: "c", sequence, userId, occurredAt: at, unreadCount: sequence };
}

function created(
  userId: string,
  sequence: number,
  fields: { unreadCount?: number; key?: string } = {},
): Received {
  const { unreadCount = sequence, key = `${userId} ${sequence}` } = fields;
  const notification = {
    __typename: "Notification",
    id: `id of ${key}`,
    userId,
    category: "faults",
    title: key,
    body: null,
    data: null,
    actionUrl: null,
    priority: "NORMAL",
    createdAt: at,
    readAt: null,
    expiresAt: null,
  } as const;
  const base = { cursor: "c", sequence, userId, occurredAt: at, unreadCount };
  return { __typename: "NotificationCreated", ...base, notification };
}

/** A right run: ada and bob are sent three notifications each, and each has one tab. */
class Run {
  readonly history = new History();
  readonly ada: Tab = this.history.openTab("ada's tab", "ada");
  readonly bob: Tab = this.history.openTab("bob's tab", "bob");
  /** What the log holds, by user. */
  readonly log = new Map<string, Received[]>();
  inbox: Partial<InboxTruth> = {};

  constructor() {
    for (const tab of [this.ada, this.bob]) {
      const { userId } = tab;
      this.history.record(tab, mark(userId, 0));
      for (const sequence of [1, 2, 3]) this.send(userId, sequence, "ok");
      this.give(tab, ...[1, 2, 3].map((sequence) => created(userId, sequence)));
    }
  }

  send(userId: string, sequence: number, outcome: "ok" | "unknown" | "failed"): void {
    const key = `${userId} ${sequence}`;
    const attempt = this.history.attempt({ key, kind: "create", userId, ids: [`id of ${key}`] });
    attempt.outcome = outcome;
    attempt.tries = 1;
    this.log.set(userId, [...(this.log.get(userId) ?? []), created(userId, sequence)]);
  }

  give(tab: Tab, ...items: Received[]): void {
    for (const item of items) this.history.record(tab, item);
  }

  check(allow = {}): string[] {
    const log = new Map([...this.log].map(([userId, items]) => [userId, items.flatMap(changeIn)]));
    const truth: Truth = {
      log,
      inboxes: new Map([...log].map(([userId, { length }]) => [userId, inboxOf(length)])),
    };
    if (Object.keys(this.inbox).length > 0) {
      return check(this.history, {
        log,
        inboxes: new Map([...truth.inboxes, ["ada", { ...inboxOf(3), ...this.inbox }]]),
      });
    }
    return check(this.history, truth, allow);
  }
}

function changeIn(item: Received): Change[] {
  return isMark(item) ? [] : [changeOf(item)];
}

function inboxOf(count: number): InboxTruth {
  return { lastSequence: count, unreadCount: count, totalCount: count, unreadRows: count, totalRows: count };
}

describe("the checker", () => {
  it("has nothing to say of a right run", () => {
    expect(new Run().check()).toEqual([]);
  });

  it("finds an acknowledged event that a subscriber was not given, at the end and in the middle", () => {
    const run = new Run();
    run.send("ada", 4, "ok");
    expect(run.check()).toEqual(["ada's tab was not given 4 to 4"]);
    run.send("ada", 5, "ok");
    run.give(run.ada, created("ada", 5));
    expect(run.check()).toEqual(["ada's tab missed 4 to 4"]);
  });

  it("finds an acknowledged event that is not even in the log", () => {
    const run = new Run();
    const attempt = run.history.attempt({ key: "gone", kind: "create", userId: "ada", ids: ["1"] });
    attempt.outcome = "ok";
    expect(run.check()).toEqual(["gone of ada was acknowledged, and is lost"]);
  });

  it("finds a repeat", () => {
    const run = new Run();
    run.give(run.ada, created("ada", 3));
    expect(run.check()).toEqual(["ada's tab was given 3 again, or after 3"]);
  });

  it("finds two events in the wrong order", () => {
    const run = new Run();
    run.send("ada", 4, "ok");
    run.send("ada", 5, "ok");
    run.give(run.ada, created("ada", 5), created("ada", 4));
    expect(run.check()).toEqual(["ada's tab missed 4 to 4", "ada's tab was given 4 again, or after 5"]);
  });

  it("finds an event of another user", () => {
    const run = new Run();
    run.give(run.ada, created("bob", 3));
    expect(run.check()).toEqual(["ada's tab was given an event of bob"]);
  });

  it("finds an event that is not as it stands in the log", () => {
    const run = new Run();
    run.send("ada", 4, "ok");
    run.give(run.ada, created("ada", 4, { unreadCount: 3 }));
    expect(run.check()).toEqual([expect.stringContaining("and the log has")]);
  });

  it("finds a badge that is no recount", () => {
    const run = new Run();
    const wrong = created("ada", 4, { unreadCount: 5 });
    run.send("ada", 4, "ok");
    run.log.set("ada", [...(run.log.get("ada") ?? []).slice(0, 3), wrong]);
    run.give(run.ada, wrong);
    expect(run.check()).toEqual(["event 4 of ada says 5 unread, and there were 4"]);
  });

  it("finds an inbox whose counts are no recount", () => {
    const run = new Run();
    run.inbox = { unreadCount: 2 };
    expect(run.check()).toEqual([expect.stringContaining("the inbox of ada is")]);
    run.inbox = { totalRows: 4 };
    expect(run.check()).toEqual([expect.stringContaining("the inbox of ada is")]);
  });

  it("finds an event that nobody asked for, and one whose mutation was refused", () => {
    const run = new Run();
    run.log.set("ada", [...(run.log.get("ada") ?? []), created("ada", 4)]);
    run.give(run.ada, created("ada", 4));
    expect(run.check()).toEqual([expect.stringContaining("nobody asked for")]);
    const refused = new Run();
    refused.send("ada", 4, "failed");
    refused.give(refused.ada, created("ada", 4));
    expect(refused.check()).toContain("ada 4 of ada was refused, and created");
  });

  it("finds a mutation that took effect twice", () => {
    const run = new Run();
    const twice = created("ada", 4, { key: "ada 3" });
    run.log.set("ada", [...(run.log.get("ada") ?? []), twice]);
    run.give(run.ada, twice);
    expect(run.check()).toContain("ada 3 of ada was created 2 times");
  });

  it("lets a mutation that was never answered be there for everyone or for no one, and for nobody else", () => {
    const nowhere = new Run();
    nowhere.history.attempt({ key: "unanswered", kind: "create", userId: "ada", ids: [] });
    expect(nowhere.check()).toEqual([]);
    const everywhere = new Run();
    everywhere.send("ada", 4, "unknown");
    everywhere.give(everywhere.ada, created("ada", 4));
    expect(everywhere.check()).toEqual([]);
    const other = everywhere.history.openTab("ada's other tab", "ada");
    everywhere.give(other, mark("ada", 3));
    expect(everywhere.check()).toEqual(["ada's other tab was not given 4 to 4"]);
  });

  it("finds an acknowledged reading or deletion without effect", () => {
    const run = new Run();
    for (const kind of ["read", "delete"] as const) {
      const attempt = run.history.attempt({ key: kind, kind, userId: "ada", ids: ["id of ada 2"] });
      attempt.outcome = "ok";
    }
    expect(run.check()).toEqual([
      "read of id of ada 2 of ada was acknowledged, and is lost",
      "delete of id of ada 2 of ada was acknowledged, and is lost",
    ]);
  });

  it("takes a reset for a failure unless the scenario allows it", () => {
    const run = new Run();
    run.give(run.ada, mark("ada", 3, "InboxReset"));
    expect(run.check()).toEqual(["ada's tab was told that history was lost"]);
    expect(run.check({ resets: true })).toEqual([]);
  });

  it("finds a subscription that ended, and a tab that was given nothing", () => {
    const run = new Run();
    run.ada.failures.push("closed with 4500");
    run.history.openTab("a deaf tab", "bob");
    expect(run.check()).toEqual(["ada's tab ended: closed with 4500", "a deaf tab was given nothing at all"]);
  });
});
