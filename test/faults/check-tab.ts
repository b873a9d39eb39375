import { inOneLine, type Change } from "./change.js";
import type { Allowances } from "./check.js";
import type { Item, Tab } from "./history.js";

/** What is wrong with what a tab was given, compared with the log of its user. */
export function checkTab(
  tab: Tab,
  log: readonly Change[],
  { resets = false, failover }: Allowances,
): string[] {
  const failures = tab.failures.map((failure) => `${tab.name} ended: ${failure}`);
  const reset = tab.items.findIndex((item) => "mark" in item && item.mark === "reset");
  const mark = tab.items[reset];
  const isFormer = failover !== undefined && tab.beganAt !== null && tab.beganAt < failover.promotedAt;
  if (isFormer && mark === undefined) failures.push(`${tab.name} was not told that history was lost`);
  if (failover === undefined || mark === undefined) {
    return [...failures, ...checkWhole(tab, tab.items, log, resets)];
  }
  // What it was given before is of the former primary; with the one reset, a new stream begins.
  const former = failover.former.log.get(tab.userId) ?? [];
  const begin: Item = { ...mark, mark: "ready" };
  return [
    ...failures,
    ...checkItems(tab, tab.items.slice(0, reset), former, false).wrong,
    ...checkWhole(tab, [begin, ...tab.items.slice(reset + 1)], log, false),
  ];
}

/** A stream that has come to its end: nothing of the log is missing. */
function checkWhole(tab: Tab, items: readonly Item[], log: readonly Change[], resets: boolean): string[] {
  const { wrong, last } = checkItems(tab, items, log, resets);
  if (last === null) wrong.push(`${tab.name} was given nothing at all`);
  else if (last < log.length) wrong.push(`${tab.name} was not given ${last + 1} to ${log.length}`);
  return wrong;
}

function checkItems(
  tab: Tab,
  items: readonly Item[],
  log: readonly Change[],
  resets: boolean,
): { wrong: string[]; last: number | null } {
  const wrong: string[] = [];
  let last: number | null = null;
  for (const item of items) {
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
  return { wrong, last };
}
