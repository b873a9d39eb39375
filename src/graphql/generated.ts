import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { Notification as StoredNotification } from '../notifications/notification.js';
import type { NotificationPage, ListedNotification } from '../notifications/queries.js';
import type { InboxSource } from './pages.js';
import type { InboxChanged } from '../notifications/commands.js';
import type { FeedItem, StreamMark } from '../live/feed.js';
import type { EventSource } from './events.js';
import type { ListedLetter, DeadLetterPage } from '../delivery/dead-letters/list.js';
import type { WebhookEndpoint as StoredEndpoint } from '../delivery/webhooks/endpoint.js';
import type { WebhookAttempt as StoredAttempt, AttemptPage } from '../delivery/webhooks/attempts.js';
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
  /** An RFC 3339 instant in UTC with millisecond precision, e.g. 2026-11-23T09:41:17.111Z. On input any offset is understood. */
  DateTime: { input: Date; output: Date; }
  /** Any JSON value. */
  JSON: { input: unknown; output: unknown; }
};

/** Everything unread that was created by an event up to `upToSequence` is now read. */
export type AllNotificationsRead = NotificationEvent & {
  readonly __typename?: 'AllNotificationsRead';
  /** Opaque position of this event in the user's stream: pass it as `after` to go on from here. */
  readonly cursor: Scalars['String']['output'];
  /** When it happened. */
  readonly occurredAt: Scalars['DateTime']['output'];
  /** When they were read. */
  readonly readAt: Scalars['DateTime']['output'];
  /** 1, 2, 3 … for each user, without holes. */
  readonly sequence: Scalars['Int']['output'];
  /** Unread after this event: the badge needs no arithmetic. */
  readonly unreadCount: Scalars['Int']['output'];
  /** Number of the last event whose notification is among them. */
  readonly upToSequence: Scalars['Int']['output'];
  /** Whose inbox changed. */
  readonly userId: Scalars['ID']['output'];
};

/** What a backend says to create a notification. */
export type CreateNotificationInput = {
  /** An http or https URL, or a path that begins with /: at most 2,000 characters. */
  readonly actionUrl?: InputMaybe<Scalars['String']['input']>;
  /** At most 4,000 characters. */
  readonly body?: InputMaybe<Scalars['String']['input']>;
  /** A dotted slug, e.g. order.shipped: 1 to 64 of a-z 0-9 . _ - */
  readonly category: Scalars['String']['input'];
  /** Any JSON of your own, at most 16 KiB. */
  readonly data?: InputMaybe<Scalars['JSON']['input']>;
  /** When it shall vanish: an instant in the future. */
  readonly expiresAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** 1 to 128 characters: the same key from the same sender gives the first result again, and no second event. Kept for at least 24 hours. */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** How much it matters. */
  readonly priority?: InputMaybe<NotificationPriority>;
  /** 1 to 200 characters. */
  readonly title: Scalars['String']['input'];
  /** Who shall get it: 1 to 128 characters. */
  readonly userId: Scalars['ID']['input'];
};

/** The answer to createNotification. */
export type CreateNotificationPayload = {
  readonly __typename?: 'CreateNotificationPayload';
  /** As it was created. */
  readonly notification: Notification;
};

/** The answer to createNotifications. */
export type CreateNotificationsPayload = {
  readonly __typename?: 'CreateNotificationsPayload';
  /** As they were created, in the order of the inputs. */
  readonly notifications: ReadonlyArray<Notification>;
};

/** What an operator says to create an endpoint. */
export type CreateWebhookEndpointInput = {
  /** One event a call when absent. */
  readonly batch?: InputMaybe<WebhookBatchInput>;
  /** Exact categories, 1 to 50: then only created notifications of these come. All when absent. */
  readonly categories?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** At most 500 characters. */
  readonly description?: InputMaybe<Scalars['String']['input']>;
  /** At least one; all when absent. */
  readonly eventTypes?: InputMaybe<ReadonlyArray<WebhookEventType>>;
  /**
   * An http or https URL of at most 2,000 characters, without credentials. It must lead to a public address, unless the
   * configuration allows others: that shows at the first call.
   */
  readonly url: Scalars['String']['input'];
};

