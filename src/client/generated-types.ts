/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** The input of createNotification and createNotifications. */
export type CreateNotificationInput = {
  /** The link target: an http or https URL, or a path that starts with /. At most 2,000 characters. */
  actionUrl?: string | null | undefined;
  /** A longer text: at most 4,000 characters. */
  body?: string | null | undefined;
  /** The category, e.g. order.shipped: 1 to 64 characters of a-z 0-9 . _ - */
  category: string;
  /**
   * Custom data: any JSON, at most 16 KiB. Rejected are numbers that JavaScript cannot represent exactly, such as 1e400 and
   * 12345678901234567890 (send them as strings), the name `__proto__`, and `constructor` with a `prototype`.
   */
  data?: unknown;
  /** When the notification expires: a time in the future. */
  expiresAt?: string | null | undefined;
  /**
   * 1 to 128 characters, at least one of them visible. A repeated call with the same key and input from the same sender returns the first
   * result and creates no second notification. The same key with another input is an error: BAD_USER_INPUT with
   * `extensions.reason: "IDEMPOTENCY_MISMATCH"`. Keys are stored for at least 24 hours, with a hash of the input.
   */
  idempotencyKey?: string | null | undefined;
  /** The priority. */
  priority?: NotificationPriority | null | undefined;
  /** The title: 1 to 200 characters, at least one of them visible. */
  title: string;
  /**
   * The recipient: 1 to 128 characters, at least one of them visible, without control characters or line breaks. The same rule applies
   * to the `sub` of tokens.
   */
  userId: string;
};

/** Selects notifications that match all given fields. */
export type NotificationFilter = {
  /** Any of these categories, at most 50. They must match exactly. */
  categories?: Array<string> | null | undefined;
  /** Created after this time (exclusive). */
  createdAfter?: string | null | undefined;
  /** Created before this time (exclusive). */
  createdBefore?: string | null | undefined;
  /** Any of these priorities. */
  priorities?: Array<NotificationPriority> | null | undefined;
  /** true: only read notifications; false: only unread ones. */
  read?: boolean | null | undefined;
};

/** The priority of a notification. */
export type NotificationPriority =
  /** Delivered before NORMAL and LOW. */
  | 'HIGH'
  /** Delivered after the others. */
  | 'LOW'
  /** The default. */
  | 'NORMAL'
  /** Delivered before all others. */
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
