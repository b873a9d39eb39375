import type { ApolloCache } from "@apollo/client";
import { afterTaken, type CachedInbox } from "../client/cached-inbox.js";
import type { Notification, NotificationEvent } from "../client/events.js";
import type { Follower } from "../client/follower.js";
import { InboxDocument } from "../client/generated.js";
import { isAmong } from "../client/inbox-state.js";

/** Who keeps the inboxes of a cache current, by user. */
const followers = new WeakMap<ApolloCache, Map<string, Follower>>();

export function registerFollower(cache: ApolloCache, userId: string, follower: Follower): void {
  const ofCache = followers.get(cache) ?? new Map<string, Follower>();
  followers.set(cache, ofCache.set(userId, follower));
}

/** Tells what a command with `upTo` means that was given where this inbox was shown. */
export function upTo(
  cache: ApolloCache,
  { userId, cursor, notifications }: CachedInbox,
): (notification: Notification) => boolean {
  const isShown = isAmong(notifications.nodes.map(({ id }) => id));
  return followers.get(cache)?.get(userId)?.upTo(cursor) ?? isShown;
}

/** The user's inbox, with as much of its list as was loaded. */
export function readInbox(cache: ApolloCache, userId: string): CachedInbox | undefined {
  return cache.readQuery({ query: InboxDocument, variables: { userId } })?.inbox;
}

/** Changes the user's inbox; what falls out of its list is gone from all lists. */
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

/** Shows an event that the follower has taken. */
export function showEvent(cache: ApolloCache, follower: Follower, event: NotificationEvent): void {
  cache.batch({
    update() {
      updateInbox(cache, event.userId, (inbox) => afterTaken(inbox, event, follower));
      if (event.__typename === "NotificationsDeleted") {
        for (const id of event.notificationIds) evict(cache, id);
      }
      if (event.__typename !== "InboxReady") forgetOtherLists(cache, event.userId);
    },
  });
}

function evict(cache: ApolloCache, id: string): void {
  const entity = cache.identify({ __typename: "Notification", id });
  if (entity !== undefined) cache.evict({ id: entity });
}

/** What an event means for a list with a filter only the server knows: components that show one read it anew. */
function forgetOtherLists(cache: ApolloCache, userId: string): void {
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

/** As `keyArgs` of the type policy names it: `notifications:{"filter":{"read":false}}`. */
function isFiltered(storeFieldName: string): boolean {
  return /"filter":(?!null)/.test(storeFieldName);
}