/** A message that could not be handled: it is kept until somebody retries or discards it, or until DEAD_LETTER_RETENTION is over. */
export type DeadLetter = {
  readonly __typename?: 'DeadLetter';
  /** How often it was handled in vain. */
  readonly attempts: Scalars['Int']['output'];
  /** Its first 64 KiB as text; bytes that are no UTF-8 appear as replacement characters. */
  readonly body: Scalars['String']['output'];
  /** The last failure in one line, if it is known. */
  readonly error?: Maybe<Scalars['String']['output']>;
  /** The event's id, as the message bore it; null when it bore none. */
  readonly eventId?: Maybe<Scalars['ID']['output']>;
  /** When it failed for the first time. */
  readonly firstFailedAt: Scalars['DateTime']['output'];
  /** The same for the same message in the same queue, however often it dies. */
  readonly id: Scalars['ID']['output'];
  /** When it failed for the last time. */
  readonly lastFailedAt: Scalars['DateTime']['output'];
  /** What it says; null when that is no JSON, or more than 64 KiB of it. */
  readonly payload?: Maybe<Scalars['JSON']['output']>;
  /** The queue in which it failed, and into which a retry puts it, e.g. notification.new. */
  readonly queue: Scalars['String']['output'];
  /** Why it is here. */
  readonly reason: DeadLetterReason;
  /** The event's type, as the message bore it; null when it bore none. */
  readonly type?: Maybe<Scalars['String']['output']>;
};

/** One page of dead letters (Relay cursor connection). */
export type DeadLetterConnection = {
  readonly __typename?: 'DeadLetterConnection';
  /** The letters with their cursors. */
  readonly edges: ReadonlyArray<DeadLetterEdge>;
  /** The letters alone. */
  readonly nodes: ReadonlyArray<DeadLetter>;
  /** Where this page stands in the list. */
  readonly pageInfo: PageInfo;
  /** How many there are on all pages together, under the same filter. Counted only when it is asked for. */
  readonly totalCount: Scalars['Int']['output'];
};

/** One dead letter of a page. */
export type DeadLetterEdge = {
  readonly __typename?: 'DeadLetterEdge';
  /** Opaque position in the list: `after: cursor` gives what follows. */
  readonly cursor: Scalars['String']['output'];
  /** The letter. */
  readonly node: DeadLetter;
};

/** Narrows the dead letters: one is meant when every given field fits. Without any field: all. */
export type DeadLetterFilter = {
  /** Failed for the last time after this instant (not at it). */
  readonly failedAfter?: InputMaybe<Scalars['DateTime']['input']>;
  /** Failed for the last time before this instant (not at it). */
  readonly failedBefore?: InputMaybe<Scalars['DateTime']['input']>;
  /** The queue in which it failed. */
  readonly queue?: InputMaybe<Scalars['String']['input']>;
  /** Why it is here. */
  readonly reason?: InputMaybe<DeadLetterReason>;
  /** The event's type. */
  readonly type?: InputMaybe<Scalars['String']['input']>;
};

/** Why a message became a dead letter. */
export type DeadLetterReason =
  /** It was tried as often as it may be, and failed each time. */
  | 'FAILED'
  /** Its queue was full, and it was the one to go. */
  | 'OVERFLOWED'
  /** It cannot be understood: it is not JSON, or of an unknown version. */
  | 'POISONED'
  /** A consumer refused it without saying why. */
  | 'REJECTED';

/** The answer to a command on dead letters. */
export type DeadLettersPayload = {
  readonly __typename?: 'DeadLettersPayload';
  /** How many letters it was done with. */
  readonly count: Scalars['Int']['output'];
};

