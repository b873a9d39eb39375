/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** What a backend says to create a notification. */
export type CreateNotificationInput = {
  /** An http or https URL, or a path that begins with /: at most 2,000 characters. */
  actionUrl?: string | null | undefined;
  /** At most 4,000 characters. */
  body?: string | null | undefined;
  /** A dotted slug, e.g. order.shipped: 1 to 64 of a-z 0-9 . _ - */
  category: string;
  /** Any JSON of your own, at most 16 KiB. */
  data?: unknown;
  /** When it shall vanish: an instant in the future. */
  expiresAt?: string | null | undefined;
  /** 1 to 128 characters: the same key from the same sender gives the first result again, and no second event. Kept for at least 24 hours. */
  idempotencyKey?: string | null | undefined;
  /** How much it matters. */
  priority?: NotificationPriority | null | undefined;
  /** 1 to 200 characters. */
  title: string;
  /** Who shall get it: 1 to 128 characters. */
  userId: string;
};

/** Narrows a list: a notification is listed when every given field fits. */
export type NotificationFilter = {
  /** Exact categories, any of them; at most 50. */
  categories?: Array<string> | null | undefined;
  /** Created after this instant (not at it). */
  createdAfter?: string | null | undefined;
  /** Created before this instant (not at it). */
  createdBefore?: string | null | undefined;
  /** Any of these priorities. */
  priorities?: Array<NotificationPriority> | null | undefined;
  /** true: read ones only; false: unread ones only. */
  read?: boolean | null | undefined;
};

/** How much a notification matters. */
export type NotificationPriority =
  /** Overtakes NORMAL and LOW. */
  | 'HIGH'
  /** May wait. */
  | 'LOW'
  /** The default. */
  | 'NORMAL'
  /** Overtakes everything. */
  | 'URGENT';

export type ClearNotificationsMutationVariables = Exact<{
  userId: string;
  upTo?: string | null | undefined;
}>;


export type ClearNotificationsMutation = { __typename: 'Mutation', clearNotifications: { __typename: 'InboxPayload', inbox: { __typename: 'Inbox', userId: string, unreadCount: number, totalCount: number, cursor: string } } };

export type CreateNotificationMutationVariables = Exact<{
  input: CreateNotificationInput;
}>;


export type CreateNotificationMutation = { __typename: 'Mutation', createNotification: { __typename: 'CreateNotificationPayload', notification: { __typename: 'Notification', id: string, userId: string, category: string, title: string, body: string | null, data: unknown, actionUrl: string | null, priority: NotificationPriority, createdAt: string, readAt: string | null, expiresAt: string | null } } };

export type CreateNotificationsMutationVariables = Exact<{
  inputs: Array<CreateNotificationInput> | CreateNotificationInput;
}>;


export type CreateNotificationsMutation = { __typename: 'Mutation', createNotifications: { __typename: 'CreateNotificationsPayload', notifications: Array<{ __typename: 'Notification', id: string, userId: string, createdAt: string }> } };

export type DeleteNotificationsMutationVariables = Exact<{
  userId: string;
  ids: Array<string> | string;
}>;


export type DeleteNotificationsMutation = { __typename: 'Mutation', deleteNotifications: { __typename: 'DeleteNotificationsPayload', deletedIds: Array<string>, inbox: { __typename: 'Inbox', userId: string, unreadCount: number, totalCount: number, cursor: string } } };

export type InboxHeadFragment = { __typename: 'Inbox', userId: string, unreadCount: number, totalCount: number, cursor: string };

export type InboxQueryVariables = Exact<{
  userId: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type InboxQuery = { __typename: 'Query', inbox: { __typename: 'Inbox', userId: string, unreadCount: number, totalCount: number, cursor: string, notifications: { __typename: 'NotificationConnection', nodes: Array<{ __typename: 'Notification', id: string, userId: string, category: string, title: string, body: string | null, data: unknown, actionUrl: string | null, priority: NotificationPriority, createdAt: string, readAt: string | null, expiresAt: string | null }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, endCursor: string | null } } } };

