import type { Cache, OptimisticMutationResolver } from "@urql/exchange-graphcache";
import { amongList, type CachedInbox, countUnread } from "@carillon/client/cache";
import type {
  DeleteNotificationsMutationVariables,
  MarkNotificationsReadMutationVariables,
} from "@carillon/client/operations";
import { readInbox } from "./graphcache-inbox.js";

const read: OptimisticMutationResolver<MarkNotificationsReadMutationVariables> = ({ userId, ids }, cache) => {
  const meant = among(cache, userId, ids);
  const readAt = new Date().toISOString();
  return {
    __typename: "NotificationsPayload",
    notifications: meant.map((one) => ({ ...one, readAt: one.readAt ?? readAt })),
    inbox: changed(cache, userId, -countUnread(meant), 0),
  };
};

const unread: OptimisticMutationResolver<MarkNotificationsReadMutationVariables> = (
  { userId, ids },
  cache,
) => {
  const meant = among(cache, userId, ids);
  return {
    __typename: "NotificationsPayload",
    notifications: meant.map((one) => ({ ...one, readAt: null })),
    inbox: changed(cache, userId, meant.length - countUnread(meant), 0),
  };
};

const remove: OptimisticMutationResolver<DeleteNotificationsMutationVariables> = ({ userId, ids }, cache) => {
  const meant = among(cache, userId, ids);
  return {
    __typename: "DeleteNotificationsPayload",
    deletedIds: [ids].flat(),
    inbox: changed(cache, userId, -countUnread(meant), -meant.length),
  };
};

const markAllRead: OptimisticMutationResolver<{ userId: string }> = ({ userId }) => ({
  __typename: "InboxPayload",
  inbox: { __typename: "Inbox", userId, unreadCount: 0 },
});

const clear: OptimisticMutationResolver<{ userId: string }> = ({ userId }) => ({
  __typename: "InboxPayload",
  inbox: { __typename: "Inbox", userId, unreadCount: 0, totalCount: 0 },
});

/** What mutations are expected to answer, as far as the cache can tell. Other fields keep their values. */
export const optimisticResults = {
  markNotificationsRead: read,
  markNotificationsUnread: unread,
  markAllNotificationsRead: markAllRead,
  deleteNotifications: remove,
  clearNotifications: clear,
};

function among(
  cache: Cache,
  userId: string,
  ids: string | readonly string[],
): CachedInbox["notifications"]["nodes"] {
  const inbox = readInbox(cache, userId);
  return inbox === undefined ? [] : [...amongList(inbox, [ids].flat())];
}

function changed(cache: Cache, userId: string, unread: number, total: number): object {
  const inbox = readInbox(cache, userId);
  if (inbox === undefined) return { __typename: "Inbox", userId };
  const { __typename, cursor, unreadCount, totalCount } = inbox;
  return { __typename, userId, cursor, unreadCount: unreadCount + unread, totalCount: totalCount + total };
}
