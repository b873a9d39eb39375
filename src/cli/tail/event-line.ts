import type { NotificationEvent } from "@carillon/client";
import { type Colors, printable } from "../terminal-text.js";

/** The number of ids that are printed; the others are only counted. */
const maxIds = 3;

/** Widths of the columns. */
const widths = { sequence: 5, word: 8 };

/** Formats an event as one line: time, sequence, type, subject, unread count. */
export function eventLine(event: NotificationEvent, colors: Colors): string {
  const { word, about } = describeEvent(event, colors);
  const parts = [
    colors.dim(event.occurredAt),
    `#${event.sequence}`.padStart(widths.sequence),
    word,
    about,
    colors.dim(`(${event.unreadCount} unread)`),
  ];
  return parts.filter((part) => part !== "").join("  ");
}

function describeEvent(
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
      return { word: colors.yellow(padded("reset")), about: "earlier events are no longer available" };
    case "InboxReady":
      return { word: colors.dim(padded("ready")), about: "" };
  }
}

function padded(word: string): string {
  return word.padEnd(widths.word);
}

function listed(ids: readonly string[]): string {
  const more = ids.length - maxIds;
  return ids.slice(0, maxIds).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
