/** Every text of <Inbox/>. There are sets for some languages (germanLabels …); give those that differ. */
export interface InboxLabels {
  readonly title: string;
  /** The bell, for those who do not see the badge. */
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
  /** The browser has no network. */
  readonly offline: string;
  /** The browser has a network, and the server cannot be reached. */
  readonly disconnected: string;
  /** A command was refused, and is undone. */
  readonly commandFailed: string;
  readonly dismiss: string;
  /** Announced when notifications arrive; `title` is the newest one's. */
  readonly arrived: (count: number, title: string) => string;
}
