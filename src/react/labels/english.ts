import type { InboxLabels } from "./labels.js";
import { plural } from "./plural.js";

export const englishLabels: InboxLabels = {
  title: "Notifications",
  bell: (unread) =>
    unread === 0 ? "Notifications" : plural("en", unread, { other: "Notifications, # unread" }),
  close: "Close",
  markAllRead: "Mark all read",
  clear: "Clear",
  clearQuestion: "Delete all notifications?",
  clearYes: "Delete all",
  clearNo: "Keep them",
  markRead: "Mark as read",
  markUnread: "Mark as unread",
  delete: "Delete",
  unread: "Unread",
  urgent: "Urgent",
  loading: "Loading notifications",
  empty: "You are all caught up",
  emptyHint: "What is new will appear here.",
  failed: "Your notifications could not be loaded.",
  retry: "Try again",
  offline: "You are offline. What you miss will appear here.",
  disconnected: "The connection is lost. What you miss will appear here.",
  commandFailed: "That could not be done. Nothing was changed.",
  dismiss: "Dismiss",
  arrived: (count, title) =>
    count === 1 ? `New notification: ${title}` : plural("en", count, { other: "# new notifications" }),
};
