import type { Cache, CacheExchangeOpts, UpdateResolver } from "@urql/exchange-graphcache";
import { type CachedInbox, without, withRead } from "../client/cached-inbox.js";
import type { Notification } from "../client/events.js";
import type { NotificationEventsSubscription } from "../client/generated.js";
import { schema } from "../client/generated-schema.js";
import { isAmong } from "../client/inbox-state.js";
import { readInbox, writeInbox } from "./cached-inbox.js";
import { keys } from "./keys.js";
import { Ledger } from "./ledger.js";
import { optimistic } from "./optimistic.js";
import { addPage, forgetLaterPages, forgetLists, isFiltered, wholeList } from "./pages.js";

/** Arguments of mutations that spare what came after a cursor. */
type UpTo = { userId: string; upTo?: string | null };
type Ids = { userId: string; ids: string | string[] };
type Change = (inbox: CachedInbox) => CachedInbox;

/** What mutations answer, by the name of their field. */
type Done<Field extends string> = Record<
  Field,
  { readonly inbox: CachedInbox; readonly notifications?: readonly Notification[] }
>;

/**
 * The options of Graphcache for Carillon: `cacheExchange(graphcacheOptions())`, once for each client. With them the query
 * `Inbox` shows each event of the subscription `NotificationEvents`, mutations show before they are done, and the next page
 * of a list is added to it.
 */
export function graphcacheOptions(): Required<
  Pick<CacheExchangeOpts, "keys" | "schema" | "resolvers" | "updates" | "optimistic">
> {
  const ledgers = new Map<string, Ledger>();
  /** Is it us who write? */
  let isShowing = false;

  function show(cache: Cache, inbox: CachedInbox): void {
    isShowing = true;
    writeInbox(cache, inbox);
    isShowing = false;
  }

  const read: UpdateResolver<Partial<CachedInbox>, { after?: string | null }> = (
    inbox,
    args,
    cache,
    info,
  ) => {
    if (isShowing) return;
    if (isFiltered(args) || !isWhole(inbox)) {
      addPage(inbox, args, cache, info);
      return;
    }
    const ledger = ledgers.get(inbox.userId) ?? new Ledger(inbox);
    ledgers.set(inbox.userId, ledger);
    if (typeof args.after === "string") ledger.readPage(inbox, args.after);
    else {
      ledger.read(inbox);
      forgetLaterPages(cache, info.parentKey, info.fieldName, args);
    }
    show(cache, ledger.inbox);
  };

  const showEvent: UpdateResolver<
    NotificationEventsSubscription,
    { userId: string; after?: string | null }
  > = ({ notificationEvents: event }, { userId, after }, cache) => {
    const ledger = ledgers.get(userId);
    if (ledger?.take(event, after ?? "") !== true) return;
    show(cache, ledger.inbox);
    if (event.__typename === "NotificationsDeleted") {
      for (const id of event.notificationIds) cache.invalidate({ __typename: "Notification", id });
    }
    if (event.__typename === "InboxReady") return;
    // What an event means for a list with a filter only the server knows.
    forgetLists(cache, `Inbox:${userId}`, "notifications", isFiltered);
    forgetLists(cache, "Query", "notifications", (args) => args["userId"] === userId);
  };

  /** Shows a mutation: what it will do, and then what it did. */
  function mutation<Field extends string, Args extends { userId: string }>(
    field: Field,
    changeBy: (args: Args, ledger: Ledger, done: Done<Field>[Field]) => Change,
  ): UpdateResolver<Done<Field>, Args> {
    return (result, args, cache, { optimistic }) => {
      const ledger = ledgers.get(args.userId);
      const shown = readInbox(cache, args.userId);
      if (ledger === undefined || shown === undefined) return;
      const change = changeBy(args, ledger, result[field]);
      show(cache, optimistic === true ? change(shown) : ledger.done(result[field].inbox, change));
    };
  }

  return {
    keys,
    schema,
    resolvers: { Inbox: { notifications: wholeList }, Query: { notifications: wholeList } },
    updates: {
      Query: { notifications: addPage },
      Inbox: { notifications: read },
      Mutation: {
        markNotificationsRead: mutation("markNotificationsRead", (_args, _ledger, done) => withThose(done)),
        markNotificationsUnread: mutation("markNotificationsUnread", (_args, _ledger, done) =>
          withThose(done),
        ),
        markAllNotificationsRead: mutation("markAllNotificationsRead", ({ upTo }: UpTo, ledger) => {
          const readAt = new Date().toISOString();
          return (inbox) => withRead(inbox, ledger.upTo(upTo ?? null), readAt);
        }),
        deleteNotifications: mutation(
          "deleteNotifications",
          ({ ids }: Ids) =>
            (inbox) =>
              without(inbox, isAmong([ids].flat())),
        ),
        clearNotifications: mutation(
          "clearNotifications",
          ({ upTo }: UpTo, ledger) =>
            (inbox) =>
              without(inbox, ledger.upTo(upTo ?? null)),
        ),
      },
      Subscription: { notificationEvents: showEvent },
    },
    optimistic,
  };
}

/** The list with these in the place of those that they replace. */
function withThose({ notifications = [] }: { readonly notifications?: readonly Notification[] }): Change {
  const changed = new Map(notifications.map((one) => [one.id, one]));
  return (inbox) => {
    const nodes = inbox.notifications.nodes.map((one) => changed.get(one.id) ?? one);
    return { ...inbox, notifications: { ...inbox.notifications, nodes } };
  };
}

/** Does it bear what the query `Inbox` asks for? */
function isWhole(inbox: Partial<CachedInbox>): inbox is CachedInbox {
  return [
    inbox.userId,
    inbox.cursor,
    inbox.unreadCount,
    inbox.totalCount,
    inbox.notifications?.nodes,
    inbox.notifications?.pageInfo,
  ].every((part) => part !== undefined);
}
