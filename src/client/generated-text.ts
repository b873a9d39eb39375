import type { DocumentTypeDecoration } from './document-type-decoration.js';
import type * as Types from "./generated-types.js";
export type * from "./generated-types.js";
export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const InboxHeadFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment InboxHead on Inbox {
  userId
  unreadCount
  totalCount
  cursor
}
    `, {"fragmentName":"InboxHead"}) as unknown as TypedDocumentString<Types.InboxHeadFragment, unknown>;
export const NotificationFieldsFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment NotificationFields on Notification {
  id
  userId
  category
  title
  body
  data
  actionUrl
  priority
  createdAt
  readAt
  expiresAt
}
    `, {"fragmentName":"NotificationFields"}) as unknown as TypedDocumentString<Types.NotificationFieldsFragment, unknown>;
export const NotificationEventFieldsFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment NotificationEventFields on NotificationEvent {
  __typename
  cursor
  sequence
  userId
  occurredAt
  unreadCount
  ... on NotificationCreated {
    notification {
      ...NotificationFields
    }
  }
  ... on NotificationsRead {
    notificationIds
    readAt
  }
  ... on NotificationsUnread {
    notificationIds
  }
  ... on AllNotificationsRead {
    readAt
    upToSequence
  }
  ... on NotificationsDeleted {
    notificationIds
  }
  ... on NotificationsCleared {
    upToSequence
  }
}
    fragment NotificationFields on Notification {
  id
  userId
  category
  title
  body
  data
  actionUrl
  priority
  createdAt
  readAt
  expiresAt
}`, {"fragmentName":"NotificationEventFields"}) as unknown as TypedDocumentString<Types.NotificationEventFieldsFragment, unknown>;
export const ClearNotificationsDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation ClearNotifications($userId: ID!, $upTo: String) {
  clearNotifications(userId: $userId, upTo: $upTo) {
    inbox {
      userId
      unreadCount
      totalCount
      cursor
    }
  }
}
    `) as unknown as TypedDocumentString<Types.ClearNotificationsMutation, Types.ClearNotificationsMutationVariables>;
export const CreateNotificationDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation CreateNotification($input: CreateNotificationInput!) {
  createNotification(input: $input) {
    notification {
      ...NotificationFields
    }
  }
}
    fragment NotificationFields on Notification {
  id
  userId
  category
  title
  body
  data
  actionUrl
  priority
  createdAt
  readAt
  expiresAt
}`) as unknown as TypedDocumentString<Types.CreateNotificationMutation, Types.CreateNotificationMutationVariables>;
export const CreateNotificationsDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation CreateNotifications($inputs: [CreateNotificationInput!]!) {
  createNotifications(inputs: $inputs) {
    notifications {
      id
      userId
      createdAt
    }
  }
}
    `) as unknown as TypedDocumentString<Types.CreateNotificationsMutation, Types.CreateNotificationsMutationVariables>;
export const DeleteNotificationsDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation DeleteNotifications($userId: ID!, $ids: [ID!]!) {
  deleteNotifications(userId: $userId, ids: $ids) {
    deletedIds
    inbox {
      userId
      unreadCount
      totalCount
      cursor
    }
  }
}
    `) as unknown as TypedDocumentString<Types.DeleteNotificationsMutation, Types.DeleteNotificationsMutationVariables>;
export const InboxDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Inbox($userId: ID!, $first: Int, $after: String) {
  inbox(userId: $userId) {
    userId
    unreadCount
    totalCount
    cursor
    notifications(first: $first, after: $after) {
      nodes {
        ...NotificationFields
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    fragment NotificationFields on Notification {
  id
  userId
  category
  title
  body
  data
  actionUrl
  priority
  createdAt
  readAt
  expiresAt
}`) as unknown as TypedDocumentString<Types.InboxQuery, Types.InboxQueryVariables>;
export const MarkAllNotificationsReadDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation MarkAllNotificationsRead($userId: ID!, $upTo: String) {
  markAllNotificationsRead(userId: $userId, upTo: $upTo) {
    inbox {
      userId
      unreadCount
      totalCount
      cursor
    }
  }
}
    `) as unknown as TypedDocumentString<Types.MarkAllNotificationsReadMutation, Types.MarkAllNotificationsReadMutationVariables>;
export const MarkNotificationsReadDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation MarkNotificationsRead($userId: ID!, $ids: [ID!]!) {
  markNotificationsRead(userId: $userId, ids: $ids) {
    notifications {
      ...NotificationFields
    }
    inbox {
      userId
      unreadCount
      cursor
    }
  }
}
    fragment NotificationFields on Notification {
  id
  userId
  category
  title
  body
  data
  actionUrl
  priority
  createdAt
  readAt
  expiresAt
}`) as unknown as TypedDocumentString<Types.MarkNotificationsReadMutation, Types.MarkNotificationsReadMutationVariables>;
export const MarkNotificationsUnreadDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation MarkNotificationsUnread($userId: ID!, $ids: [ID!]!) {
  markNotificationsUnread(userId: $userId, ids: $ids) {
    notifications {
      ...NotificationFields
    }
    inbox {
      userId
      unreadCount
      cursor
    }
  }
}
    fragment NotificationFields on Notification {
  id
  userId
  category
  title
  body
  data
  actionUrl
  priority
  createdAt
  readAt
  expiresAt
}`) as unknown as TypedDocumentString<Types.MarkNotificationsUnreadMutation, Types.MarkNotificationsUnreadMutationVariables>;
export const NotificationEventsDocument = /*#__PURE__*/ new TypedDocumentString(`
    subscription NotificationEvents($userId: ID!, $after: String) {
  notificationEvents(userId: $userId, after: $after) {
    ...NotificationEventFields
  }
}
    fragment NotificationEventFields on NotificationEvent {
  __typename
  cursor
  sequence
  userId
  occurredAt
  unreadCount
  ... on NotificationCreated {
    notification {
      ...NotificationFields
    }
  }
  ... on NotificationsRead {
    notificationIds
    readAt
  }
  ... on NotificationsUnread {
    notificationIds
  }
  ... on AllNotificationsRead {
    readAt
    upToSequence
  }
  ... on NotificationsDeleted {
    notificationIds
  }
  ... on NotificationsCleared {
    upToSequence
  }
}
fragment NotificationFields on Notification {
  id
  userId
  category
  title
  body
  data
  actionUrl
  priority
  createdAt
  readAt
  expiresAt
}`) as unknown as TypedDocumentString<Types.NotificationEventsSubscription, Types.NotificationEventsSubscriptionVariables>;
export const NotificationsDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Notifications($userId: ID!, $filter: NotificationFilter, $first: Int, $after: String) {
  notifications(userId: $userId, filter: $filter, first: $first, after: $after) {
    totalCount
    nodes {
      ...NotificationFields
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment NotificationFields on Notification {
  id
  userId
  category
  title
  body
  data
  actionUrl
  priority
  createdAt
  readAt
  expiresAt
}`) as unknown as TypedDocumentString<Types.NotificationsQuery, Types.NotificationsQueryVariables>;