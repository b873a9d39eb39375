import type { NotificationEvent } from "../../client/events.js";
import { type Colors, printable } from "../style.js";

/** So many ids are shown, and then how many more there are. */
const idsShown = 3;

/** The columns of the numbers and the words, so that lines stand below one another. */
const widths = { sequence: 5, word: 8 };

/** An event in one line: its time, number and kind, what it is about, and what is unread after it. */
export function eventLine(event: NotificationEvent, colors: Colors): string {
  const { word, about } = inWords(event, colors);
  const parts = [
    colors.dim(event.occurredAt),
    `#${event.sequence}`.padStart(widths.sequence),
    word,
    about,
    colors.dim(`(${event.unreadCount} unread)`),
  ];
  return parts.filter((part) => part !== "").join("  ");
}

function inWords(
  event: NotificationEvent,
  colors: Colors,
): { readonly word: string; readonly about: string } {
  switch (event.__typename) {
    case "NotificationCreated": {
      const { title, category, priority } = event.notification;
      const urgency = priority === "NORMAL" ? "" : ` ${colors.yellow(priority)}`;
      const about = `${colors.bold(printable(title))} ${colors.dim(printable(category))}${urgency}`;
      return { word: colors.green(padded("created")), about };
    }
    case "NotificationsRead":
      return { word: colors.cyan(padded("read")), about: listed(event.notificationIds) };
    case "NotificationsUnread":
      return { word: colors.cyan(padded("unread")), about: listed(event.notificationIds) };
    case "AllNotificationsRead":
      return { word: colors.cyan(padded("all read")), about: `up to #${event.upToSequence}` };
    case "NotificationsDeleted":
      return { word: colors.red(padded("deleted")), about: listed(event.notificationIds) };
    case "NotificationsCleared":
      return { word: colors.red(padded("cleared")), about: `up to #${event.upToSequence}` };
    case "InboxReset":
      return { word: colors.yellow(padded("reset")), about: "what came before is not kept any more" };
    case "InboxReady":
      return { word: colors.dim(padded("ready")), about: "" };
  }
}

function padded(word: string): string {
  return word.padEnd(widths.word);
}

function listed(ids: readonly string[]): string {
  const more = ids.length - idsShown;
  return ids.slice(0, idsShown).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
