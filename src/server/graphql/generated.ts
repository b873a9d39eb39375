import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { Notification as StoredNotification } from '../notifications/notification.js';
import type { NotificationPage, ListedNotification } from '../notifications/queries.js';
import type { SelectedInbox } from './inbox-selection.js';
import type { InboxChanged } from '../notifications/commands.js';
import type { FeedItem, StreamMarker } from '../live/feed.js';
import type { EventSource } from './resolvers/event-resolvers.js';
import type { ListedDeadLetter, DeadLetterPage } from '../delivery/dead-letters/list.js';
import type { WebhookEndpoint as StoredEndpoint } from '../delivery/webhooks/endpoint.js';
import type { WebhookAttempt as StoredAttempt, AttemptPage } from '../delivery/webhooks/attempt-store.js';
import type { Context } from './context.js';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** An RFC 3339 date and time in UTC with milliseconds, e.g. 2026-11-23T09:41:17.111Z. Input may have any offset. */
  DateTime: { input: Date; output: Date; }
  /**
   * Any JSON value. It is stored unchanged or rejected: JavaScript must be able to represent each number exactly. If an object in the
   * variables contains a name twice, the last member counts.
   */
  JSON: { input: unknown; output: unknown; }
};

/** All notifications that were created by events up to `upToSequence` are now read. */
export type AllNotificationsRead = NotificationEvent & {
  readonly __typename?: 'AllNotificationsRead';
  /** The opaque position of this event in the user's stream. Pass it as `after` to continue from here. */
  readonly cursor: Scalars['String']['output'];
  /** When the event occurred. */
  readonly occurredAt: Scalars['DateTime']['output'];
  /** When the notifications were read. */
  readonly readAt: Scalars['DateTime']['output'];
  /** The number of the event in the user's stream: 1, 2, 3 …, without gaps. */
  readonly sequence: Scalars['Int']['output'];
  /** The number of unread notifications after this event. */
  readonly unreadCount: Scalars['Int']['output'];
  /** The sequence of the last event whose notification is affected. */
  readonly upToSequence: Scalars['Int']['output'];
  /** The inbox owner. */
  readonly userId: Scalars['ID']['output'];
};

/** The input of createNotification and createNotifications. */
export type CreateNotificationInput = {
  /** The link target: an http or https URL, or a path that starts with /. At most 2,000 characters. */
  readonly actionUrl?: InputMaybe<Scalars['String']['input']>;
  /** A longer text: at most 4,000 characters. */
  readonly body?: InputMaybe<Scalars['String']['input']>;
  /** The category, e.g. order.shipped: 1 to 64 characters of a-z 0-9 . _ - */
  readonly category: Scalars['String']['input'];
  /**
   * Custom data: any JSON, at most 16 KiB. Rejected are numbers that JavaScript cannot represent exactly, such as 1e400 and
   * 12345678901234567890 (send them as strings), the name `__proto__`, and `constructor` with a `prototype`.
   */
  readonly data?: InputMaybe<Scalars['JSON']['input']>;
  /** When the notification expires: a time in the future. */
  readonly expiresAt?: InputMaybe<Scalars['DateTime']['input']>;
  /**
   * 1 to 128 characters, at least one of them visible. A repeated call with the same key and input from the same sender returns the first
   * result and creates no second notification. The same key with another input is an error: BAD_USER_INPUT with
   * `extensions.reason: "IDEMPOTENCY_MISMATCH"`. Keys are stored for at least 24 hours, with a hash of the input.
   */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** The priority. */
  readonly priority?: InputMaybe<NotificationPriority>;
  /** The title: 1 to 200 characters, at least one of them visible. */
  readonly title: Scalars['String']['input'];
  /**
   * The recipient: 1 to 128 characters, at least one of them visible, without control characters or line breaks. The same rule applies
   * to the `sub` of tokens.
   */
  readonly userId: Scalars['ID']['input'];
};

/** The result of createNotification. */
export type CreateNotificationPayload = {
  readonly __typename?: 'CreateNotificationPayload';
  /** The notification as it was created. */
  readonly notification: Notification;
};

/** The result of createNotifications. */
export type CreateNotificationsPayload = {
  readonly __typename?: 'CreateNotificationsPayload';
  /** The notifications as they were created, in the order of the inputs. */
  readonly notifications: ReadonlyArray<Notification>;
};

/** The input of createWebhookEndpoint. */
export type CreateWebhookEndpointInput = {
  /** How events are batched; one event per request if absent. */
  readonly batch?: InputMaybe<WebhookBatchInput>;
  /** 1 to 50 exact categories: only the creation of notifications in these is delivered. All events if absent. */
  readonly categories?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** A description: at most 500 characters, at least one of them visible. */
  readonly description?: InputMaybe<Scalars['String']['input']>;
  /** The event types to deliver, at least one; all if absent. */
  readonly eventTypes?: InputMaybe<ReadonlyArray<WebhookEventType>>;
  /**
   * An http or https URL of at most 2,000 characters, without credentials. Its host must have a public address, unless the configuration
   * allows others. The address is checked with each request.
   */
  readonly url: Scalars['String']['input'];
};

/** A message that could not be processed. It is stored until it is retried or discarded, or until DEAD_LETTER_RETENTION has passed. */
export type DeadLetter = {
  readonly __typename?: 'DeadLetter';
  /** The number of failed attempts. */
  readonly attempts: Scalars['Int']['output'];
  /** The first 64 KiB of the message as text; bytes that are not UTF-8 appear as replacement characters. */
  readonly body: Scalars['String']['output'];
  /** The last error, in one line, if it is known. */
  readonly error?: Maybe<Scalars['String']['output']>;
  /** The id of the event, from the message; null if the message has none. */
  readonly eventId?: Maybe<Scalars['ID']['output']>;
  /** When the message failed for the first time. */
  readonly firstFailedAt: Scalars['DateTime']['output'];
  /** The id of the dead letter. It stays the same if the same message fails in the same queue again. */
  readonly id: Scalars['ID']['output'];
  /** When the message failed for the last time. */
  readonly lastFailedAt: Scalars['DateTime']['output'];
  /** The content of the message; null if it is not JSON, or larger than 64 KiB. */
  readonly payload?: Maybe<Scalars['JSON']['output']>;
  /** The queue in which the message failed, and to which a retry returns it, e.g. notification.new. */
  readonly queue: Scalars['String']['output'];
  /** Why the message became a dead letter. */
  readonly reason: DeadLetterReason;
  /** The type of the event, from the message; null if the message has none. */
  readonly type?: Maybe<Scalars['String']['output']>;
};

/** One page of dead letters (Relay cursor connection). */
export type DeadLetterConnection = {
  readonly __typename?: 'DeadLetterConnection';
  /** The dead letters with their cursors. */
  readonly edges: ReadonlyArray<DeadLetterEdge>;
  /** The dead letters without cursors. */
  readonly nodes: ReadonlyArray<DeadLetter>;
  /** The position of this page in the list. */
  readonly pageInfo: PageInfo;
  /** The number of dead letters on all pages, with the same filter. Counted only if this field is selected. */
  readonly totalCount: Scalars['Int']['output'];
};

