import { describe, expect, it } from "vitest";
import { changeOf, type Change, isMark } from "./change.js";
import { type Allowances, check, type InboxState, type GroundTruth } from "./check.js";
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
  inbox: Partial<InboxState> = {};
  /** When what is sent is sent. */
  now = 0;

  constructor() {
    for (const tab of [this.ada, this.bob]) {
      const { userId } = tab;
      this.history.record(tab, mark(userId, 0), this.now);
      for (const sequence of [1, 2, 3]) this.send(userId, sequence, "ok");
      this.give(tab, ...[1, 2, 3].map((sequence) => created(userId, sequence)));
    }
  }

  send(userId: string, sequence: number, outcome: "ok" | "unknown" | "failed", about: string = userId): void {
    const key = `${about} ${sequence}`;
    const attempt = this.history.attempt({ key, kind: "create", userId, ids: [`id of ${key}`] });
    attempt.outcome = outcome;
    attempt.tries = 1;
    attempt.sentAt = this.now;
    this.log.set(userId, [...(this.log.get(userId) ?? []), created(userId, sequence, { key })]);
  }

  give(tab: Tab, ...items: Received[]): void {
    for (const item of items) this.history.record(tab, item, this.now);
  }

  get truth(): GroundTruth {
    const log = new Map([...this.log].map(([userId, items]) => [userId, items.flatMap(changeIn)]));
    return { log, inboxes: new Map([...log].map(([userId, { length }]) => [userId, inboxOf(length)])) };
  }

  check(allow: Allowances = {}): string[] {
    const { log, inboxes } = this.truth;
    if (Object.keys(this.inbox).length > 0) {
      return check(this.history, {
        log,
        inboxes: new Map([...inboxes, ["ada", { ...inboxOf(3), ...this.inbox }]]),
      });
    }
    return check(this.history, { log, inboxes }, allow);
  }
}

function changeIn(item: Received): Change[] {
  return isMark(item) ? [] : [changeOf(item)];
}

function inboxOf(count: number): InboxState {
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

/** Ada's events 4 and 5 were lost with the former primary, and 4 to 6 of the new one are others. */
class FailedOver extends Run {
  readonly #former: GroundTruth;

  constructor() {
    super();
    this.send("ada", 4, "ok");
    this.send("ada", 5, "ok");
    this.#former = this.truth;
    this.log.set("ada", (this.log.get("ada") ?? []).slice(0, 3));
    this.now = 100;
    for (const sequence of [4, 5, 6]) this.send("ada", sequence, "ok", "new");
    this.give(this.bob, mark("bob", 3, "InboxReset"));
  }

  override check(): string[] {
    return super.check({ failover: { former: this.#former, promotedAt: 100 } });
  }
}

const lost = [4, 5].map((sequence) => created("ada", sequence));
const renewed = [4, 5, 6].map((sequence) => created("ada", sequence, { key: `new ${sequence}` }));
const [, , last] = renewed as [Received, Received, Received];

describe("the checker, after a failover to a standby that lagged", () => {
  /** What it says when ada's tab was given this besides the first three events. */
  function checkGiven(...items: Received[]): string[] {
    const run = new FailedOver();
    run.give(run.ada, ...items);
    return run.check();
  }

  it("has nothing to say when the reset comes between what was before and what is now", () => {
    expect(checkGiven(...lost, mark("ada", 3, "InboxReset"), ...renewed)).toEqual([]);
    expect(checkGiven(mark("ada", 5, "InboxReset"), last)).toEqual([]);
    const late = new FailedOver();
    late.give(late.ada, mark("ada", 6, "InboxReset"));
    late.give(late.history.openTab("a late tab", "ada"), mark("ada", 5), last);
    expect(late.check()).toEqual([]);
  });

  it("finds a subscriber whose stream goes on as if nothing had been lost", () => {
    expect(checkGiven(...renewed)).toEqual(["ada's tab was not told that history was lost"]);
    expect(checkGiven(...lost, last)).toEqual([
      "ada's tab was not told that history was lost",
      expect.stringContaining("and the log has"),
      expect.stringContaining("and the log has"),
    ]);
    expect(checkGiven(...lost)).not.toEqual([]);
    expect(checkGiven()).toContain("ada's tab was not given 4 to 6");
  });

  it("finds an event of the new primary that is given out as one of the former", () => {
    expect(checkGiven(...renewed, mark("ada", 6, "InboxReset"))).not.toEqual([]);
    expect(checkGiven(...lost, last, mark("ada", 6, "InboxReset"))).toEqual([
      expect.stringContaining("and the log has undefined"),
    ]);
  });

  it("finds an event of the former primary that is given after the reset", () => {
    expect(checkGiven(mark("ada", 3, "InboxReset"), ...lost, last)).toEqual([
      expect.stringContaining("and the log has"),
      expect.stringContaining("and the log has"),
    ]);
  });

  it("finds an event that is missing, or given twice, before and after the reset", () => {
    const reset = mark("ada", 3, "InboxReset");
    expect(checkGiven(reset, ...renewed.slice(1))).toEqual(["ada's tab missed 4 to 4"]);
    expect(checkGiven(reset, ...renewed.slice(0, 2))).toEqual(["ada's tab was not given 6 to 6"]);
    expect(checkGiven(reset, ...renewed, last)).toEqual(["ada's tab was given 6 again, or after 6"]);
    expect(checkGiven(...lost.slice(1), reset, ...renewed)).toEqual(["ada's tab missed 4 to 4"]);
    expect(checkGiven(...lost, ...lost.slice(1), reset, ...renewed)).toEqual([
      "ada's tab was given 5 again, or after 5",
    ]);
  });

  it("finds a subscriber who is reset again", () => {
    expect(checkGiven(mark("ada", 3, "InboxReset"), ...renewed, mark("ada", 6, "InboxReset"))).toEqual([
      "ada's tab was told that history was lost",
    ]);
  });

  it("finds what was acknowledged after the promotion and is lost, and what neither primary ever had", () => {
    for (const [sentAt, key] of [
      [100, "ada 4"],
      [0, "another"],
    ] as const) {
      const run = new FailedOver();
      run.give(run.ada, mark("ada", 6, "InboxReset"));
      const attempt = run.history.attempt({ key, kind: "create", userId: "ada", ids: [`id of ${key}`] });
      Object.assign(attempt, { outcome: "ok", sentAt });
      expect(run.check()).toEqual([`${key} of ada was acknowledged, and is lost`]);
    }
  });

  it("finds what was acknowledged before the promotion and took effect twice", () => {
    const run = new FailedOver();
    const twice = [7, 8].map((sequence) => created("ada", sequence, { key: "ada 3" }));
    run.log.set("ada", [...(run.log.get("ada") ?? []), ...twice]);
    run.give(run.ada, mark("ada", 6, "InboxReset"), ...twice);
    expect(run.check()).toContain("ada 3 of ada was created 3 times");
  });
});
