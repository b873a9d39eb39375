import type { Notification, NotificationEvent } from "./events.js";
import type { Follower } from "./follower.js";
import type { InboxQuery } from "./generated.js";
import { changeList, isAmong, setRead } from "./inbox-state.js";

/** An inbox as the query `Inbox` gives it, with as much of its list as was loaded. */
export type CachedInbox = InboxQuery["inbox"];

/** The inbox after an event that the follower has taken. */
export function afterTaken(inbox: CachedInbox, event: NotificationEvent, follower: Follower): CachedInbox {
  const changed = withList(
    { ...inbox, ...follower.head },
    afterEvent(inbox.notifications.nodes, event, follower),
  );
  if (event.__typename !== "NotificationsCleared") return changed;
  const pageInfo = { ...inbox.notifications.pageInfo, hasNextPage: false, endCursor: null };
  return { ...changed, notifications: { ...changed.notifications, pageInfo } };
}

function afterEvent(
  list: readonly Notification[],
  event: NotificationEvent,
  { createdUpTo }: Follower,
): readonly Notification[] {
  if (event.__typename !== "NotificationCreated") return changeList(list, event, createdUpTo);
  // It is there already where an answer was ahead of the events, and may have been changed since by guess.
  return [event.notification, ...list.filter(({ id }) => id !== event.notification.id)];
}

/** The inbox with those marked as read now. */
export function withRead(
  inbox: CachedInbox,
  isMeant: (notification: Notification) => boolean,
  readAt: string,
): CachedInbox {
  return withList(inbox, setRead(inbox.notifications.nodes, isMeant, readAt));
}

/** The inbox without those; counts are not touched. */
export function without(inbox: CachedInbox, isMeant: (notification: Notification) => boolean): CachedInbox {
  return withList(
    inbox,
    inbox.notifications.nodes.filter((one) => !isMeant(one)),
  );
}

/** Those of the list that are meant. */
export function amongList({ notifications }: CachedInbox, ids: readonly string[]): readonly Notification[] {
  return notifications.nodes.filter(isAmong(ids));
}

function withList(inbox: CachedInbox, nodes: readonly Notification[]): CachedInbox {
  return { ...inbox, notifications: { ...inbox.notifications, nodes: [...nodes] } };
}