/** A dead letter on a page. */
export type DeadLetterEdge = {
  readonly __typename?: 'DeadLetterEdge';
  /** An opaque position in the list. Pass it as `after` to get the following items. */
  readonly cursor: Scalars['String']['output'];
  /** The dead letter. */
  readonly node: DeadLetter;
};

/** Selects dead letters that match all given fields. Without fields, it selects all. */
export type DeadLetterFilter = {
  /** The message failed for the last time after this time (exclusive). */
  readonly failedAfter?: InputMaybe<Scalars['DateTime']['input']>;
  /** The message failed for the last time before this time (exclusive). */
  readonly failedBefore?: InputMaybe<Scalars['DateTime']['input']>;
  /** The queue in which the message failed. */
  readonly queue?: InputMaybe<Scalars['String']['input']>;
  /** Why the message became a dead letter. */
  readonly reason?: InputMaybe<DeadLetterReason>;
  /** The type of the event. */
  readonly type?: InputMaybe<Scalars['String']['input']>;
};

/** Why a message became a dead letter. */
export type DeadLetterReason =
  /** All attempts failed. */
  | 'FAILED'
  /** Its queue was full. */
  | 'OVERFLOWED'
  /** The message cannot be read: it is not JSON, or has an unknown version. */
  | 'POISONED'
  /** A consumer rejected it without a reason. */
  | 'REJECTED';

/** The result of retryDeadLetters and discardDeadLetters. */
export type DeadLettersPayload = {
  readonly __typename?: 'DeadLettersPayload';
  /** The number of dead letters that were retried or discarded. */
  readonly count: Scalars['Int']['output'];
};

/** The result of deleteNotifications. */
export type DeleteNotificationsPayload = {
  readonly __typename?: 'DeleteNotificationsPayload';
  /** The ids of the deleted notifications. */
  readonly deletedIds: ReadonlyArray<Scalars['ID']['output']>;
  /** The inbox after the change. */
  readonly inbox: Inbox;
};

/** The result of deleteWebhookEndpoint. */
export type DeleteWebhookEndpointPayload = {
  readonly __typename?: 'DeleteWebhookEndpointPayload';
  /** The id of the deleted endpoint; null if it did not exist. */
  readonly deletedId?: Maybe<Scalars['ID']['output']>;
};

/** A user's inbox. */
export type Inbox = {
  readonly __typename?: 'Inbox';
  /** The position of the latest event. Pass it as `after` to `notificationEvents`, and the stream continues exactly where this snapshot ends. */
  readonly cursor: Scalars['String']['output'];
  /** The user's notifications in the same snapshot, newest first. */
  readonly notifications: NotificationConnection;
  /** The number of notifications. */
  readonly totalCount: Scalars['Int']['output'];
  /** The number of unread notifications. */
  readonly unreadCount: Scalars['Int']['output'];
  /** The inbox owner. */
  readonly userId: Scalars['ID']['output'];
};


/** A user's inbox. */
export type InboxNotificationsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<NotificationFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
};

/** The result of a change to a whole inbox. */
export type InboxPayload = {
  readonly __typename?: 'InboxPayload';
  /** The inbox after the change. */
  readonly inbox: Inbox;
};

/** A marker: the following events are live. It has the position of the latest event and the current unread count, and no sequence of its own. */
export type InboxReady = NotificationEvent & {
  readonly __typename?: 'InboxReady';
  /** The position of the latest event in the user's stream. */
  readonly cursor: Scalars['String']['output'];
  /** When the marker was sent. */
  readonly occurredAt: Scalars['DateTime']['output'];
  /** The sequence of the latest event; 0 if there is none yet. */
  readonly sequence: Scalars['Int']['output'];
  /** The current number of unread notifications. */
  readonly unreadCount: Scalars['Int']['output'];
  /** The inbox owner. */
  readonly userId: Scalars['ID']['output'];
};

/** A marker: earlier events are no longer available, so the client must reload the inbox. It has the position of the latest event, and no sequence of its own. */
export type InboxReset = NotificationEvent & {
  readonly __typename?: 'InboxReset';
  /** The position of the latest event in the user's stream. */
  readonly cursor: Scalars['String']['output'];
  /** When the marker was sent. */
  readonly occurredAt: Scalars['DateTime']['output'];
  /** The sequence of the latest event; 0 if there is none yet. */
  readonly sequence: Scalars['Int']['output'];
  /** The current number of unread notifications. */
  readonly unreadCount: Scalars['Int']['output'];
  /** The inbox owner. */
  readonly userId: Scalars['ID']['output'];
};

export type Mutation = {
  readonly __typename?: 'Mutation';
  /** Deletes all notifications of the user, or all that were created up to a cursor. */
  readonly clearNotifications: InboxPayload;
  /**
   * Creates a notification. Requires the scope notifications:send. A repeated call with the same `idempotencyKey` and input from the same
   * sender returns the first result and creates no second notification. The result is the notification as it was created, even if it has
   * been read, deleted or has expired since.
   */
  readonly createNotification: CreateNotificationPayload;
  /**
   * Creates 1 to 1,000 notifications, all or none. Requires the scope notifications:send. If one `idempotencyKey` was used with another
   * input, none is created.
   */
  readonly createNotifications: CreateNotificationsPayload;
  /** Creates an enabled endpoint. There may be at most 200. All mutations of webhooks require the scope notifications:admin. */
  readonly createWebhookEndpoint: WebhookSecretPayload;
  /** Deletes notifications. Unknown ids and those of other users are ignored. */
  readonly deleteNotifications: DeleteNotificationsPayload;
  /** Deletes an endpoint with its attempts. */
  readonly deleteWebhookEndpoint: DeleteWebhookEndpointPayload;
  /** Disables an endpoint. Events that are queued for it are kept for a week. It does not receive events that occur while it is disabled. */
  readonly disableWebhookEndpoint: WebhookEndpointPayload;
  /**
   * Deletes dead letters permanently. Requires either `ids` or `filter`. Unknown ids are ignored. Messages that fail while this runs stay in
   * the list. Requires the scope notifications:admin.
   */
  readonly discardDeadLetters: DeadLettersPayload;
  /** Enables an endpoint. It receives the events that were queued when it was disabled, and all from now on. */
  readonly enableWebhookEndpoint: WebhookEndpointPayload;
  /** Marks all notifications as read, or all that were created up to a cursor, so that later ones stay unread. */
  readonly markAllNotificationsRead: InboxPayload;
  /**
   * Marks notifications as read. Notifications that are already read, unknown or another user's are ignored; `notifications` contains
   * those that changed. Without a change there is no event.
   */
  readonly markNotificationsRead: NotificationsPayload;
  /** Marks notifications as unread. Ids are ignored as in markNotificationsRead. */
  readonly markNotificationsUnread: NotificationsPayload;
  /**
   * Returns dead letters to their queues, oldest first. They are removed from the list when the broker has confirmed them. Requires
   * either `ids` or `filter`. Unknown ids are ignored. Messages that fail while this runs stay in the list. Requires the scope
   * notifications:admin.
   *
   * If the service becomes unavailable meanwhile, the error SERVICE_UNAVAILABLE contains in `extensions.count` how many were returned; the
   * others remain in the list. After a crash a message may be returned twice, but none is lost.
   */
  readonly retryDeadLetters: DeadLettersPayload;
  /**
   * Creates a new secret. For 24 hours requests are also signed with the previous one, so that the receiver can change its secret without
   * rejecting requests.
   */
  readonly rotateWebhookSecret: WebhookSecretPayload;
  /** Sends an event of type `test` to an endpoint immediately, even if it is disabled, and returns the result. */
  readonly sendTestWebhook: SendTestWebhookPayload;
  /** Changes an endpoint. */
  readonly updateWebhookEndpoint: WebhookEndpointPayload;
};


