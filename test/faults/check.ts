import { type Change, inOneLine } from "./change.js";
import { checkTab } from "./check-tab.js";
import type { Attempt, History } from "./history.js";
import { Recount } from "./recount.js";

/** What the database holds in the end, when everything is healed and at rest. */
export interface GroundTruth {
  /** The log of each user, in order. */
  readonly log: ReadonlyMap<string, readonly Change[]>;
  readonly inboxes: ReadonlyMap<string, InboxState>;
}

export interface InboxState {
  readonly lastSequence: number;
  /** As the service keeps them. */
  readonly unreadCount: number;
  readonly totalCount: number;
  /** As the table of notifications has them, counted. */
  readonly unreadRows: number;
  readonly totalRows: number;
}

export interface Allowances {
  /** Subscribers may be told that history was lost; what they are given after that must be whole again. */
  readonly resets?: boolean;
  /** What the database had acknowledged last may be gone. */
  readonly failover?: Failover;
}

/**
 * A failover to a standby that lagged. The database has lost what only the former primary held, which no service can undo:
 * what was asked for before the promotion may be there alone. But each subscriber is told so, once: what it was given before is
 * right by the former log, and from there on it is given all of the new one. What was asked for after it is not lost.
 */
export interface Failover {
  /** What the former primary held in the end. */
  readonly former: GroundTruth;
  /** Milliseconds since 1970. */
  readonly promotedAt: number;
}

/**
 * Judges a run by what was seen from outside and by the database's log, user by user:
 *   - lost: what was acknowledged stands in the log, and every subscriber was given all of the log from where it began
 *   - repeated, out of order, of somebody else, or other than in the log: nothing
 *   - unexpected: the log holds nothing that no attempt explains; what was never answered is there once or not at all
 *   - errors: a mutation that cannot be done now is refused with SERVICE_UNAVAILABLE, and with nothing else
 *   - counts: the badge of every event, and of every inbox in the end, is what counting one by one gives
 * @returns what is wrong, in words; nothing when all is well
 */
export function check(history: History, truth: GroundTruth, allowances: Allowances = {}): string[] {
  const { failover } = allowances;
  const users = new Set([
    ...truth.log.keys(),
    ...(failover?.former.log.keys() ?? []),
    ...history.attempts.map(({ userId }) => userId),
  ]);
  const attempts = groupBy(history.attempts, ({ userId }) => userId);
  return [
    ...checkErrors(history),
    ...history.tabs.flatMap((tab) => checkTab(tab, truth.log.get(tab.userId) ?? [], allowances)),
    ...[...users].flatMap((userId) => checkUser(userId, attempts.get(userId) ?? [], truth, failover)),
  ];
}

function checkErrors({ errors }: History): string[] {
  return [...errors]
    .filter(([code]) => code !== "SERVICE_UNAVAILABLE")
    .map(([code, count]) => `${count} mutations were answered with ${code}`);
}

function checkUser(
  userId: string,
  attempts: readonly Attempt[],
  truth: GroundTruth,
  failover: Failover | undefined,
): string[] {
  const held = readLog(userId, attempts, truth.log.get(userId) ?? []);
  const heldBefore = readLog(userId, attempts, failover?.former.log.get(userId) ?? []);
  const mayBeLost = (attempt: Attempt): boolean =>
    attempt.sentAt < (failover?.promotedAt ?? 0) && checkEffect(attempt, heldBefore, false).length === 0;
  return [
    ...held.wrong,
    ...heldBefore.wrong,
    ...attempts.flatMap((attempt) => checkEffect(attempt, held, mayBeLost(attempt))),
    ...checkInbox(userId, truth.inboxes.get(userId), held),
  ];
}

/** What one user's log comes to. */
interface Held {
  readonly log: readonly Change[];
  /** After the last of them. */
  readonly end: Recount;
  /** Numbers and counts that are not what counting one by one gives, and events that nobody asked for. */
  readonly wrong: readonly string[];
}

