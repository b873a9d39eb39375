import type { Cache, CacheExchangeOpts, UpdateResolver } from "@urql/exchange-graphcache";
import { afterTaken, type CachedInbox, without, withRead } from "../client/cached-inbox.js";
import { Follower, type Head } from "../client/follower.js";
import { InboxDocument, type InboxQuery, type NotificationEventsSubscription } from "../client/generated.js";
import { isAmong } from "../client/inbox-state.js";
import { keys, possibleTypes } from "./keys.js";
import { optimistic } from "./optimistic.js";
import { addPage, forgetLists, wholeList } from "./pages.js";

/** Arguments of mutations that spare what came after a cursor. */
type UpTo = { userId: string; upTo?: string | null };

/** Snapshots that a subscription may begin at. */
const remembered = 50;

/**
 * The options of Graphcache for Carillon: `cacheExchange(graphcacheOptions())`, once for each client. With them the query
 * `Inbox` shows each event of the subscription `NotificationEvents`, mutations show before they are done, and the next page
 * of a list is added to it.
 */
export function graphcacheOptions(): Required<
  Pick<CacheExchangeOpts, "keys" | "possibleTypes" | "resolvers" | "updates" | "optimistic">
> {
  const heads = new Map<string, Head>();
  const following = new Map<string, { readonly after: string; readonly follower: Follower }>();

  const rememberHead: UpdateResolver<InboxQuery> = ({ inbox }) => {
    heads.set(inbox.cursor, inbox);
    const [oldest] = heads.keys();
    if (heads.size > remembered && oldest !== undefined) heads.delete(oldest);
  };

  /** The follower for a subscription that begins at a cursor; null when nobody has read the inbox there. */
  function followerFrom(userId: string, after: string): Follower | null {
    const known = following.get(userId);
    if (known?.after === after) return known.follower;
    const head = heads.get(after);
    if (head === undefined) return null;
    const follower = known?.follower ?? new Follower();
    follower.begin(head);
    following.set(userId, { after, follower });
    return follower;
  }

  const showEvent: UpdateResolver<
    NotificationEventsSubscription,
    { userId: string; after?: string | null }
  > = ({ notificationEvents: event }, { userId, after }, cache) => {
    const follower = followerFrom(userId, after ?? "");
    if (follower === null || follower.take(event) !== "taken") return;
    updateInbox(cache, userId, (inbox) => afterTaken(inbox, event, follower));
    if (event.__typename === "NotificationsDeleted") {
      for (const id of event.notificationIds) cache.invalidate({ __typename: "Notification", id });
    }
    if (event.__typename === "InboxReady") return;
    // What an event means for a list with a filter only the server knows.
    forgetLists(cache, `Inbox:${userId}`, "notifications", ({ filter }) => (filter ?? null) !== null);
    forgetLists(cache, "Query", "notifications", (args) => args["userId"] === userId);
  };

  /** What was there at a cursor: later ones are not meant. */
  function upToCursor(userId: string, cursor: string | null | undefined): (one: { id: string }) => boolean {
    const follower = following.get(userId)?.follower;
    const sequence = typeof cursor === "string" ? (follower?.sequenceAt(cursor) ?? null) : null;
    return ({ id }) => sequence === null || follower?.createdUpTo(id, sequence) === true;
  }

  const markAllRead: UpdateResolver<unknown, UpTo> = (_result, { userId, upTo }, cache) => {
    updateInbox(cache, userId, (inbox) =>
      withRead(inbox, upToCursor(userId, upTo), new Date().toISOString()),
    );
  };

  const clear: UpdateResolver<unknown, UpTo> = (_result, { userId, upTo }, cache) => {
    updateInbox(cache, userId, (inbox) => without(inbox, upToCursor(userId, upTo)));
  };

  const remove: UpdateResolver<unknown, { userId: string; ids: string | string[] }> = (
    _result,
    { userId, ids },
    cache,
  ) => {
    updateInbox(cache, userId, (inbox) => without(inbox, isAmong([ids].flat())));
  };

  return {
    keys,
    possibleTypes,
    resolvers: { Inbox: { notifications: wholeList }, Query: { notifications: wholeList } },
    updates: {
      Query: { inbox: rememberHead, notifications: addPage },
      Inbox: { notifications: addPage },
      Mutation: {
        markAllNotificationsRead: markAllRead,
        deleteNotifications: remove,
        clearNotifications: clear,
      },
      Subscription: { notificationEvents: showEvent },
    },
    optimistic,
  };
}

function updateInbox(cache: Cache, userId: string, change: (inbox: CachedInbox) => CachedInbox): void {
  cache.updateQuery({ query: InboxDocument, variables: { userId } }, (data) =>
    data === null ? null : { ...data, inbox: change(data.inbox) },
  );
}