export type MutationClearNotificationsArgs = {
  upTo?: InputMaybe<Scalars['String']['input']>;
  userId: Scalars['ID']['input'];
};


export type MutationCreateNotificationArgs = {
  input: CreateNotificationInput;
};


export type MutationCreateNotificationsArgs = {
  inputs: ReadonlyArray<CreateNotificationInput>;
};


export type MutationCreateWebhookEndpointArgs = {
  input: CreateWebhookEndpointInput;
};


export type MutationDeleteNotificationsArgs = {
  ids: ReadonlyArray<Scalars['ID']['input']>;
  userId: Scalars['ID']['input'];
};


export type MutationDeleteWebhookEndpointArgs = {
  id: Scalars['ID']['input'];
};


export type MutationDisableWebhookEndpointArgs = {
  id: Scalars['ID']['input'];
};


export type MutationDiscardDeadLettersArgs = {
  filter?: InputMaybe<DeadLetterFilter>;
  ids?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
};


export type MutationEnableWebhookEndpointArgs = {
  id: Scalars['ID']['input'];
};


export type MutationMarkAllNotificationsReadArgs = {
  upTo?: InputMaybe<Scalars['String']['input']>;
  userId: Scalars['ID']['input'];
};


export type MutationMarkNotificationsReadArgs = {
  ids: ReadonlyArray<Scalars['ID']['input']>;
  userId: Scalars['ID']['input'];
};


export type MutationMarkNotificationsUnreadArgs = {
  ids: ReadonlyArray<Scalars['ID']['input']>;
  userId: Scalars['ID']['input'];
};


export type MutationRetryDeadLettersArgs = {
  filter?: InputMaybe<DeadLetterFilter>;
  ids?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
};


export type MutationRotateWebhookSecretArgs = {
  id: Scalars['ID']['input'];
};


export type MutationSendTestWebhookArgs = {
  id: Scalars['ID']['input'];
};


export type MutationUpdateWebhookEndpointArgs = {
  id: Scalars['ID']['input'];
  input: UpdateWebhookEndpointInput;
};

/** A message for a user, created by a backend. */
export type Notification = {
  readonly __typename?: 'Notification';
  /** The link target: an http or https URL, or a path that starts with /. */
  readonly actionUrl?: Maybe<Scalars['String']['output']>;
  /** A longer text. */
  readonly body?: Maybe<Scalars['String']['output']>;
  /** The category chosen by the sender, e.g. order.shipped. */
  readonly category: Scalars['String']['output'];
  /** When the notification was created. */
  readonly createdAt: Scalars['DateTime']['output'];
  /** Custom data of the sender, unchanged: at most 16 KiB as JSON. */
  readonly data?: Maybe<Scalars['JSON']['output']>;
  /** After this time the notification is no longer listed or counted, and is deleted soon; null if it does not expire. */
  readonly expiresAt?: Maybe<Scalars['DateTime']['output']>;
  /** A UUIDv7: later notifications have greater ids. */
  readonly id: Scalars['ID']['output'];
  /** The priority. URGENT and HIGH are delivered to webhooks before the others. */
  readonly priority: NotificationPriority;
  /** When the notification was marked as read; null while it is unread. */
  readonly readAt?: Maybe<Scalars['DateTime']['output']>;
  /** The title: one line of text. */
  readonly title: Scalars['String']['output'];
  /** The inbox owner. */
  readonly userId: Scalars['ID']['output'];
};

/** One page of notifications (Relay cursor connection). */
export type NotificationConnection = {
  readonly __typename?: 'NotificationConnection';
  /** The notifications with their cursors. */
  readonly edges: ReadonlyArray<NotificationEdge>;
  /** The notifications without cursors. */
  readonly nodes: ReadonlyArray<Notification>;
  /** The position of this page in the list. */
  readonly pageInfo: PageInfo;
  /** The number of notifications on all pages, with the same filter. Counted only if this field is selected. */
  readonly totalCount: Scalars['Int']['output'];
};

/** A notification was created. */
export type NotificationCreated = NotificationEvent & {
  readonly __typename?: 'NotificationCreated';
  /** The opaque position of this event in the user's stream. Pass it as `after` to continue from here. */
  readonly cursor: Scalars['String']['output'];
  /** The notification as it was created. */
  readonly notification: Notification;
  /** When the event occurred. */
  readonly occurredAt: Scalars['DateTime']['output'];
  /** The number of the event in the user's stream: 1, 2, 3 …, without gaps. */
  readonly sequence: Scalars['Int']['output'];
  /** The number of unread notifications after this event. */
  readonly unreadCount: Scalars['Int']['output'];
  /** The inbox owner. */
  readonly userId: Scalars['ID']['output'];
};

/** A notification on a page. */
export type NotificationEdge = {
  readonly __typename?: 'NotificationEdge';
  /** An opaque position in the list. Pass it as `after` to get the following items. */
  readonly cursor: Scalars['String']['output'];
  /** The notification. */
  readonly node: Notification;
};

/** A change to a user's inbox, or a marker in the stream of changes (InboxReady, InboxReset). */
export type NotificationEvent = {
  /** The opaque position of this event in the user's stream. Pass it as `after` to continue from here. */
  readonly cursor: Scalars['String']['output'];
  /** When the event occurred. */
  readonly occurredAt: Scalars['DateTime']['output'];
  /** The number of the event in the user's stream: 1, 2, 3 …, without gaps. InboxReady and InboxReset repeat the latest event's number. */
  readonly sequence: Scalars['Int']['output'];
  /** The number of unread notifications after this event. */
  readonly unreadCount: Scalars['Int']['output'];
  /** The inbox owner. */
  readonly userId: Scalars['ID']['output'];
};