/** The answer to deleteNotifications. */
export type DeleteNotificationsPayload = {
  readonly __typename?: 'DeleteNotificationsPayload';
  /** Those that were there and are gone. */
  readonly deletedIds: ReadonlyArray<Scalars['ID']['output']>;
  /** The inbox after the change. */
  readonly inbox: Inbox;
};

/** The answer to deleteWebhookEndpoint. */
export type DeleteWebhookEndpointPayload = {
  readonly __typename?: 'DeleteWebhookEndpointPayload';
  /** The endpoint that was there and is gone; null when there was none. */
  readonly deletedId?: Maybe<Scalars['ID']['output']>;
};

/** A user's notifications as a whole. */
export type Inbox = {
  readonly __typename?: 'Inbox';
  /** The head of the user's event stream. Pass it as `after` to `notificationEvents`: the stream goes on exactly where this snapshot ends. */
  readonly cursor: Scalars['String']['output'];
  /** The user's notifications, newest first, of the same snapshot. */
  readonly notifications: NotificationConnection;
  /** How many there are. */
  readonly totalCount: Scalars['Int']['output'];
  /** The badge: how many are unread. */
  readonly unreadCount: Scalars['Int']['output'];
  /** Whose inbox it is. */
  readonly userId: Scalars['ID']['output'];
};


/** A user's notifications as a whole. */
export type InboxNotificationsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<NotificationFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
};

/** The answer to a change of the whole inbox. */
export type InboxPayload = {
  readonly __typename?: 'InboxPayload';
  /** The inbox after the change. */
  readonly inbox: Inbox;
};

/** From here on the stream is live. Bears the head of the stream and the badge as it is now; takes no number of its own. */
export type InboxReady = NotificationEvent & {
  readonly __typename?: 'InboxReady';
  /** Position of the head of the user's stream. */
  readonly cursor: Scalars['String']['output'];
  /** When this was said. */
  readonly occurredAt: Scalars['DateTime']['output'];
  /** The number of the event at the head; 0 when there was none yet. */
  readonly sequence: Scalars['Int']['output'];
  /** The badge as it is now. */
  readonly unreadCount: Scalars['Int']['output'];
  /** Whose inbox it is. */
  readonly userId: Scalars['ID']['output'];
};

/** History before this point is gone: read the inbox anew. Bears the current head of the stream; takes no number of its own. */
export type InboxReset = NotificationEvent & {
  readonly __typename?: 'InboxReset';
  /** Position of the head of the user's stream. */
  readonly cursor: Scalars['String']['output'];
  /** When this was said. */
  readonly occurredAt: Scalars['DateTime']['output'];
  /** The number of the event at the head; 0 when there was none yet. */
  readonly sequence: Scalars['Int']['output'];
  /** The badge as it is now. */
  readonly unreadCount: Scalars['Int']['output'];
  /** Whose inbox it is. */
  readonly userId: Scalars['ID']['output'];
};

