import type { Cache, CacheExchangeOpts, UpdateResolver } from "@urql/exchange-graphcache";
import { type CachedInbox, isAmong, type Notification, without, withRead } from "@carillon/client/cache";
import type { NotificationEventsSubscription } from "@carillon/client/operations";
import { schema } from "./generated-schema.js";
import { readInbox, writeInbox } from "./graphcache-inbox.js";
import { keyingConfig } from "./keying-config.js";
import { CachedInboxState } from "./cached-inbox-state.js";
import { optimisticResults } from "./optimistic-results.js";
import { addPage, invalidateLaterPages, invalidateLists, isFiltered, wholeList } from "./list-pagination.js";

/** Arguments of mutations that affect only what existed at a cursor. */
type UpTo = { userId: string; upTo?: string | null };
type Ids = { userId: string; ids: string | string[] };
type Change = (inbox: CachedInbox) => CachedInbox;

/** What mutations answer, by the name of their field. */
type Answer<Field extends string> = Record<
  Field,
  { readonly inbox: CachedInbox; readonly notifications?: readonly Notification[] }
>;

/**
 * The options of Graphcache for Carillon: `cacheExchange(graphcacheOptions())`, once for each client. With them the query
 * `Inbox` shows each event of the subscription `NotificationEvents`, mutations are shown before they are executed, and the next
 * page of a list is added to it.
 */
export function graphcacheOptions(): Required<
  Pick<CacheExchangeOpts, "keys" | "schema" | "resolvers" | "updates" | "optimistic">
> {
  const states = new Map<string, CachedInboxState>();
  /** Is the inbox being written by these updaters, and not by an answer? */
  let isWriting = false;

  function show(cache: Cache, inbox: CachedInbox): void {
    isWriting = true;
    writeInbox(cache, inbox);
    isWriting = false;
  }

  const read: UpdateResolver<Partial<CachedInbox>, { after?: string | null }> = (
    inbox,
    args,
    cache,
    info,
  ) => {
    if (isWriting) return;
    if (isFiltered(args) || !isComplete(inbox)) {
      addPage(inbox, args, cache, info);
      return;
    }
    const state = states.get(inbox.userId) ?? new CachedInboxState(inbox);
    states.set(inbox.userId, state);
    if (typeof args.after === "string") state.readPage(inbox, args.after);
    else {
      state.read(inbox);
      invalidateLaterPages(cache, info.parentKey, info.fieldName, args);
    }
    show(cache, state.inbox);
  };

  const showEvent: UpdateResolver<
    NotificationEventsSubscription,
    { userId: string; after?: string | null }
  > = ({ notificationEvents: event }, { userId, after }, cache) => {
    const state = states.get(userId);
    if (state?.take(event, after ?? "") !== true) return;
    show(cache, state.inbox);
    if (event.__typename === "NotificationsDeleted") {
      for (const id of event.notificationIds) cache.invalidate({ __typename: "Notification", id });
    }
    if (event.__typename === "InboxReady") return;
    // Only the server knows what an event means for a filtered list.
    invalidateLists(cache, `Inbox:${userId}`, "notifications", isFiltered);
    invalidateLists(cache, "Query", "notifications", (args) => args["userId"] === userId);
  };

  /** Shows the effect of a mutation: first the expected one, then the answer. */
  function mutation<Field extends string, Args extends { userId: string }>(
    field: Field,
    changeBy: (args: Args, state: CachedInboxState, answer: Answer<Field>[Field]) => Change,
  ): UpdateResolver<Answer<Field>, Args> {
    return (result, args, cache, { optimistic }) => {
      const state = states.get(args.userId);
      const shown = readInbox(cache, args.userId);
      if (state === undefined || shown === undefined) return;
      const change = changeBy(args, state, result[field]);
      show(cache, optimistic === true ? change(shown) : state.done(result[field].inbox, change));
    };
  }

  return {
    keys: keyingConfig,
    schema,
    resolvers: { Inbox: { notifications: wholeList }, Query: { notifications: wholeList } },
    updates: {
      Query: { notifications: addPage },
      Inbox: { notifications: read },
      Mutation: {
        markNotificationsRead: mutation("markNotificationsRead", (_args, _state, answer) =>
          withAnswered(answer),
        ),
        markNotificationsUnread: mutation("markNotificationsUnread", (_args, _state, answer) =>
          withAnswered(answer),
        ),
        markAllNotificationsRead: mutation("markAllNotificationsRead", ({ upTo }: UpTo, state) => {
          const readAt = new Date().toISOString();
          return (inbox) => withRead(inbox, state.upTo(upTo ?? null), readAt);
        }),
        deleteNotifications: mutation(
          "deleteNotifications",
          ({ ids }: Ids) =>
            (inbox) =>
              without(inbox, isAmong([ids].flat())),
        ),
        clearNotifications: mutation(
          "clearNotifications",
          ({ upTo }: UpTo, state) =>
            (inbox) =>
              without(inbox, state.upTo(upTo ?? null)),
        ),
      },
      Subscription: { notificationEvents: showEvent },
    },
    optimistic: optimisticResults,
  };
}

/** Replaces notifications in the list by those of the answer. */
function withAnswered({ notifications = [] }: { readonly notifications?: readonly Notification[] }): Change {
  const changed = new Map(notifications.map((one) => [one.id, one]));
  return (inbox) => {
    const nodes = inbox.notifications.nodes.map((one) => changed.get(one.id) ?? one);
    return { ...inbox, notifications: { ...inbox.notifications, nodes } };
  };
}

/** Does it contain everything that the query `Inbox` selects? */
function isComplete(inbox: Partial<CachedInbox>): inbox is CachedInbox {
  return [
    inbox.userId,
    inbox.cursor,
    inbox.unreadCount,
    inbox.totalCount,
    inbox.notifications?.nodes,
    inbox.notifications?.pageInfo,
  ].every((part) => part !== undefined);
}