/** Selects notifications that match all given fields. */
export type NotificationFilter = {
  /** Any of these categories, at most 50. They must match exactly. */
  readonly categories?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** Created after this time (exclusive). */
  readonly createdAfter?: InputMaybe<Scalars['DateTime']['input']>;
  /** Created before this time (exclusive). */
  readonly createdBefore?: InputMaybe<Scalars['DateTime']['input']>;
  /** Any of these priorities. */
  readonly priorities?: InputMaybe<ReadonlyArray<NotificationPriority>>;
  /** true: only read notifications; false: only unread ones. */
  readonly read?: InputMaybe<Scalars['Boolean']['input']>;
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

/** All notifications that were created by events up to `upToSequence` were deleted. */
export type NotificationsCleared = NotificationEvent & {
  readonly __typename?: 'NotificationsCleared';
  /** The opaque position of this event in the user's stream. Pass it as `after` to continue from here. */
  readonly cursor: Scalars['String']['output'];
  /** When the event occurred. */
  readonly occurredAt: Scalars['DateTime']['output'];
  /** The number of the event in the user's stream: 1, 2, 3 …, without gaps. */
  readonly sequence: Scalars['Int']['output'];
  /** The number of unread notifications after this event. */
  readonly unreadCount: Scalars['Int']['output'];
  /** The sequence of the last event whose notification is affected. */
  readonly upToSequence: Scalars['Int']['output'];
  /** The inbox owner. */
  readonly userId: Scalars['ID']['output'];
};

/** Notifications were deleted by the user, or because they expired. */
export type NotificationsDeleted = NotificationEvent & {
  readonly __typename?: 'NotificationsDeleted';
  /** The opaque position of this event in the user's stream. Pass it as `after` to continue from here. */
  readonly cursor: Scalars['String']['output'];
  /** The ids of the notifications. */
  readonly notificationIds: ReadonlyArray<Scalars['ID']['output']>;
  /** When the event occurred. */
  readonly occurredAt: Scalars['DateTime']['output'];
  /** The number of the event in the user's stream: 1, 2, 3 …, without gaps. */
  readonly sequence: Scalars['Int']['output'];
  /** The number of unread notifications after this event. */
  readonly unreadCount: Scalars['Int']['output'];
  /** The inbox owner. */
  readonly userId: Scalars['ID']['output'];
};

/** The result of a change to some notifications. */
export type NotificationsPayload = {
  readonly __typename?: 'NotificationsPayload';
  /** The inbox after the change. */
  readonly inbox: Inbox;
  /** The changed notifications, newest first. */
  readonly notifications: ReadonlyArray<Notification>;
};

/** Notifications were marked as read. */
export type NotificationsRead = NotificationEvent & {
  readonly __typename?: 'NotificationsRead';
  /** The opaque position of this event in the user's stream. Pass it as `after` to continue from here. */
  readonly cursor: Scalars['String']['output'];
  /** The ids of the notifications. */
  readonly notificationIds: ReadonlyArray<Scalars['ID']['output']>;
  /** When the event occurred. */
  readonly occurredAt: Scalars['DateTime']['output'];
  /** When the notifications were read. */
  readonly readAt: Scalars['DateTime']['output'];
  /** The number of the event in the user's stream: 1, 2, 3 …, without gaps. */
  readonly sequence: Scalars['Int']['output'];
  /** The number of unread notifications after this event. */
  readonly unreadCount: Scalars['Int']['output'];
  /** The inbox owner. */
  readonly userId: Scalars['ID']['output'];
};

/** Notifications were marked as unread again. */
export type NotificationsUnread = NotificationEvent & {
  readonly __typename?: 'NotificationsUnread';
  /** The opaque position of this event in the user's stream. Pass it as `after` to continue from here. */
  readonly cursor: Scalars['String']['output'];
  /** The ids of the notifications. */
  readonly notificationIds: ReadonlyArray<Scalars['ID']['output']>;
  /** When the event occurred. */
  readonly occurredAt: Scalars['DateTime']['output'];
  /** The number of the event in the user's stream: 1, 2, 3 …, without gaps. */
  readonly sequence: Scalars['Int']['output'];
  /** The number of unread notifications after this event. */
  readonly unreadCount: Scalars['Int']['output'];
  /** The inbox owner. */
  readonly userId: Scalars['ID']['output'];
};

/** The position of a page in its list (Relay cursor connection). */
export type PageInfo = {
  readonly __typename?: 'PageInfo';
  /** The cursor of the last edge, to pass as `after`; null on an empty page. */
  readonly endCursor?: Maybe<Scalars['String']['output']>;
  /** Whether there are more items after this page. */
  readonly hasNextPage: Scalars['Boolean']['output'];
  /** Whether there are items before this page. */
  readonly hasPreviousPage: Scalars['Boolean']['output'];
  /** The cursor of the first edge; null on an empty page. */
  readonly startCursor?: Maybe<Scalars['String']['output']>;
};

export type Query = {
  readonly __typename?: 'Query';
  /** Messages that could not be processed, the latest failure first. Requires the scope notifications:admin. */
  readonly deadLetters: DeadLetterConnection;
  /** A user's inbox. All selected fields are read in one snapshot. */
  readonly inbox: Inbox;
  /** A notification; null if it does not exist or belongs to another user. */
  readonly notification?: Maybe<Notification>;
  /** A user's notifications, newest first. */
  readonly notifications: NotificationConnection;
  /** An endpoint; null if it does not exist. Requires the scope notifications:admin. */
  readonly webhookEndpoint?: Maybe<WebhookEndpoint>;
  /** All endpoints, oldest first. Requires the scope notifications:admin. */
  readonly webhookEndpoints: ReadonlyArray<WebhookEndpoint>;
};


export type QueryDeadLettersArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<DeadLetterFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


export type QueryInboxArgs = {
  userId: Scalars['ID']['input'];
};


export type QueryNotificationArgs = {
  id: Scalars['ID']['input'];
};


export type QueryNotificationsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<NotificationFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  userId: Scalars['ID']['input'];
};


export type QueryWebhookEndpointArgs = {
  id: Scalars['ID']['input'];
};

/** The result of sendTestWebhook. */
export type SendTestWebhookPayload = {
  readonly __typename?: 'SendTestWebhookPayload';
  /** The delivery attempt. */
  readonly attempt: WebhookAttempt;
};

export type Subscription = {
  readonly __typename?: 'Subscription';
  /**
   * The user's events, each exactly once, in the order of `sequence`, without gaps.
   *
   * Without `after`, the stream starts now. With `after`, it starts with all events since that cursor and continues live, without a gap or a
   * repetition in between. If the cursor is unknown, or older than the stored events, the stream starts with InboxReset: reload the inbox
   * and continue from the cursor of InboxReset. Each subscription receives InboxReady once, after the replayed events, if any, and before the
   * live ones.
   */
  readonly notificationEvents: NotificationEvent;
};


export type SubscriptionNotificationEventsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  userId: Scalars['ID']['input'];
};

