import { countUnread, type InboxState, isAmong, setRead } from "./inbox-state.js";
import type { Notification } from "./events.js";

/** How the inbox will look when a command is done; undone by leaving it out. */
export type Change = (state: InboxState) => InboxState;

/** Of those that are loaded: of others the counts are not known before the event comes. */
export function markRead(ids: readonly string[], readAt: string | null): Change {
  return (state) => {
    const notifications = setRead(state.notifications, isAmong(ids), readAt);
    const more = countUnread(notifications) - countUnread(state.notifications);
    return { ...state, notifications, unreadCount: Math.max(0, state.unreadCount + more) };
  };
}

export function remove(ids: readonly string[]): Change {
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

/** @param isOld was it there when the person said so? Whatever comes later stays unread, and is loaded */
export function markAllRead(isOld: (notification: Notification) => boolean, readAt: string): Change {
  return (state) => {
    const notifications = setRead(state.notifications, isOld, readAt);
    return { ...state, notifications, unreadCount: countUnread(notifications) };
  };
}

/** @param isOld was it there when the person said so? */
export function clear(isOld: (notification: Notification) => boolean): Change {
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