export type Mutation = {
  readonly __typename?: 'Mutation';
  /** Deletes every notification of the user, or those created up to a point. */
  readonly clearNotifications: InboxPayload;
  /**
   * Creates one notification. Needs scope notifications:send. The same `idempotencyKey` from the same sender gives the first
   * result again, and no second event.
   */
  readonly createNotification: CreateNotificationPayload;
  /** Creates 1 to 1,000 notifications, all or nothing, answered in the order given. Needs scope notifications:send. */
  readonly createNotifications: CreateNotificationsPayload;
  /** Creates an endpoint, enabled; there may be 200. Needs scope notifications:admin, as does all that follows. */
  readonly createWebhookEndpoint: WebhookSecretPayload;
  /** Deletes notifications; unknown ids and someone else's are passed over. */
  readonly deleteNotifications: DeleteNotificationsPayload;
  /** Deletes an endpoint with its attempts. */
  readonly deleteWebhookEndpoint: DeleteWebhookEndpointPayload;
  /** Stops events from being posted to an endpoint. What waits for it is kept for a week; what happens meanwhile is not for it. */
  readonly disableWebhookEndpoint: WebhookEndpointPayload;
  /**
   * Deletes dead letters for good. Give either `ids` or `filter`. Unknown ids are passed over. Those that die while it runs stay.
   * Needs scope notifications:admin.
   */
  readonly discardDeadLetters: DeadLettersPayload;
  /** Lets events be posted to an endpoint again: what waited for it when it was disabled, and what happens from now on. */
  readonly enableWebhookEndpoint: WebhookEndpointPayload;
  /** Marks everything as read that was created up to a point: what came since the user looked stays unread. */
  readonly markAllNotificationsRead: InboxPayload;
  /**
   * Marks notifications as read. Ids that are already read, unknown or someone else's are passed over: `notifications` lists
   * those that changed. No change, no event.
   */
  readonly markNotificationsRead: NotificationsPayload;
  /** Marks notifications as unread again; passes over the others as markNotificationsRead does. */
  readonly markNotificationsUnread: NotificationsPayload;
  /**
   * Puts dead letters back into their queues, the oldest first; they leave the list once the broker has them. Give either `ids` or
   * `filter`. Unknown ids are passed over. Those that die while it runs, perhaps again, stay. Needs scope notifications:admin.
   *
   * SERVICE_UNAVAILABLE says in `extensions.count` how many went before the outage; the others are still there. A crash in between
   * may put a letter back twice, and never loses one.
   */
  readonly retryDeadLetters: DeadLettersPayload;
  /**
   * Makes a new secret. For 24 hours calls are signed with the one before, too, so that the receiver can change from one to the
   * other without refusing any.
   */
  readonly rotateWebhookSecret: WebhookSecretPayload;
  /** Posts an event of type `test` to an endpoint now, also to one that is disabled, and says what came of it. */
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

/** Something that a backend wants a person to know. */
export type Notification = {
  readonly __typename?: 'Notification';
  /** Where a click leads: an http or https URL, or a path that begins with /. */
  readonly actionUrl?: Maybe<Scalars['String']['output']>;
  /** The longer text, if there is one. */
  readonly body?: Maybe<Scalars['String']['output']>;
  /** A dotted slug chosen by the sender, e.g. order.shipped. */
  readonly category: Scalars['String']['output'];
  /** When it was created. */
  readonly createdAt: Scalars['DateTime']['output'];
  /** The sender's own payload, passed on as it came: at most 16 KiB as JSON. */
  readonly data?: Maybe<Scalars['JSON']['output']>;
  /** Once past, it is hidden from every list and count, and soon purged; null: never. */
  readonly expiresAt?: Maybe<Scalars['DateTime']['output']>;
  /** A UUIDv7: later notifications have greater ids. */
  readonly id: Scalars['ID']['output'];
  /** How much it matters: URGENT and HIGH overtake the others on the way to webhooks and the like. */
  readonly priority: NotificationPriority;
  /** When it was marked as read; null while unread. */
  readonly readAt?: Maybe<Scalars['DateTime']['output']>;
  /** One line, always shown. */
  readonly title: Scalars['String']['output'];
  /** The person whose inbox it is in. */
  readonly userId: Scalars['ID']['output'];
};

/** One page of notifications (Relay cursor connection). */
export type NotificationConnection = {
  readonly __typename?: 'NotificationConnection';
  /** The notifications with their cursors. */
  readonly edges: ReadonlyArray<NotificationEdge>;
  /** The notifications alone. */
  readonly nodes: ReadonlyArray<Notification>;
  /** Where this page stands in the list. */
  readonly pageInfo: PageInfo;
  /** How many there are on all pages together, under the same filter. Counted only when it is asked for. */
  readonly totalCount: Scalars['Int']['output'];
};

/** A notification was created. */
export type NotificationCreated = NotificationEvent & {
  readonly __typename?: 'NotificationCreated';
  /** Opaque position of this event in the user's stream: pass it as `after` to go on from here. */
  readonly cursor: Scalars['String']['output'];
  /** As it was created. */
  readonly notification: Notification;
  /** When it happened. */
  readonly occurredAt: Scalars['DateTime']['output'];
  /** 1, 2, 3 … for each user, without holes. */
  readonly sequence: Scalars['Int']['output'];
  /** Unread after this event: the badge needs no arithmetic. */
  readonly unreadCount: Scalars['Int']['output'];
  /** Whose inbox changed. */
  readonly userId: Scalars['ID']['output'];
};

/** One notification of a page. */
export type NotificationEdge = {
  readonly __typename?: 'NotificationEdge';
  /** Opaque position in the list: `after: cursor` gives what follows. */
  readonly cursor: Scalars['String']['output'];
  /** The notification. */
  readonly node: Notification;
};

/** A change of a user's inbox, or a mark in the stream of such changes (InboxReady, InboxReset). */
export type NotificationEvent = {
  /** Opaque position of this event in the user's stream: pass it as `after` to go on from here. */
  readonly cursor: Scalars['String']['output'];
  /** When it happened. */
  readonly occurredAt: Scalars['DateTime']['output'];
  /** 1, 2, 3 … for each user, without holes. */
  readonly sequence: Scalars['Int']['output'];
  /** Unread after this event: the badge needs no arithmetic. */
  readonly unreadCount: Scalars['Int']['output'];
  /** Whose inbox changed. */
  readonly userId: Scalars['ID']['output'];
};

/** Narrows a list: a notification is listed when every given field fits. */
export type NotificationFilter = {
  /** Exact categories, any of them; at most 50. */
  readonly categories?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** Created after this instant (not at it). */
  readonly createdAfter?: InputMaybe<Scalars['DateTime']['input']>;
  /** Created before this instant (not at it). */
  readonly createdBefore?: InputMaybe<Scalars['DateTime']['input']>;
  /** Any of these priorities. */
  readonly priorities?: InputMaybe<ReadonlyArray<NotificationPriority>>;
  /** true: read ones only; false: unread ones only. */
  readonly read?: InputMaybe<Scalars['Boolean']['input']>;
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

/** Everything that was created by an event up to `upToSequence` is gone. */
export type NotificationsCleared = NotificationEvent & {
  readonly __typename?: 'NotificationsCleared';
  /** Opaque position of this event in the user's stream: pass it as `after` to go on from here. */
  readonly cursor: Scalars['String']['output'];
  /** When it happened. */
  readonly occurredAt: Scalars['DateTime']['output'];
  /** 1, 2, 3 … for each user, without holes. */
  readonly sequence: Scalars['Int']['output'];
  /** Unread after this event: the badge needs no arithmetic. */
  readonly unreadCount: Scalars['Int']['output'];
  /** Number of the last event whose notification is among them. */
  readonly upToSequence: Scalars['Int']['output'];
  /** Whose inbox changed. */
  readonly userId: Scalars['ID']['output'];
};

/** Notifications were deleted, by the user or because they expired. */
export type NotificationsDeleted = NotificationEvent & {
  readonly __typename?: 'NotificationsDeleted';
  /** Opaque position of this event in the user's stream: pass it as `after` to go on from here. */
  readonly cursor: Scalars['String']['output'];
  /** Which ones. */
  readonly notificationIds: ReadonlyArray<Scalars['ID']['output']>;
  /** When it happened. */
  readonly occurredAt: Scalars['DateTime']['output'];
  /** 1, 2, 3 … for each user, without holes. */
  readonly sequence: Scalars['Int']['output'];
  /** Unread after this event: the badge needs no arithmetic. */
  readonly unreadCount: Scalars['Int']['output'];
  /** Whose inbox changed. */
  readonly userId: Scalars['ID']['output'];
};

/** The answer to a change of some notifications. */
export type NotificationsPayload = {
  readonly __typename?: 'NotificationsPayload';
  /** The inbox after the change. */
  readonly inbox: Inbox;
  /** Those that changed, as they are now, newest first. */
  readonly notifications: ReadonlyArray<Notification>;
};

/** Notifications were marked as read. */
export type NotificationsRead = NotificationEvent & {
  readonly __typename?: 'NotificationsRead';
  /** Opaque position of this event in the user's stream: pass it as `after` to go on from here. */
  readonly cursor: Scalars['String']['output'];
  /** Which ones. */
  readonly notificationIds: ReadonlyArray<Scalars['ID']['output']>;
  /** When it happened. */
  readonly occurredAt: Scalars['DateTime']['output'];
  /** When they were read. */
  readonly readAt: Scalars['DateTime']['output'];
  /** 1, 2, 3 … for each user, without holes. */
  readonly sequence: Scalars['Int']['output'];
  /** Unread after this event: the badge needs no arithmetic. */
  readonly unreadCount: Scalars['Int']['output'];
  /** Whose inbox changed. */
  readonly userId: Scalars['ID']['output'];
};

/** Notifications were marked as unread again. */
export type NotificationsUnread = NotificationEvent & {
  readonly __typename?: 'NotificationsUnread';
  /** Opaque position of this event in the user's stream: pass it as `after` to go on from here. */
  readonly cursor: Scalars['String']['output'];
  /** Which ones. */
  readonly notificationIds: ReadonlyArray<Scalars['ID']['output']>;
  /** When it happened. */
  readonly occurredAt: Scalars['DateTime']['output'];
  /** 1, 2, 3 … for each user, without holes. */
  readonly sequence: Scalars['Int']['output'];
  /** Unread after this event: the badge needs no arithmetic. */
  readonly unreadCount: Scalars['Int']['output'];
  /** Whose inbox changed. */
  readonly userId: Scalars['ID']['output'];
};

/** Where a page stands in its list (Relay cursor connection). */
export type PageInfo = {
  readonly __typename?: 'PageInfo';
  /** Cursor of the last edge, to pass as `after`; null on an empty page. */
  readonly endCursor?: Maybe<Scalars['String']['output']>;
  /** Are there older ones? */
  readonly hasNextPage: Scalars['Boolean']['output'];
  /** Was there a page before this one? */
  readonly hasPreviousPage: Scalars['Boolean']['output'];
  /** Cursor of the first edge; null on an empty page. */
  readonly startCursor?: Maybe<Scalars['String']['output']>;
};

export type Query = {
  readonly __typename?: 'Query';
  /** What could not be handled, the last failure first. Needs scope notifications:admin. */
  readonly deadLetters: DeadLetterConnection;
  /** A user's inbox: counts and `cursor`, read in one snapshot with every other field selected under it. */
  readonly inbox: Inbox;
  /** One notification: null when it does not exist or belongs to someone else (existence is not disclosed). */
  readonly notification?: Maybe<Notification>;
  /** A user's notifications, newest first. */
  readonly notifications: NotificationConnection;
  /** One endpoint: null when it does not exist. Needs scope notifications:admin. */
  readonly webhookEndpoint?: Maybe<WebhookEndpoint>;
  /** Every endpoint, the oldest first. Needs scope notifications:admin. */
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

/** The answer to sendTestWebhook. */
export type SendTestWebhookPayload = {
  readonly __typename?: 'SendTestWebhookPayload';
  /** What came of it. */
  readonly attempt: WebhookAttempt;
};

export type Subscription = {
  readonly __typename?: 'Subscription';
  /**
   * The user's events, each exactly once and in order of `sequence` with no number left out.
   *
   * Without `after`: from now on. With `after`: first all that came since, then live, with no gap and no repeat between the
   * two. A cursor that is older than the kept history, or unknown, gives one InboxReset first: read the inbox anew, and go on
   * from the cursor it bears. Once a subscription, InboxReady marks the place where the replay (if any) ends and live events
   * begin.
   */
  readonly notificationEvents: NotificationEvent;
};


export type SubscriptionNotificationEventsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  userId: Scalars['ID']['input'];
};

/** What is to be different about an endpoint: what is left out stays as it is, and null stands for none, as at its creation. */
export type UpdateWebhookEndpointInput = {
  /** null: one event a call. */
  readonly batch?: InputMaybe<WebhookBatchInput>;
  /** Exact categories, 1 to 50; null: all. */
  readonly categories?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** At most 500 characters. */
  readonly description?: InputMaybe<Scalars['String']['input']>;
  /** At least one; null: all. */
  readonly eventTypes?: InputMaybe<ReadonlyArray<WebhookEventType>>;
  /** As at its creation; null changes nothing. */
  readonly url?: InputMaybe<Scalars['String']['input']>;
};

/** What came of one event in one call of an endpoint. */
export type WebhookAttempt = {
  readonly __typename?: 'WebhookAttempt';
  /** 1 for the first call with this event, 2 for the second … */
  readonly attempt: Scalars['Int']['output'];
  /** When the call was made. */
  readonly attemptedAt: Scalars['DateTime']['output'];
  /** Did the endpoint take it, with a status of 2xx? */
  readonly delivered: Scalars['Boolean']['output'];
  /** Why it was not delivered, in one line; null when it was. */
  readonly error?: Maybe<Scalars['String']['output']>;
  /** The event that it was about: the `id` of the payload. */
  readonly eventId: Scalars['ID']['output'];
  /** A UUIDv7: later attempts have greater ids. */
  readonly id: Scalars['ID']['output'];
  /** Milliseconds until the answer, or until there was none. */
  readonly latency: Scalars['Int']['output'];
  /** The HTTP status; null when there was no answer. */
  readonly status?: Maybe<Scalars['Int']['output']>;
};

/** One page of attempts (Relay cursor connection). */
export type WebhookAttemptConnection = {
  readonly __typename?: 'WebhookAttemptConnection';
  /** The attempts with their cursors. */
  readonly edges: ReadonlyArray<WebhookAttemptEdge>;
  /** The attempts alone. */
  readonly nodes: ReadonlyArray<WebhookAttempt>;
  /** Where this page stands in the list. */
  readonly pageInfo: PageInfo;
};

/** One attempt of a page. */
export type WebhookAttemptEdge = {
  readonly __typename?: 'WebhookAttemptEdge';
  /** Opaque position in the list: `after: cursor` gives what follows. */
  readonly cursor: Scalars['String']['output'];
  /** The attempt. */
  readonly node: WebhookAttempt;
};

/** Many events in one call: as soon as there are `maxEvents`, or the first has waited for `maxAge`. */
export type WebhookBatch = {
  readonly __typename?: 'WebhookBatch';
  /** How long the first may wait, in milliseconds. */
  readonly maxAge: Scalars['Int']['output'];
  /** How many at most. */
  readonly maxEvents: Scalars['Int']['output'];
};

/** How an endpoint wants many events in one call. */
export type WebhookBatchInput = {
  /** How long the first may wait, in milliseconds: 100 to 60,000. */
  readonly maxAge: Scalars['Int']['input'];
  /** How many at most: 1 to 1,000. */
  readonly maxEvents: Scalars['Int']['input'];
};

/** Why an endpoint is disabled. */
export type WebhookDisabledReason =
  /** Through disableWebhookEndpoint. */
  | 'BY_ADMIN'
  /** It answered 410 Gone: it wants no more calls. */
  | 'GONE';

/**
 * Somewhere outside that events are posted to, at least once each, signed by the Standard Webhooks specification. The `id` of an
 * event, and the header `webhook-id`, are the same each time.
 */
export type WebhookEndpoint = {
  readonly __typename?: 'WebhookEndpoint';
  /** What came of the calls, newest first; kept for a time that the configuration sets, 7 days by default. */
  readonly attempts: WebhookAttemptConnection;
  /** Whether, and how, many events come in one call; null: one event a call. */
  readonly batch?: Maybe<WebhookBatch>;
  /** Only created notifications of these categories, and no other events; null: all. */
  readonly categories?: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** When it was created. */
  readonly createdAt: Scalars['DateTime']['output'];
  /** What it is for, in the operators' own words. */
  readonly description?: Maybe<Scalars['String']['output']>;
  /** Why they are not; null while they are. */
  readonly disabledReason?: Maybe<WebhookDisabledReason>;
  /** Are events posted to it? */
  readonly enabled: Scalars['Boolean']['output'];
  /** Only events of these types; null: all. */
  readonly eventTypes?: Maybe<ReadonlyArray<WebhookEventType>>;
  /** A UUIDv7: later endpoints have greater ids. */
  readonly id: Scalars['ID']['output'];
  /** When it was last changed. */
  readonly updatedAt: Scalars['DateTime']['output'];
  /** Where events are posted to. */
  readonly url: Scalars['String']['output'];
};


/**
 * Somewhere outside that events are posted to, at least once each, signed by the Standard Webhooks specification. The `id` of an
 * event, and the header `webhook-id`, are the same each time.
 */
export type WebhookEndpointAttemptsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};

/** The answer to a change of an endpoint. */
export type WebhookEndpointPayload = {
  readonly __typename?: 'WebhookEndpointPayload';
  /** The endpoint after the change. */
  readonly endpoint: WebhookEndpoint;
};

/** Types of events that webhooks carry. */
export type WebhookEventType =
  /** notification.all_read */
  | 'all-read'
  /** notification.cleared */
  | 'cleared'
  /** notification.created */
  | 'created'
  /** notification.deleted, by the user or because they expired */
  | 'deleted'
  /** notification.read */
  | 'read'
  /** notification.unread */
  | 'unread';

/** The answer to whatever makes a new secret. */
export type WebhookSecretPayload = {
  readonly __typename?: 'WebhookSecretPayload';
  /** The endpoint with the secret. */
  readonly endpoint: WebhookEndpoint;
  /** What verifies the signatures (whsec_…). It is shown here, and never again. */
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
  DeadLetter: ResolverTypeWrapper<ListedLetter>;
  DeadLetterConnection: ResolverTypeWrapper<DeadLetterPage>;
  DeadLetterEdge: ResolverTypeWrapper<ListedLetter>;
  DeadLetterFilter: DeadLetterFilter;
  DeadLetterReason: DeadLetterReason;
  DeadLettersPayload: ResolverTypeWrapper<DeadLettersPayload>;
  DeleteNotificationsPayload: ResolverTypeWrapper<InboxChanged>;
  DeleteWebhookEndpointPayload: ResolverTypeWrapper<DeleteWebhookEndpointPayload>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Inbox: ResolverTypeWrapper<InboxSource>;
  InboxPayload: ResolverTypeWrapper<InboxChanged>;
  InboxReady: ResolverTypeWrapper<StreamMark>;
  InboxReset: ResolverTypeWrapper<StreamMark>;
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
  DeadLetter: ListedLetter;
  DeadLetterConnection: DeadLetterPage;
  DeadLetterEdge: ListedLetter;
  DeadLetterFilter: DeadLetterFilter;
  DeadLettersPayload: DeadLettersPayload;
  DeleteNotificationsPayload: InboxChanged;
  DeleteWebhookEndpointPayload: DeleteWebhookEndpointPayload;
  ID: Scalars['ID']['output'];
  Inbox: InboxSource;
  InboxPayload: InboxChanged;
  InboxReady: StreamMark;
  InboxReset: StreamMark;
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