/** The changes to an endpoint. Absent fields stay unchanged; null removes a value. */
export type UpdateWebhookEndpointInput = {
  /** How events are batched; null for one event per request. */
  readonly batch?: InputMaybe<WebhookBatchInput>;
  /** 1 to 50 exact categories; null for all. */
  readonly categories?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** A description: at most 500 characters, at least one of them visible. */
  readonly description?: InputMaybe<Scalars['String']['input']>;
  /** The event types to deliver, at least one; null for all. */
  readonly eventTypes?: InputMaybe<ReadonlyArray<WebhookEventType>>;
  /** The URL, as in createWebhookEndpoint; null changes nothing. */
  readonly url?: InputMaybe<Scalars['String']['input']>;
};

/** The attempt to deliver an event to an endpoint. */
export type WebhookAttempt = {
  readonly __typename?: 'WebhookAttempt';
  /** The number of the attempt for this event, starting with 1. */
  readonly attempt: Scalars['Int']['output'];
  /** When the request was sent. */
  readonly attemptedAt: Scalars['DateTime']['output'];
  /** Whether the endpoint accepted the event with a 2xx status. */
  readonly delivered: Scalars['Boolean']['output'];
  /** Why the event was not delivered, in one line; null if it was delivered. */
  readonly error?: Maybe<Scalars['String']['output']>;
  /** The id of the event, as in the payload. */
  readonly eventId: Scalars['ID']['output'];
  /** A UUIDv7: later attempts have greater ids. */
  readonly id: Scalars['ID']['output'];
  /** The time in milliseconds until the response or the error. */
  readonly latency: Scalars['Int']['output'];
  /** The HTTP status; null if there was no response. */
  readonly status?: Maybe<Scalars['Int']['output']>;
};

/** One page of attempts (Relay cursor connection). */
export type WebhookAttemptConnection = {
  readonly __typename?: 'WebhookAttemptConnection';
  /** The attempts with their cursors. */
  readonly edges: ReadonlyArray<WebhookAttemptEdge>;
  /** The attempts without cursors. */
  readonly nodes: ReadonlyArray<WebhookAttempt>;
  /** The position of this page in the list. */
  readonly pageInfo: PageInfo;
};

/** An attempt on a page. */
export type WebhookAttemptEdge = {
  readonly __typename?: 'WebhookAttemptEdge';
  /** An opaque position in the list. Pass it as `after` to get the following items. */
  readonly cursor: Scalars['String']['output'];
  /** The attempt. */
  readonly node: WebhookAttempt;
};

/** A batch is sent when it has `maxEvents` events, or when its first event has waited for `maxAge`. */
export type WebhookBatch = {
  readonly __typename?: 'WebhookBatch';
  /** The maximum waiting time of the first event, in milliseconds. */
  readonly maxAge: Scalars['Int']['output'];
  /** The maximum number of events in a batch. */
  readonly maxEvents: Scalars['Int']['output'];
};

/** How the events of an endpoint are batched. */
export type WebhookBatchInput = {
  /** The maximum waiting time of the first event in milliseconds: 100 to 60,000. */
  readonly maxAge: Scalars['Int']['input'];
  /** The maximum number of events in a batch: 1 to 1,000. */
  readonly maxEvents: Scalars['Int']['input'];
};

/** Why an endpoint is disabled. */
export type WebhookDisabledReason =
  /** It was disabled with disableWebhookEndpoint. */
  | 'BY_ADMIN'
  /** It responded with 410 Gone, which means that it wants no more requests. */
  | 'GONE';

/**
 * An external HTTP endpoint that receives events. Each event is delivered at least once, and signed according to the Standard Webhooks
 * specification. Repeated deliveries of an event have the same `id` and the same header `webhook-id`.
 */
export type WebhookEndpoint = {
  readonly __typename?: 'WebhookEndpoint';
  /** The delivery attempts, newest first. They are stored for a configurable time, by default 7 days. */
  readonly attempts: WebhookAttemptConnection;
  /** How events are batched; null for one event per request. */
  readonly batch?: Maybe<WebhookBatch>;
  /** If set, only the creation of notifications in these categories is delivered; null for all events. */
  readonly categories?: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** When the endpoint was created. */
  readonly createdAt: Scalars['DateTime']['output'];
  /** A description by the operator. */
  readonly description?: Maybe<Scalars['String']['output']>;
  /** Why the endpoint is disabled; null while it is enabled. */
  readonly disabledReason?: Maybe<WebhookDisabledReason>;
  /** Whether events are delivered to the endpoint. */
  readonly enabled: Scalars['Boolean']['output'];
  /** The delivered event types; null for all. */
  readonly eventTypes?: Maybe<ReadonlyArray<WebhookEventType>>;
  /** A UUIDv7: later endpoints have greater ids. */
  readonly id: Scalars['ID']['output'];
  /** When the endpoint was last changed. */
  readonly updatedAt: Scalars['DateTime']['output'];
  /** The URL that receives the events. */
  readonly url: Scalars['String']['output'];
};


/**
 * An external HTTP endpoint that receives events. Each event is delivered at least once, and signed according to the Standard Webhooks
 * specification. Repeated deliveries of an event have the same `id` and the same header `webhook-id`.
 */
export type WebhookEndpointAttemptsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};

/** The result of a change to an endpoint. */
export type WebhookEndpointPayload = {
  readonly __typename?: 'WebhookEndpointPayload';
  /** The endpoint after the change. */
  readonly endpoint: WebhookEndpoint;
};

/** The event types of webhooks. */
export type WebhookEventType =
  /** notification.all_read */
  | 'all-read'
  /** notification.cleared */
  | 'cleared'
  /** notification.created */
  | 'created'
  /** notification.deleted: deleted by the user, or expired */
  | 'deleted'
  /** notification.read */
  | 'read'
  /** notification.unread */
  | 'unread';

/** The result of a mutation that creates a secret. */
export type WebhookSecretPayload = {
  readonly __typename?: 'WebhookSecretPayload';
  /** The endpoint that the secret belongs to. */
  readonly endpoint: WebhookEndpoint;
  /** The secret that verifies signatures (whsec_…). It cannot be read again later. */
  readonly secret: Scalars['String']['output'];
};



export type ResolverTypeWrapper<T> = Promise<T> | T;


export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;





