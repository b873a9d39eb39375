import type { Notification, NotificationEvent } from "../event-types.js";
import type { CacheProjection } from "./cache-projection.js";
import type { InboxQuery } from "../generated-types.js";
import { changeList, isAmong, setRead } from "./inbox-state.js";

/** The result of the query `Inbox`, with as much of the list as was loaded. */
export type CachedInbox = InboxQuery["inbox"];

/** The inbox after an event that the projection has taken. */
export function afterTaken(
  inbox: CachedInbox,
  event: NotificationEvent,
  projection: CacheProjection,
): CachedInbox {
  const changed = withList(
    { ...inbox, ...projection.snapshot },
    afterEvent(inbox.notifications.nodes, event, projection),
  );
  if (event.__typename !== "NotificationsCleared") return changed;
  const pageInfo = { ...inbox.notifications.pageInfo, hasNextPage: false, endCursor: null };
  return { ...changed, notifications: { ...changed.notifications, pageInfo } };
}

function afterEvent(
  list: readonly Notification[],
  event: NotificationEvent,
  { timeline }: CacheProjection,
): readonly Notification[] {
  if (event.__typename !== "NotificationCreated") return changeList(list, event, timeline.createdUpTo);
  // An answer that was ahead of the events contains it already, and an optimistic change may have altered it since.
  return [event.notification, ...list.filter(({ id }) => id !== event.notification.id)];
}

/** The inbox with those notifications marked read. */
export function withRead(
  inbox: CachedInbox,
  isMeant: (notification: Notification) => boolean,
  readAt: string,
): CachedInbox {
  return withList(inbox, setRead(inbox.notifications.nodes, isMeant, readAt));
}

/** The inbox without those notifications; counts stay as they are. */
export function without(inbox: CachedInbox, isMeant: (notification: Notification) => boolean): CachedInbox {
  return withList(
    inbox,
    inbox.notifications.nodes.filter((one) => !isMeant(one)),
  );
}

/** The notifications of the list with these ids. */
export function amongList({ notifications }: CachedInbox, ids: readonly string[]): readonly Notification[] {
  return notifications.nodes.filter(isAmong(ids));
}

function withList(inbox: CachedInbox, nodes: readonly Notification[]): CachedInbox {
  return { ...inbox, notifications: { ...inbox.notifications, nodes: [...nodes] } };
}
