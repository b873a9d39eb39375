import { type Change, inOneLine } from "./change.js";
import type { Attempt, History, Tab } from "./history.js";
import { Recount } from "./recount.js";

/** What the database holds in the end, when everything is healed and at rest. */
export interface Truth {
  /** The log of each user, in order. */
  readonly log: ReadonlyMap<string, readonly Change[]>;
  readonly inboxes: ReadonlyMap<string, InboxTruth>;
}

export interface InboxTruth {
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
export function check(history: History, truth: Truth, allowances: Allowances = {}): string[] {
  const users = new Set([...truth.log.keys(), ...history.attempts.map(({ userId }) => userId)]);
  const attempts = groupBy(history.attempts, ({ userId }) => userId);
  return [
    ...checkErrors(history),
    ...history.tabs.flatMap((tab) => checkTab(tab, truth.log.get(tab.userId) ?? [], allowances)),
    ...[...users].flatMap((userId) =>
      checkUser(userId, attempts.get(userId) ?? [], truth.log.get(userId) ?? [], truth.inboxes.get(userId)),
    ),
  ];
}

function checkErrors({ errors }: History): string[] {
  return [...errors]
    .filter(([code]) => code !== "SERVICE_UNAVAILABLE")
    .map(([code, count]) => `${count} mutations were answered with ${code}`);
}

function checkTab(tab: Tab, log: readonly Change[], { resets = false }: Allowances): string[] {
  const wrong = tab.failures.map((failure) => `${tab.name} ended: ${failure}`);
  let last: number | null = null;
  for (const item of tab.items) {
    if ("mark" in item) {
      if (item.mark === "reset" && !resets) wrong.push(`${tab.name} was told that history was lost`);
      if (item.mark === "ready" && last !== null && item.sequence !== last) {
        wrong.push(`${tab.name} was told that ${item.sequence} is reached when it was given ${last}`);
      }
      const badge = log[item.sequence - 1]?.unreadCount ?? 0;
      if (item.unreadCount !== badge) {
        wrong.push(`${tab.name} was told ${item.unreadCount} unread at ${item.sequence}, not ${badge}`);
      }
      last = item.sequence;
      continue;
    }
    if (item.userId !== tab.userId) {
      wrong.push(`${tab.name} was given an event of ${item.userId}`);
      continue;
    }
    if (last === null)
      wrong.push(`${tab.name} was given event ${item.sequence} before it was told where it is`);
    else if (item.sequence <= last)
      wrong.push(`${tab.name} was given ${item.sequence} again, or after ${last}`);
    else if (item.sequence > last + 1) wrong.push(`${tab.name} missed ${last + 1} to ${item.sequence - 1}`);
    const logged = log[item.sequence - 1];
    if (logged === undefined || inOneLine(logged) !== inOneLine(item)) {
      wrong.push(`${tab.name} was given ${inOneLine(item)}, and the log has ${logged && inOneLine(logged)}`);
    }
    last = Math.max(last ?? 0, item.sequence);
  }
  if (last === null) wrong.push(`${tab.name} was given nothing at all`);
  else if (last < log.length) wrong.push(`${tab.name} was not given ${last + 1} to ${log.length}`);
  return wrong;
}

function checkUser(
  userId: string,
  attempts: readonly Attempt[],
  log: readonly Change[],
  inbox: InboxTruth | undefined,
): string[] {
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
  return [
    ...wrong,
    ...attempts.flatMap((attempt) => checkEffect(attempt, log, recount)),
    ...unexplained(userId, attempts, log),
    ...checkInbox(userId, inbox, log.length, recount),
  ];
}

/** What was acknowledged has taken effect, and what was refused has not. */
function checkEffect(
  { key, kind, userId, ids, outcome }: Attempt,
  log: readonly Change[],
  end: Recount,
): string[] {
  if (kind === "create") {
    const created = log.filter(({ title }) => title === key);
    if (created.length > 1) return [`${key} of ${userId} was created ${created.length} times`];
    if (outcome === "failed" && created.length > 0) return [`${key} of ${userId} was refused, and created`];
    if (outcome !== "ok") return [];
    if (created.length === 0) return [`${key} of ${userId} was acknowledged, and is lost`];
    return created[0]?.ids[0] === ids[0] ? [] : [`${key} of ${userId} was acknowledged with another id`];
  }
  if (outcome !== "ok") return [];
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

function checkInbox(userId: string, inbox: InboxTruth | undefined, head: number, end: Recount): string[] {
  if (inbox === undefined) return head === 0 ? [] : [`${userId} has a log and no inbox`];
  const expected: InboxTruth = {
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