/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  AllNotificationsRead: ResolverTypeWrapper<EventSource<'all-read'>>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  CreateNotificationInput: CreateNotificationInput;
  CreateNotificationPayload: ResolverTypeWrapper<Omit<CreateNotificationPayload, 'notification'> & { notification: ResolversTypes['Notification'] }>;
  CreateNotificationsPayload: ResolverTypeWrapper<Omit<CreateNotificationsPayload, 'notifications'> & { notifications: ReadonlyArray<ResolversTypes['Notification']> }>;
  CreateWebhookEndpointInput: CreateWebhookEndpointInput;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  DeadLetter: ResolverTypeWrapper<ListedDeadLetter>;
  DeadLetterConnection: ResolverTypeWrapper<DeadLetterPage>;
  DeadLetterEdge: ResolverTypeWrapper<ListedDeadLetter>;
  DeadLetterFilter: DeadLetterFilter;
  DeadLetterReason: DeadLetterReason;
  DeadLettersPayload: ResolverTypeWrapper<DeadLettersPayload>;
  DeleteNotificationsPayload: ResolverTypeWrapper<InboxChanged>;
  DeleteWebhookEndpointPayload: ResolverTypeWrapper<DeleteWebhookEndpointPayload>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Inbox: ResolverTypeWrapper<SelectedInbox>;
  InboxPayload: ResolverTypeWrapper<InboxChanged>;
  InboxReady: ResolverTypeWrapper<StreamMarker>;
  InboxReset: ResolverTypeWrapper<StreamMarker>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  JSON: ResolverTypeWrapper<Scalars['JSON']['output']>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Notification: ResolverTypeWrapper<StoredNotification>;
  NotificationConnection: ResolverTypeWrapper<NotificationPage>;
  NotificationCreated: ResolverTypeWrapper<EventSource<'created'>>;
  NotificationEdge: ResolverTypeWrapper<ListedNotification>;
  NotificationEvent: ResolverTypeWrapper<FeedItem>;
  NotificationFilter: NotificationFilter;
  NotificationPriority: NotificationPriority;
  NotificationsCleared: ResolverTypeWrapper<EventSource<'cleared'>>;
  NotificationsDeleted: ResolverTypeWrapper<EventSource<'deleted'>>;
  NotificationsPayload: ResolverTypeWrapper<InboxChanged>;
  NotificationsRead: ResolverTypeWrapper<EventSource<'read'>>;
  NotificationsUnread: ResolverTypeWrapper<EventSource<'unread'>>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  SendTestWebhookPayload: ResolverTypeWrapper<Omit<SendTestWebhookPayload, 'attempt'> & { attempt: ResolversTypes['WebhookAttempt'] }>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Subscription: ResolverTypeWrapper<Record<PropertyKey, never>>;
  UpdateWebhookEndpointInput: UpdateWebhookEndpointInput;
  WebhookAttempt: ResolverTypeWrapper<StoredAttempt>;
  WebhookAttemptConnection: ResolverTypeWrapper<AttemptPage>;
  WebhookAttemptEdge: ResolverTypeWrapper<StoredAttempt>;
  WebhookBatch: ResolverTypeWrapper<WebhookBatch>;
  WebhookBatchInput: WebhookBatchInput;
  WebhookDisabledReason: WebhookDisabledReason;
  WebhookEndpoint: ResolverTypeWrapper<StoredEndpoint>;
  WebhookEndpointPayload: ResolverTypeWrapper<Omit<WebhookEndpointPayload, 'endpoint'> & { endpoint: ResolversTypes['WebhookEndpoint'] }>;
  WebhookEventType: null;
  WebhookSecretPayload: ResolverTypeWrapper<Omit<WebhookSecretPayload, 'endpoint'> & { endpoint: ResolversTypes['WebhookEndpoint'] }>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  AllNotificationsRead: EventSource<'all-read'>;
  Boolean: Scalars['Boolean']['output'];
  CreateNotificationInput: CreateNotificationInput;
  CreateNotificationPayload: Omit<CreateNotificationPayload, 'notification'> & { notification: ResolversParentTypes['Notification'] };
  CreateNotificationsPayload: Omit<CreateNotificationsPayload, 'notifications'> & { notifications: ReadonlyArray<ResolversParentTypes['Notification']> };
  CreateWebhookEndpointInput: CreateWebhookEndpointInput;
  DateTime: Scalars['DateTime']['output'];
  DeadLetter: ListedDeadLetter;
  DeadLetterConnection: DeadLetterPage;
  DeadLetterEdge: ListedDeadLetter;
  DeadLetterFilter: DeadLetterFilter;
  DeadLettersPayload: DeadLettersPayload;
  DeleteNotificationsPayload: InboxChanged;
  DeleteWebhookEndpointPayload: DeleteWebhookEndpointPayload;
  ID: Scalars['ID']['output'];
  Inbox: SelectedInbox;
  InboxPayload: InboxChanged;
  InboxReady: StreamMarker;
  InboxReset: StreamMarker;
  Int: Scalars['Int']['output'];
  JSON: Scalars['JSON']['output'];
  Mutation: Record<PropertyKey, never>;
  Notification: StoredNotification;
  NotificationConnection: NotificationPage;
  NotificationCreated: EventSource<'created'>;
  NotificationEdge: ListedNotification;
  NotificationEvent: FeedItem;
  NotificationFilter: NotificationFilter;
  NotificationsCleared: EventSource<'cleared'>;
  NotificationsDeleted: EventSource<'deleted'>;
  NotificationsPayload: InboxChanged;
  NotificationsRead: EventSource<'read'>;
  NotificationsUnread: EventSource<'unread'>;
  PageInfo: PageInfo;
  Query: Record<PropertyKey, never>;
  SendTestWebhookPayload: Omit<SendTestWebhookPayload, 'attempt'> & { attempt: ResolversParentTypes['WebhookAttempt'] };
  String: Scalars['String']['output'];
  Subscription: Record<PropertyKey, never>;
  UpdateWebhookEndpointInput: UpdateWebhookEndpointInput;
  WebhookAttempt: StoredAttempt;
  WebhookAttemptConnection: AttemptPage;
  WebhookAttemptEdge: StoredAttempt;
  WebhookBatch: WebhookBatch;
  WebhookBatchInput: WebhookBatchInput;
  WebhookEndpoint: StoredEndpoint;
  WebhookEndpointPayload: Omit<WebhookEndpointPayload, 'endpoint'> & { endpoint: ResolversParentTypes['WebhookEndpoint'] };
  WebhookSecretPayload: Omit<WebhookSecretPayload, 'endpoint'> & { endpoint: ResolversParentTypes['WebhookEndpoint'] };
};

export type AllNotificationsReadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AllNotificationsRead'] = ResolversParentTypes['AllNotificationsRead']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  occurredAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  readAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  sequence?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  unreadCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  upToSequence?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  userId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type CreateNotificationPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CreateNotificationPayload'] = ResolversParentTypes['CreateNotificationPayload']> = {
  notification?: Resolver<ResolversTypes['Notification'], ParentType, ContextType>;
};

export type CreateNotificationsPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CreateNotificationsPayload'] = ResolversParentTypes['CreateNotificationsPayload']> = {
  notifications?: Resolver<ReadonlyArray<ResolversTypes['Notification']>, ParentType, ContextType>;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type DeadLetterResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeadLetter'] = ResolversParentTypes['DeadLetter']> = {
  attempts?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  body?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  error?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  eventId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  firstFailedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  lastFailedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  payload?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  queue?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  reason?: Resolver<ResolversTypes['DeadLetterReason'], ParentType, ContextType>;
  type?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type DeadLetterConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeadLetterConnection'] = ResolversParentTypes['DeadLetterConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['DeadLetterEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['DeadLetter']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type DeadLetterEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeadLetterEdge'] = ResolversParentTypes['DeadLetterEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['DeadLetter'], ParentType, ContextType>;
};