export type MarkAllNotificationsReadMutationVariables = Exact<{
  userId: string;
  upTo?: string | null | undefined;
}>;


export type MarkAllNotificationsReadMutation = { __typename: 'Mutation', markAllNotificationsRead: { __typename: 'InboxPayload', inbox: { __typename: 'Inbox', userId: string, unreadCount: number, totalCount: number, cursor: string } } };

export type MarkNotificationsReadMutationVariables = Exact<{
  userId: string;
  ids: Array<string> | string;
}>;


export type MarkNotificationsReadMutation = { __typename: 'Mutation', markNotificationsRead: { __typename: 'NotificationsPayload', notifications: Array<{ __typename: 'Notification', id: string, userId: string, category: string, title: string, body: string | null, data: unknown, actionUrl: string | null, priority: NotificationPriority, createdAt: string, readAt: string | null, expiresAt: string | null }>, inbox: { __typename: 'Inbox', userId: string, unreadCount: number, cursor: string } } };

export type MarkNotificationsUnreadMutationVariables = Exact<{
  userId: string;
  ids: Array<string> | string;
}>;


export type MarkNotificationsUnreadMutation = { __typename: 'Mutation', markNotificationsUnread: { __typename: 'NotificationsPayload', notifications: Array<{ __typename: 'Notification', id: string, userId: string, category: string, title: string, body: string | null, data: unknown, actionUrl: string | null, priority: NotificationPriority, createdAt: string, readAt: string | null, expiresAt: string | null }>, inbox: { __typename: 'Inbox', userId: string, unreadCount: number, cursor: string } } };

type NotificationEventFields_AllNotificationsRead_Fragment = { __typename: 'AllNotificationsRead', readAt: string, upToSequence: number, cursor: string, sequence: number, userId: string, occurredAt: string, unreadCount: number };

type NotificationEventFields_InboxReady_Fragment = { __typename: 'InboxReady', cursor: string, sequence: number, userId: string, occurredAt: string, unreadCount: number };

type NotificationEventFields_InboxReset_Fragment = { __typename: 'InboxReset', cursor: string, sequence: number, userId: string, occurredAt: string, unreadCount: number };

type NotificationEventFields_NotificationCreated_Fragment = { __typename: 'NotificationCreated', cursor: string, sequence: number, userId: string, occurredAt: string, unreadCount: number, notification: { __typename: 'Notification', id: string, userId: string, category: string, title: string, body: string | null, data: unknown, actionUrl: string | null, priority: NotificationPriority, createdAt: string, readAt: string | null, expiresAt: string | null } };

type NotificationEventFields_NotificationsCleared_Fragment = { __typename: 'NotificationsCleared', upToSequence: number, cursor: string, sequence: number, userId: string, occurredAt: string, unreadCount: number };

type NotificationEventFields_NotificationsDeleted_Fragment = { __typename: 'NotificationsDeleted', notificationIds: Array<string>, cursor: string, sequence: number, userId: string, occurredAt: string, unreadCount: number };

type NotificationEventFields_NotificationsRead_Fragment = { __typename: 'NotificationsRead', notificationIds: Array<string>, readAt: string, cursor: string, sequence: number, userId: string, occurredAt: string, unreadCount: number };

type NotificationEventFields_NotificationsUnread_Fragment = { __typename: 'NotificationsUnread', notificationIds: Array<string>, cursor: string, sequence: number, userId: string, occurredAt: string, unreadCount: number };

export type NotificationEventFieldsFragment =
  | NotificationEventFields_AllNotificationsRead_Fragment
  | NotificationEventFields_InboxReady_Fragment
  | NotificationEventFields_InboxReset_Fragment
  | NotificationEventFields_NotificationCreated_Fragment
  | NotificationEventFields_NotificationsCleared_Fragment
  | NotificationEventFields_NotificationsDeleted_Fragment
  | NotificationEventFields_NotificationsRead_Fragment
  | NotificationEventFields_NotificationsUnread_Fragment
;

