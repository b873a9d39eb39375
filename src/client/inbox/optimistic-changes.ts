import { countUnread, type InboxState, isAmong, setRead } from "./inbox-state.js";
import type { Notification } from "../event-types.js";

/** The inbox after a command. To undo it, do not apply it. */
export type OptimisticChange = (state: InboxState) => InboxState;

/** Counts only what is loaded: the effect on other notifications is not known before the event arrives. */
export function markRead(ids: readonly string[], readAt: string | null): OptimisticChange {
  return (state) => {
    const notifications = setRead(state.notifications, isAmong(ids), readAt);
    const more = countUnread(notifications) - countUnread(state.notifications);
    return { ...state, notifications, unreadCount: Math.max(0, state.unreadCount + more) };
  };
}

export function remove(ids: readonly string[]): OptimisticChange {
  return (state) => {
    const isMeant = isAmong(ids);
    const kept = state.notifications.filter((one) => !isMeant(one));
    const gone = state.notifications.filter(isMeant);
    return {
      ...state,
      notifications: kept,
      unreadCount: Math.max(0, state.unreadCount - countUnread(gone)),
      totalCount: Math.max(0, state.totalCount - gone.length),
    };
  };
}

/** @param isOld did it exist when the command was given? What arrives later stays unread, and is loaded */
export function markAllRead(
  isOld: (notification: Notification) => boolean,
  readAt: string,
): OptimisticChange {
  return (state) => {
    const notifications = setRead(state.notifications, isOld, readAt);
    return { ...state, notifications, unreadCount: countUnread(notifications) };
  };
}

/** @param isOld did it exist when the command was given? */
export function clear(isOld: (notification: Notification) => boolean): OptimisticChange {
  return (state) => {
    const notifications = state.notifications.filter((one) => !isOld(one));
    return {
      notifications,
      unreadCount: countUnread(notifications),
      totalCount: notifications.length,
      olderAfter: null,
    };
  };
}
