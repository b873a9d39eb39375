import type { ApolloCache } from "@apollo/client";
import {
  afterTaken,
  type CachedInbox,
  type CacheProjection,
  isAmong,
  type Notification,
  type NotificationEvent,
} from "@carillon/client/cache";
import { InboxDocument } from "@carillon/client/operations";

/** The projections that keep the inboxes of a cache current, by user. */
const projections = new WeakMap<ApolloCache, Map<string, CacheProjection>>();

export function registerProjection(cache: ApolloCache, userId: string, projection: CacheProjection): void {
  const ofCache = projections.get(cache) ?? new Map<string, CacheProjection>();
  projections.set(cache, ofCache.set(userId, projection));
}

/** A predicate for what a command with `upTo` affects that was given where this inbox was shown. */
export function upTo(
  cache: ApolloCache,
  { userId, cursor, notifications }: CachedInbox,
): (notification: Notification) => boolean {
  const isShown = isAmong(notifications.nodes.map(({ id }) => id));
  return projections.get(cache)?.get(userId)?.upTo(cursor) ?? isShown;
}

/** The user's inbox, with as much of its list as was loaded. */
export function readInbox(cache: ApolloCache, userId: string): CachedInbox | undefined {
  return cache.readQuery({ query: InboxDocument, variables: { userId } })?.inbox;
}

/** Changes the user's inbox; what is removed from its list is evicted from all lists. */
export function updateInbox(
  cache: ApolloCache,
  userId: string,
  change: (inbox: CachedInbox) => CachedInbox,
): void {
  cache.updateQuery({ query: InboxDocument, variables: { userId } }, (data) => {
    if (data === null) return undefined;
    const inbox = change(data.inbox);
    const kept = new Set(inbox.notifications.nodes.map(({ id }) => id));
    for (const { id } of data.inbox.notifications.nodes) if (!kept.has(id)) evict(cache, id);
    return { ...data, inbox };
  });
}

/** Writes an event into the cache that the projection has taken. */
export function showEvent(cache: ApolloCache, projection: CacheProjection, event: NotificationEvent): void {
  cache.batch({
    update() {
      updateInbox(cache, event.userId, (inbox) => afterTaken(inbox, event, projection));
      if (event.__typename === "NotificationsDeleted") {
        for (const id of event.notificationIds) evict(cache, id);
      }
      if (event.__typename !== "InboxReady") evictOtherLists(cache, event.userId);
    },
  });
}

function evict(cache: ApolloCache, id: string): void {
  const entity = cache.identify({ __typename: "Notification", id });
  if (entity !== undefined) cache.evict({ id: entity });
}

/** Only the server knows what an event means for a filtered list: components that show one read it again. */
function evictOtherLists(cache: ApolloCache, userId: string): void {
  const inbox = cache.identify({ __typename: "Inbox", userId });
  if (inbox === undefined) return;
  cache.modify<Record<string, object>>({
    id: inbox,
    fields: {
      notifications: (list, { storeFieldName, DELETE }) => (isFiltered(storeFieldName) ? DELETE : list),
    },
  });
  cache.modify<Record<string, object>>({
    id: "ROOT_QUERY",
    fields: {
      notifications: (list, { storeFieldName, DELETE }) =>
        storeFieldName.includes(`"userId":${JSON.stringify(userId)}`) ? DELETE : list,
    },
  });
}

/** @param storeFieldName as `keyArgs` of the type policy makes it: `notifications:{"filter":{"read":false}}` */
function isFiltered(storeFieldName: string): boolean {
  return /"filter":(?!null)/.test(storeFieldName);
}