export type NotificationEventsSubscriptionVariables = Exact<{
  userId: string;
  after?: string | null | undefined;
}>;


export type NotificationEventsSubscription = { __typename: 'Subscription', notificationEvents:
    | { __typename: 'AllNotificationsRead', readAt: string, upToSequence: number, cursor: string, sequence: number, userId: string, occurredAt: string, unreadCount: number }
    | { __typename: 'InboxReady', cursor: string, sequence: number, userId: string, occurredAt: string, unreadCount: number }
    | { __typename: 'InboxReset', cursor: string, sequence: number, userId: string, occurredAt: string, unreadCount: number }
    | { __typename: 'NotificationCreated', cursor: string, sequence: number, userId: string, occurredAt: string, unreadCount: number, notification: { __typename: 'Notification', id: string, userId: string, category: string, title: string, body: string | null, data: unknown, actionUrl: string | null, priority: NotificationPriority, createdAt: string, readAt: string | null, expiresAt: string | null } }
    | { __typename: 'NotificationsCleared', upToSequence: number, cursor: string, sequence: number, userId: string, occurredAt: string, unreadCount: number }
    | { __typename: 'NotificationsDeleted', notificationIds: Array<string>, cursor: string, sequence: number, userId: string, occurredAt: string, unreadCount: number }
    | { __typename: 'NotificationsRead', notificationIds: Array<string>, readAt: string, cursor: string, sequence: number, userId: string, occurredAt: string, unreadCount: number }
    | { __typename: 'NotificationsUnread', notificationIds: Array<string>, cursor: string, sequence: number, userId: string, occurredAt: string, unreadCount: number }
   };

export type NotificationFieldsFragment = { __typename: 'Notification', id: string, userId: string, category: string, title: string, body: string | null, data: unknown, actionUrl: string | null, priority: NotificationPriority, createdAt: string, readAt: string | null, expiresAt: string | null };

export type NotificationsQueryVariables = Exact<{
  userId: string;
  filter?: NotificationFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type NotificationsQuery = { __typename: 'Query', notifications: { __typename: 'NotificationConnection', totalCount: number, nodes: Array<{ __typename: 'Notification', id: string, userId: string, category: string, title: string, body: string | null, data: unknown, actionUrl: string | null, priority: NotificationPriority, createdAt: string, readAt: string | null, expiresAt: string | null }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, endCursor: string | null } } };

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
    `, {"fragmentName":"InboxHead"}) as unknown as TypedDocumentString<InboxHeadFragment, unknown>;
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
    `, {"fragmentName":"NotificationFields"}) as unknown as TypedDocumentString<NotificationFieldsFragment, unknown>;
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
}`, {"fragmentName":"NotificationEventFields"}) as unknown as TypedDocumentString<NotificationEventFieldsFragment, unknown>;
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
    `) as unknown as TypedDocumentString<ClearNotificationsMutation, ClearNotificationsMutationVariables>;
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
}`) as unknown as TypedDocumentString<CreateNotificationMutation, CreateNotificationMutationVariables>;
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
    `) as unknown as TypedDocumentString<CreateNotificationsMutation, CreateNotificationsMutationVariables>;
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
    `) as unknown as TypedDocumentString<DeleteNotificationsMutation, DeleteNotificationsMutationVariables>;
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
}`) as unknown as TypedDocumentString<InboxQuery, InboxQueryVariables>;
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
    `) as unknown as TypedDocumentString<MarkAllNotificationsReadMutation, MarkAllNotificationsReadMutationVariables>;
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
}`) as unknown as TypedDocumentString<MarkNotificationsReadMutation, MarkNotificationsReadMutationVariables>;
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
}`) as unknown as TypedDocumentString<MarkNotificationsUnreadMutation, MarkNotificationsUnreadMutationVariables>;
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
}`) as unknown as TypedDocumentString<NotificationEventsSubscription, NotificationEventsSubscriptionVariables>;
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
}`) as unknown as TypedDocumentString<NotificationsQuery, NotificationsQueryVariables>;