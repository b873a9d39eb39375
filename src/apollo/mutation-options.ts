import type { ApolloClient } from "@apollo/client";
import {
  amongList,
  type CachedInbox,
  countUnread,
  isAmong,
  setRead,
  without,
  withRead,
} from "@carillon/client/cache";
import {
  ClearNotificationsDocument,
  type ClearNotificationsMutation,
  type ClearNotificationsMutationVariables,
  DeleteNotificationsDocument,
  type DeleteNotificationsMutation,
  type DeleteNotificationsMutationVariables,
  MarkAllNotificationsReadDocument,
  type MarkAllNotificationsReadMutation,
  type MarkAllNotificationsReadMutationVariables,
  MarkNotificationsReadDocument,
  type MarkNotificationsReadMutation,
  type MarkNotificationsReadMutationVariables,
  MarkNotificationsUnreadDocument,
  type MarkNotificationsUnreadMutation,
  type MarkNotificationsUnreadMutationVariables,
} from "@carillon/client/operations";
import { updateInbox, upTo } from "./apollo-cache.js";

/*
 * Each function returns the options of `client.mutate` for one command on a result of the query `Inbox`. The effect of the command
 * is shown immediately, and undone when it fails.
 */

export function markRead(
  inbox: CachedInbox,
  ids: readonly string[],
): ApolloClient.MutateOptions<MarkNotificationsReadMutation, MarkNotificationsReadMutationVariables> {
  const notifications = setRead(amongList(inbox, ids), () => true, now());
  const fewer = countUnread(amongList(inbox, ids));
  return {
    mutation: MarkNotificationsReadDocument,
    variables: { userId: inbox.userId, ids: [...ids] },
    optimisticResponse: {
      __typename: "Mutation",
      markNotificationsRead: {
        __typename: "NotificationsPayload",
        notifications: [...notifications],
        inbox: { ...head(inbox), unreadCount: inbox.unreadCount - fewer },
      },
    },
  };
}

export function markUnread(
  inbox: CachedInbox,
  ids: readonly string[],
): ApolloClient.MutateOptions<MarkNotificationsUnreadMutation, MarkNotificationsUnreadMutationVariables> {
  const notifications = setRead(amongList(inbox, ids), () => true, null);
  const more = notifications.length - countUnread(amongList(inbox, ids));
  return {
    mutation: MarkNotificationsUnreadDocument,
    variables: { userId: inbox.userId, ids: [...ids] },
    optimisticResponse: {
      __typename: "Mutation",
      markNotificationsUnread: {
        __typename: "NotificationsPayload",
        notifications: [...notifications],
        inbox: { ...head(inbox), unreadCount: inbox.unreadCount + more },
      },
    },
  };
}

/** What arrives after the inbox that is shown stays unread. */
export function markAllRead(
  inbox: CachedInbox,
): ApolloClient.MutateOptions<MarkAllNotificationsReadMutation, MarkAllNotificationsReadMutationVariables> {
  const readAt = now();
  return {
    mutation: MarkAllNotificationsReadDocument,
    variables: { userId: inbox.userId, upTo: inbox.cursor },
    optimisticResponse: {
      __typename: "Mutation",
      markAllNotificationsRead: { __typename: "InboxPayload", inbox: { ...head(inbox), unreadCount: 0 } },
    },
    update(cache) {
      updateInbox(cache, inbox.userId, (current) => withRead(current, upTo(cache, inbox), readAt));
    },
  };
}

export function deleteNotifications(
  inbox: CachedInbox,
  ids: readonly string[],
): ApolloClient.MutateOptions<DeleteNotificationsMutation, DeleteNotificationsMutationVariables> {
  const gone = amongList(inbox, ids);
  return {
    mutation: DeleteNotificationsDocument,
    variables: { userId: inbox.userId, ids: [...ids] },
    optimisticResponse: {
      __typename: "Mutation",
      deleteNotifications: {
        __typename: "DeleteNotificationsPayload",
        deletedIds: [...ids],
        inbox: {
          ...head(inbox),
          unreadCount: inbox.unreadCount - countUnread(gone),
          totalCount: inbox.totalCount - gone.length,
        },
      },
    },
    update: (cache) => updateInbox(cache, inbox.userId, (current) => without(current, isAmong(ids))),
  };
}

/** What arrives after the inbox that is shown stays. */
export function clearNotifications(
  inbox: CachedInbox,
): ApolloClient.MutateOptions<ClearNotificationsMutation, ClearNotificationsMutationVariables> {
  return {
    mutation: ClearNotificationsDocument,
    variables: { userId: inbox.userId, upTo: inbox.cursor },
    optimisticResponse: {
      __typename: "Mutation",
      clearNotifications: {
        __typename: "InboxPayload",
        inbox: { ...head(inbox), unreadCount: 0, totalCount: 0 },
      },
    },
    update: (cache) => updateInbox(cache, inbox.userId, (current) => without(current, upTo(cache, inbox))),
  };
}

function head({
  __typename,
  userId,
  unreadCount,
  totalCount,
  cursor,
}: CachedInbox): Omit<CachedInbox, "notifications"> {
  return { __typename, userId, unreadCount, totalCount, cursor };
}

function now(): string {
  return new Date().toISOString();
}