export type DeadLettersPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeadLettersPayload'] = ResolversParentTypes['DeadLettersPayload']> = {
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type DeleteNotificationsPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeleteNotificationsPayload'] = ResolversParentTypes['DeleteNotificationsPayload']> = {
  deletedIds?: Resolver<ReadonlyArray<ResolversTypes['ID']>, ParentType, ContextType>;
  inbox?: Resolver<ResolversTypes['Inbox'], ParentType, ContextType>;
};

export type DeleteWebhookEndpointPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeleteWebhookEndpointPayload'] = ResolversParentTypes['DeleteWebhookEndpointPayload']> = {
  deletedId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
};

export type InboxResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Inbox'] = ResolversParentTypes['Inbox']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  notifications?: Resolver<ResolversTypes['NotificationConnection'], ParentType, ContextType, Partial<InboxNotificationsArgs>>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  unreadCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  userId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type InboxPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['InboxPayload'] = ResolversParentTypes['InboxPayload']> = {
  inbox?: Resolver<ResolversTypes['Inbox'], ParentType, ContextType>;
};

export type InboxReadyResolvers<ContextType = Context, ParentType extends ResolversParentTypes['InboxReady'] = ResolversParentTypes['InboxReady']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  occurredAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  sequence?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  unreadCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  userId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type InboxResetResolvers<ContextType = Context, ParentType extends ResolversParentTypes['InboxReset'] = ResolversParentTypes['InboxReset']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  occurredAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  sequence?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  unreadCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  userId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export interface JsonScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['JSON'], any> {
  name: 'JSON';
}

export type MutationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  clearNotifications?: Resolver<ResolversTypes['InboxPayload'], ParentType, ContextType, RequireFields<MutationClearNotificationsArgs, 'userId'>>;
  createNotification?: Resolver<ResolversTypes['CreateNotificationPayload'], ParentType, ContextType, RequireFields<MutationCreateNotificationArgs, 'input'>>;
  createNotifications?: Resolver<ResolversTypes['CreateNotificationsPayload'], ParentType, ContextType, RequireFields<MutationCreateNotificationsArgs, 'inputs'>>;
  createWebhookEndpoint?: Resolver<ResolversTypes['WebhookSecretPayload'], ParentType, ContextType, RequireFields<MutationCreateWebhookEndpointArgs, 'input'>>;
  deleteNotifications?: Resolver<ResolversTypes['DeleteNotificationsPayload'], ParentType, ContextType, RequireFields<MutationDeleteNotificationsArgs, 'ids' | 'userId'>>;
  deleteWebhookEndpoint?: Resolver<ResolversTypes['DeleteWebhookEndpointPayload'], ParentType, ContextType, RequireFields<MutationDeleteWebhookEndpointArgs, 'id'>>;
  disableWebhookEndpoint?: Resolver<ResolversTypes['WebhookEndpointPayload'], ParentType, ContextType, RequireFields<MutationDisableWebhookEndpointArgs, 'id'>>;
  discardDeadLetters?: Resolver<ResolversTypes['DeadLettersPayload'], ParentType, ContextType, Partial<MutationDiscardDeadLettersArgs>>;
  enableWebhookEndpoint?: Resolver<ResolversTypes['WebhookEndpointPayload'], ParentType, ContextType, RequireFields<MutationEnableWebhookEndpointArgs, 'id'>>;
  markAllNotificationsRead?: Resolver<ResolversTypes['InboxPayload'], ParentType, ContextType, RequireFields<MutationMarkAllNotificationsReadArgs, 'userId'>>;
  markNotificationsRead?: Resolver<ResolversTypes['NotificationsPayload'], ParentType, ContextType, RequireFields<MutationMarkNotificationsReadArgs, 'ids' | 'userId'>>;
  markNotificationsUnread?: Resolver<ResolversTypes['NotificationsPayload'], ParentType, ContextType, RequireFields<MutationMarkNotificationsUnreadArgs, 'ids' | 'userId'>>;
  retryDeadLetters?: Resolver<ResolversTypes['DeadLettersPayload'], ParentType, ContextType, Partial<MutationRetryDeadLettersArgs>>;
  rotateWebhookSecret?: Resolver<ResolversTypes['WebhookSecretPayload'], ParentType, ContextType, RequireFields<MutationRotateWebhookSecretArgs, 'id'>>;
  sendTestWebhook?: Resolver<ResolversTypes['SendTestWebhookPayload'], ParentType, ContextType, RequireFields<MutationSendTestWebhookArgs, 'id'>>;
  updateWebhookEndpoint?: Resolver<ResolversTypes['WebhookEndpointPayload'], ParentType, ContextType, RequireFields<MutationUpdateWebhookEndpointArgs, 'id' | 'input'>>;
};

export type NotificationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Notification'] = ResolversParentTypes['Notification']> = {
  actionUrl?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  body?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  category?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  data?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
  expiresAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  priority?: Resolver<ResolversTypes['NotificationPriority'], ParentType, ContextType>;
  readAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  userId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type NotificationConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['NotificationConnection'] = ResolversParentTypes['NotificationConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['NotificationEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Notification']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type NotificationCreatedResolvers<ContextType = Context, ParentType extends ResolversParentTypes['NotificationCreated'] = ResolversParentTypes['NotificationCreated']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  notification?: Resolver<ResolversTypes['Notification'], ParentType, ContextType>;
  occurredAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  sequence?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  unreadCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  userId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type NotificationEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['NotificationEdge'] = ResolversParentTypes['NotificationEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Notification'], ParentType, ContextType>;
};

export type NotificationEventResolvers<ContextType = Context, ParentType extends ResolversParentTypes['NotificationEvent'] = ResolversParentTypes['NotificationEvent']> = {
  __resolveType: TypeResolveFn<'AllNotificationsRead' | 'InboxReady' | 'InboxReset' | 'NotificationCreated' | 'NotificationsCleared' | 'NotificationsDeleted' | 'NotificationsRead' | 'NotificationsUnread', ParentType, ContextType>;
};

export type NotificationsClearedResolvers<ContextType = Context, ParentType extends ResolversParentTypes['NotificationsCleared'] = ResolversParentTypes['NotificationsCleared']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  occurredAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  sequence?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  unreadCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  upToSequence?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  userId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type NotificationsDeletedResolvers<ContextType = Context, ParentType extends ResolversParentTypes['NotificationsDeleted'] = ResolversParentTypes['NotificationsDeleted']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  notificationIds?: Resolver<ReadonlyArray<ResolversTypes['ID']>, ParentType, ContextType>;
  occurredAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  sequence?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  unreadCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  userId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type NotificationsPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['NotificationsPayload'] = ResolversParentTypes['NotificationsPayload']> = {
  inbox?: Resolver<ResolversTypes['Inbox'], ParentType, ContextType>;
  notifications?: Resolver<ReadonlyArray<ResolversTypes['Notification']>, ParentType, ContextType>;
};

