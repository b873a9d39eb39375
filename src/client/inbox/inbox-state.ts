import type { Notification, NotificationEvent } from "../event-types.js";

/** The known part of an inbox: its counts and its newest notifications. */
export interface InboxState {
  /** Newest first, without gaps. */
  readonly notifications: readonly Notification[];
  readonly unreadCount: number;
  readonly totalCount: number;
  /** The cursor of the next page of older ones; null: there are none. */
  readonly olderAfter: string | null;
}

/** Was a notification created by an event up to this sequence? */
export type CreatedUpTo = (id: string, sequence: number) => boolean;

export const emptyInbox: InboxState = {
  notifications: [],
  unreadCount: 0,
  totalCount: 0,
  olderAfter: null,
};

/** The inbox after an event. */
export function afterEvent(
  state: InboxState,
  event: NotificationEvent,
  createdUpTo: CreatedUpTo,
): InboxState {
  const notifications = changeList(state.notifications, event, createdUpTo);
  const changed = { ...state, notifications, unreadCount: event.unreadCount };
  switch (event.__typename) {
    case "NotificationCreated":
      return { ...changed, totalCount: state.totalCount + 1 };
    case "NotificationsDeleted":
      return { ...changed, totalCount: Math.max(0, state.totalCount - event.notificationIds.length) };
    case "NotificationsCleared":
      return { ...changed, totalCount: notifications.length, olderAfter: null };
    case "NotificationsRead":
    case "NotificationsUnread":
    case "AllNotificationsRead":
    case "InboxReady":
    case "InboxReset":
      return changed;
  }
}

/** A part of the list after an event. */
export function changeList(
  list: readonly Notification[],
  event: NotificationEvent,
  createdUpTo: CreatedUpTo,
): readonly Notification[] {
  switch (event.__typename) {
    case "NotificationCreated":
      return list.some(({ id }) => id === event.notification.id) ? list : [event.notification, ...list];
    case "NotificationsRead":
      return setRead(list, isAmong(event.notificationIds), event.readAt);
    case "NotificationsUnread":
      return setRead(list, isAmong(event.notificationIds), null);
    case "AllNotificationsRead":
      return setRead(list, ({ id }) => createdUpTo(id, event.upToSequence), event.readAt);
    case "NotificationsDeleted": {
      const deleted = isAmong(event.notificationIds);
      return list.filter((one) => !deleted(one));
    }
    case "NotificationsCleared":
      return list.filter(({ id }) => !createdUpTo(id, event.upToSequence));
    case "InboxReady":
    case "InboxReset":
      return list;
  }
}

/** Marks notifications read or unread; an earlier `readAt` stays. */
export function setRead(
  list: readonly Notification[],
  isMeant: (notification: Notification) => boolean,
  readAt: string | null,
): readonly Notification[] {
  return list.map((one) =>
    isMeant(one) && (one.readAt === null) !== (readAt === null) ? { ...one, readAt } : one,
  );
}

export function isAmong(ids: readonly string[]): (notification: Notification) => boolean {
  const set = new Set(ids);
  return ({ id }) => set.has(id);
}

export function countUnread(list: readonly Notification[]): number {
  return list.filter(({ readAt }) => readAt === null).length;
}
