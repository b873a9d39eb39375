/** All that the inbox says, for other languages: give those that differ. */
export interface InboxLabels {
  readonly title: string;
  /** The bell, to those who do not see the badge. */
  readonly bell: (unread: number) => string;
  readonly close: string;
  readonly markAllRead: string;
  readonly clear: string;
  readonly clearQuestion: string;
  readonly clearYes: string;
  readonly clearNo: string;
  readonly markRead: string;
  readonly markUnread: string;
  readonly delete: string;
  readonly unread: string;
  readonly urgent: string;
  readonly loading: string;
  readonly empty: string;
  readonly emptyHint: string;
  readonly failed: string;
  readonly retry: string;
  readonly offline: string;
  /** Something that the person did was refused, and is undone. */
  readonly commandFailed: string;
  readonly dismiss: string;
  /** Said when notifications come; `title` is the newest one's. */
  readonly arrived: (count: number, title: string) => string;
}

export const englishLabels: InboxLabels = {
  title: "Notifications",
  bell: (unread) => (unread === 0 ? "Notifications" : `Notifications, ${unread} unread`),
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
  commandFailed: "That could not be done. Nothing was changed.",
  dismiss: "Dismiss",
  arrived: (count, title) => (count === 1 ? `New notification: ${title}` : `${count} new notifications`),
};