export type NotificationsReadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['NotificationsRead'] = ResolversParentTypes['NotificationsRead']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  notificationIds?: Resolver<ReadonlyArray<ResolversTypes['ID']>, ParentType, ContextType>;
  occurredAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  readAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  sequence?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  unreadCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  userId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type NotificationsUnreadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['NotificationsUnread'] = ResolversParentTypes['NotificationsUnread']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  notificationIds?: Resolver<ReadonlyArray<ResolversTypes['ID']>, ParentType, ContextType>;
  occurredAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  sequence?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  unreadCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  userId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type QueryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  deadLetters?: Resolver<ResolversTypes['DeadLetterConnection'], ParentType, ContextType, Partial<QueryDeadLettersArgs>>;
  inbox?: Resolver<ResolversTypes['Inbox'], ParentType, ContextType, RequireFields<QueryInboxArgs, 'userId'>>;
  notification?: Resolver<Maybe<ResolversTypes['Notification']>, ParentType, ContextType, RequireFields<QueryNotificationArgs, 'id'>>;
  notifications?: Resolver<ResolversTypes['NotificationConnection'], ParentType, ContextType, RequireFields<QueryNotificationsArgs, 'userId'>>;
  webhookEndpoint?: Resolver<Maybe<ResolversTypes['WebhookEndpoint']>, ParentType, ContextType, RequireFields<QueryWebhookEndpointArgs, 'id'>>;
  webhookEndpoints?: Resolver<ReadonlyArray<ResolversTypes['WebhookEndpoint']>, ParentType, ContextType>;
};

export type SendTestWebhookPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SendTestWebhookPayload'] = ResolversParentTypes['SendTestWebhookPayload']> = {
  attempt?: Resolver<ResolversTypes['WebhookAttempt'], ParentType, ContextType>;
};

export type SubscriptionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Subscription'] = ResolversParentTypes['Subscription']> = {
  notificationEvents?: SubscriptionResolver<ResolversTypes['NotificationEvent'], "notificationEvents", ParentType, ContextType, RequireFields<SubscriptionNotificationEventsArgs, 'userId'>>;
};

export type WebhookAttemptResolvers<ContextType = Context, ParentType extends ResolversParentTypes['WebhookAttempt'] = ResolversParentTypes['WebhookAttempt']> = {
  attempt?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  attemptedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  delivered?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  error?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  eventId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  latency?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  status?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type WebhookAttemptConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['WebhookAttemptConnection'] = ResolversParentTypes['WebhookAttemptConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['WebhookAttemptEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['WebhookAttempt']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type WebhookAttemptEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['WebhookAttemptEdge'] = ResolversParentTypes['WebhookAttemptEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['WebhookAttempt'], ParentType, ContextType>;
};

export type WebhookBatchResolvers<ContextType = Context, ParentType extends ResolversParentTypes['WebhookBatch'] = ResolversParentTypes['WebhookBatch']> = {
  maxAge?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  maxEvents?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type WebhookEndpointResolvers<ContextType = Context, ParentType extends ResolversParentTypes['WebhookEndpoint'] = ResolversParentTypes['WebhookEndpoint']> = {
  attempts?: Resolver<ResolversTypes['WebhookAttemptConnection'], ParentType, ContextType, Partial<WebhookEndpointAttemptsArgs>>;
  batch?: Resolver<Maybe<ResolversTypes['WebhookBatch']>, ParentType, ContextType>;
  categories?: Resolver<Maybe<ReadonlyArray<ResolversTypes['String']>>, ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  disabledReason?: Resolver<Maybe<ResolversTypes['WebhookDisabledReason']>, ParentType, ContextType>;
  enabled?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  eventTypes?: Resolver<Maybe<ReadonlyArray<ResolversTypes['WebhookEventType']>>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  url?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type WebhookEndpointPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['WebhookEndpointPayload'] = ResolversParentTypes['WebhookEndpointPayload']> = {
  endpoint?: Resolver<ResolversTypes['WebhookEndpoint'], ParentType, ContextType>;
};

export type WebhookEventTypeResolvers = { ALL_READ: 'all-read', CLEARED: 'cleared', CREATED: 'created', DELETED: 'deleted', READ: 'read', UNREAD: 'unread' };

export type WebhookSecretPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['WebhookSecretPayload'] = ResolversParentTypes['WebhookSecretPayload']> = {
  endpoint?: Resolver<ResolversTypes['WebhookEndpoint'], ParentType, ContextType>;
  secret?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type Resolvers<ContextType = Context> = {
  AllNotificationsRead?: AllNotificationsReadResolvers<ContextType>;
  CreateNotificationPayload?: CreateNotificationPayloadResolvers<ContextType>;
  CreateNotificationsPayload?: CreateNotificationsPayloadResolvers<ContextType>;
  DateTime?: GraphQLScalarType;
  DeadLetter?: DeadLetterResolvers<ContextType>;
  DeadLetterConnection?: DeadLetterConnectionResolvers<ContextType>;
  DeadLetterEdge?: DeadLetterEdgeResolvers<ContextType>;
  DeadLettersPayload?: DeadLettersPayloadResolvers<ContextType>;
  DeleteNotificationsPayload?: DeleteNotificationsPayloadResolvers<ContextType>;
  DeleteWebhookEndpointPayload?: DeleteWebhookEndpointPayloadResolvers<ContextType>;
  Inbox?: InboxResolvers<ContextType>;
  InboxPayload?: InboxPayloadResolvers<ContextType>;
  InboxReady?: InboxReadyResolvers<ContextType>;
  InboxReset?: InboxResetResolvers<ContextType>;
  JSON?: GraphQLScalarType;
  Mutation?: MutationResolvers<ContextType>;
  Notification?: NotificationResolvers<ContextType>;
  NotificationConnection?: NotificationConnectionResolvers<ContextType>;
  NotificationCreated?: NotificationCreatedResolvers<ContextType>;
  NotificationEdge?: NotificationEdgeResolvers<ContextType>;
  NotificationEvent?: NotificationEventResolvers<ContextType>;
  NotificationsCleared?: NotificationsClearedResolvers<ContextType>;
  NotificationsDeleted?: NotificationsDeletedResolvers<ContextType>;
  NotificationsPayload?: NotificationsPayloadResolvers<ContextType>;
  NotificationsRead?: NotificationsReadResolvers<ContextType>;
  NotificationsUnread?: NotificationsUnreadResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  SendTestWebhookPayload?: SendTestWebhookPayloadResolvers<ContextType>;
  Subscription?: SubscriptionResolvers<ContextType>;
  WebhookAttempt?: WebhookAttemptResolvers<ContextType>;
  WebhookAttemptConnection?: WebhookAttemptConnectionResolvers<ContextType>;
  WebhookAttemptEdge?: WebhookAttemptEdgeResolvers<ContextType>;
  WebhookBatch?: WebhookBatchResolvers<ContextType>;
  WebhookEndpoint?: WebhookEndpointResolvers<ContextType>;
  WebhookEndpointPayload?: WebhookEndpointPayloadResolvers<ContextType>;
  WebhookEventType?: WebhookEventTypeResolvers;
  WebhookSecretPayload?: WebhookSecretPayloadResolvers<ContextType>;
};