function readLog(userId: string, attempts: readonly Attempt[], log: readonly Change[]): Held {
  const recount = new Recount();
  const wrong: string[] = [];
  for (const [index, change] of log.entries()) {
    recount.apply(change);
    const { sequence, unreadCount } = change;
    if (sequence !== index + 1) wrong.push(`the log of ${userId} has ${sequence} in place ${index + 1}`);
    if (unreadCount !== recount.unread) {
      wrong.push(
        `event ${sequence} of ${userId} says ${unreadCount} unread, and there were ${recount.unread}`,
      );
    }
  }
  return { log, end: recount, wrong: [...wrong, ...unexplained(userId, attempts, log)] };
}

/** What was acknowledged has taken effect, unless it may be lost, and what was refused has not. */
function checkEffect(
  { key, kind, userId, ids, outcome }: Attempt,
  { log, end }: Held,
  mayBeLost: boolean,
): string[] {
  if (kind === "create") {
    const created = log.filter(({ title }) => title === key);
    if (created.length > 1) return [`${key} of ${userId} was created ${created.length} times`];
    if (outcome === "failed" && created.length > 0) return [`${key} of ${userId} was refused, and created`];
    if (outcome !== "ok") return [];
    if (created.length === 0) return mayBeLost ? [] : [`${key} of ${userId} was acknowledged, and is lost`];
    return created[0]?.ids[0] === ids[0] ? [] : [`${key} of ${userId} was acknowledged with another id`];
  }
  if (outcome !== "ok" || mayBeLost) return [];
  const without = ids.filter((id) => end.has(id) && !(kind === "read" && end.isRead(id)));
  return without.map((id) => `${kind} of ${id} of ${userId} was acknowledged, and is lost`);
}

/** Events that nobody asked for, or more often than it was asked. */
function unexplained(userId: string, attempts: readonly Attempt[], log: readonly Change[]): string[] {
  const asked = groupBy(
    attempts.filter(({ outcome }) => outcome !== "failed"),
    ({ kind }) => kind,
  );
  const titles = new Set((asked.get("create") ?? []).map(({ key }) => key));
  const named = {
    read: new Set((asked.get("read") ?? []).flatMap(({ ids }) => ids)),
    deleted: new Set((asked.get("delete") ?? []).flatMap(({ ids }) => ids)),
  };
  // One that is repeated may find something new each time: these name no notifications, and have no idempotency key.
  const left = {
    "all-read": triesOf(asked.get("read-all")),
    cleared: triesOf(asked.get("clear")),
  };
  function isExplained({ type, title, ids }: Change): boolean {
    switch (type) {
      case "created":
        return title !== null && titles.has(title);
      case "read":
      case "deleted":
        // Each id once: there is no way back from either.
        return ids.length > 0 && ids.every((id) => named[type].delete(id));
      case "unread":
        return false;
      case "all-read":
      case "cleared":
        left[type] -= 1;
        return left[type] >= 0;
    }
  }
  return log
    .filter((change) => !isExplained(change))
    .map((change) => `nobody asked for ${inOneLine(change)} of ${userId}`);
}

function triesOf(attempts: readonly Attempt[] = []): number {
  return attempts.reduce((sum, { tries }) => sum + tries, 0);
}

function checkInbox(userId: string, inbox: InboxState | undefined, { log, end }: Held): string[] {
  const head = log.length;
  if (inbox === undefined) return head === 0 ? [] : [`${userId} has a log and no inbox`];
  const expected: InboxState = {
    lastSequence: head,
    unreadCount: end.unread,
    totalCount: end.total,
    unreadRows: end.unread,
    totalRows: end.total,
  };
  const [is, ought] = [JSON.stringify(inbox), JSON.stringify(expected)];
  return is === ought ? [] : [`the inbox of ${userId} is ${is}, and ought to be ${ought}`];
}

function groupBy<K, T>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
