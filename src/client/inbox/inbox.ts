import { Backoff, defaultRetry, type RetryOptions } from "../connection/backoff.js";
import { closeError } from "../connection/close-error.js";
import type { CarillonClient } from "../client.js";
import type { CarillonError } from "../carillon-error.js";
import type { Notification, NotificationEvent } from "../event-types.js";
import {
  ClearNotificationsDocument,
  DeleteNotificationsDocument,
  InboxDocument,
  type InboxQuery,
  MarkAllNotificationsReadDocument,
  MarkNotificationsReadDocument,
  MarkNotificationsUnreadDocument,
  NotificationsDocument,
  type TypedDocumentString,
} from "../generated-text.js";
import { PendingCommands } from "./pending-commands.js";
import { changeList, emptyInbox, type InboxState } from "./inbox-state.js";
import { InboxProjection, type Outcome } from "./inbox-projection.js";
import { type Observable, Value } from "../observable.js";
import { type OptimisticChange, clear, markAllRead, markRead, remove } from "./optimistic-changes.js";
import { onReconnectTrigger } from "../connection/reconnect-triggers.js";

/** What an inbox shows. It stays the same object until it changes. */
export interface InboxSnapshot {
  /** `loading` and `failed`: there is nothing to show yet; a failed load is retried. */
  readonly status: "loading" | "ready" | "failed";
  /** Why the last load failed. */
  readonly error: CarillonError | null;
  /** Those that are loaded, newest first. */
  readonly notifications: readonly Notification[];
  readonly unreadCount: number;
  readonly totalCount: number;
  /** Are there older ones to load? */
  readonly hasMore: boolean;
  readonly loadingMore: boolean;
}

/**
 * An inbox that stays current: a snapshot, and every event that follows it, applied once. Commands are shown immediately and undone
 * when they fail. Their promises resolve when the server has executed them, and reject with a CarillonError.
 */
export interface InboxStore extends Observable<InboxSnapshot>, Disposable {
  /** Loads the next page of older ones. */
  readonly loadMore: () => Promise<void>;
  /** Reads the inbox again. */
  readonly refresh: () => Promise<void>;
  readonly markRead: (ids: readonly string[]) => Promise<void>;
  readonly markUnread: (ids: readonly string[]) => Promise<void>;
  /** Up to the last event that this inbox has applied: what arrives meanwhile stays unread. */
  readonly markAllRead: () => Promise<void>;
  readonly delete: (ids: readonly string[]) => Promise<void>;
  /** Deletes everything up to the last event that this inbox has applied: what arrives meanwhile stays. */
  readonly clear: () => Promise<void>;
  readonly dispose: () => void;
}

export interface InboxOptions {
  /** How many notifications to load at a time: 1 to 100, default 20. */
  readonly pageSize?: number;
  /** When to retry a failed load. Default: a first delay of at most 1 s, doubled up to 30 s. */
  readonly retry?: RetryOptions;
}

/** Opens the inbox of the client's user. */
export function createInbox(client: CarillonClient, options: InboxOptions = {}): InboxStore {
  return new Inbox(client, options);
}

/** Its public methods are properties, so that they may be taken off it: `const { markRead } = inbox`. */
class Inbox implements InboxStore {
  readonly #client: CarillonClient;
  readonly #pageSize: number;
  readonly #snapshot = new Value<InboxSnapshot>(toSnapshot(emptyInbox, { status: "loading" }));
  readonly #projection = new InboxProjection();
  readonly #commands = new PendingCommands(() => this.#publish());
  readonly #backoff: Backoff;
  readonly #removeListeners: readonly (() => void)[];
  #view: ViewState = { status: "loading" };
  #loading: Promise<void> | null = null;
  /** The page that is being loaded, and the events since it was requested. */
  #page: { readonly events: NotificationEvent[]; readonly done: Promise<void> } | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #isDisposed = false;

  constructor(client: CarillonClient, { pageSize = 20, retry = defaultRetry }: InboxOptions) {
    this.#client = client;
    this.#pageSize = pageSize;
    this.#backoff = new Backoff(retry);
    // Where the stream starts is known already, or the snapshot determines it.
    if (client.position !== null) client.start();
    this.#removeListeners = [
      client.listen((event) => this.#hear(event)),
      onReconnectTrigger(() => this.#retryNow()),
    ];
    void this.#load();
  }

  readonly get = (): InboxSnapshot => this.#snapshot.get();
  readonly subscribe = (listener: (snapshot: InboxSnapshot) => void): (() => void) =>
    this.#snapshot.subscribe(listener);

  readonly refresh = async (): Promise<void> => {
    await this.#load();
    if (this.#view.error !== undefined) throw this.#view.error;
  };

  readonly loadMore = async (): Promise<void> => {
    const after = this.#projection.state.olderAfter;
    if (after === null) return;
    if (this.#page === null) {
      const events: NotificationEvent[] = [];
      this.#page = { events, done: this.#loadPage(after, events) };
      this.#publish();
    }
    await this.#page.done;
  };

  readonly markRead = async (ids: readonly string[]): Promise<void> => {
    await this.#command(markRead(ids, now()), MarkNotificationsReadDocument, { ids: [...ids] });
  };

  readonly markUnread = async (ids: readonly string[]): Promise<void> => {
    await this.#command(markRead(ids, null), MarkNotificationsUnreadDocument, { ids: [...ids] });
  };

  readonly markAllRead = async (): Promise<void> => {
    const change = markAllRead(this.#projection.timeline.existingNow(), now());
    await this.#command(change, MarkAllNotificationsReadDocument, { upTo: this.#projection.position.cursor });
  };

  readonly delete = async (ids: readonly string[]): Promise<void> => {
    await this.#command(remove(ids), DeleteNotificationsDocument, { ids: [...ids] });
  };

  readonly clear = async (): Promise<void> => {
    const change = clear(this.#projection.timeline.existingNow());
    await this.#command(change, ClearNotificationsDocument, { upTo: this.#projection.position.cursor });
  };

  readonly dispose = (): void => {
    this.#isDisposed = true;
    clearTimeout(this.#retry);
    for (const remove of this.#removeListeners) remove();
  };

  [Symbol.dispose](): void {
    this.dispose();
  }

  async #command<V>(
    change: OptimisticChange,
    document: TypedDocumentString<CommandResult, { userId: string } & V>,
    variables: V,
  ): Promise<void> {
    const { userId } = this.#client;
    await this.#commands.run(
      change,
      async () => {
        const [result] = Object.values(await this.#client.request(document, { userId, ...variables }));
        return typeof result === "object" ? result.inbox.cursor : "";
      },
      () => this.#projection.position.cursor,
    );
  }

  #hear(event: NotificationEvent): void {
    const outcome = this.#projection.take(event);
    this.#afterTaking(event, outcome);
    // The connection is there again: retry what failed.
    if (event.__typename === "InboxReady" && outcome === "held") void this.#load();
  }

  #afterTaking(event: NotificationEvent, outcome: Outcome): void {
    if (outcome === "unclear") void this.#reload();
    if (outcome === "contained") this.#commands.pass(event.cursor);
    if (outcome !== "taken") return;
    this.#page?.events.push(event);
    this.#commands.pass(event.cursor);
    this.#publish();
  }

  /** Loads again, after a load in progress that may have started too early. */
  async #reload(): Promise<void> {
    await this.#loading;
    await this.#load();
  }

  async #load(): Promise<void> {
    this.#loading ??= this.#loadNow().finally(() => {
      this.#loading = null;
    });
    await this.#loading;
  }

  async #loadNow(): Promise<void> {
    clearTimeout(this.#retry);
    this.#projection.expectSnapshot();
    const removeFinished = this.#commands.finished();
    const from = this.#client.position;
    try {
      const first = Math.min(100, Math.max(this.#pageSize, this.#projection.state.notifications.length));
      const { inbox } = await this.#client.request(InboxDocument, { userId: this.#client.userId, first });
      if (this.#isDisposed) return;
      this.#backoff.reset();
      this.#settle(inbox, from);
      removeFinished();
      this.#publish();
    } catch (error) {
      if (!this.#isDisposed) this.#fail(error);
    }
  }

  #settle(inbox: InboxQuery["inbox"], from: string | null): void {
    this.#page = null;
    this.#view = { status: "ready" };
    const isStartedElsewhere = from === null && this.#client.connection.get().status !== "idle";
    const { contained, next } = this.#projection.begin(
      inbox,
      isStartedElsewhere ? null : (from ?? inbox.cursor),
      listOf(inbox.notifications),
    );
    if (isStartedElsewhere) {
      // Its first marker says where the stream has started; the inbox is then read again.
      if (this.#client.position !== null) void this.#reload();
      return;
    }
    if (from === null) this.#client.start(inbox.cursor);
    this.#commands.pass(inbox.cursor);
    for (const event of contained) this.#commands.pass(event.cursor);
    for (const event of next) this.#afterTaking(event, this.#projection.take(event));
  }

  #fail(error: unknown): void {
    const status = this.#view.status === "ready" ? "ready" : "failed";
    this.#view = { status, error: closeError(error) };
    this.#retry = setTimeout(() => void this.#load(), this.#backoff.next());
    this.#publish();
  }

  #retryNow(): void {
    if (this.#view.error !== undefined) void this.#load();
  }

  async #loadPage(after: string, events: readonly NotificationEvent[]): Promise<void> {
    const variables = { userId: this.#client.userId, first: this.#pageSize, after, filter: null };
    try {
      const { notifications: page } = await this.#client.request(NotificationsDocument, variables);
      // Meanwhile the inbox was read again, or cleared.
      if (this.#page?.events !== events || this.#projection.state.olderAfter !== after) return;
      let older: readonly Notification[] = page.nodes;
      for (const event of events) {
        if (event.__typename !== "NotificationCreated")
          older = changeList(older, event, this.#projection.timeline.createdUpTo);
      }
      this.#projection.append(older, listOf(page).olderAfter);
    } finally {
      if (this.#page?.events === events) this.#page = null;
      this.#publish();
    }
  }

  #publish(): void {
    if (this.#isDisposed) return;
    const view = { ...this.#view, loadingMore: this.#page !== null };
    this.#snapshot.set(toSnapshot(this.#commands.apply(this.#projection.state), view));
  }
}

/** What a command answers, by the name of its field. */
type CommandResult = Readonly<Record<string, string | { readonly inbox: { readonly cursor: string } }>>;

interface ViewState {
  readonly status: InboxSnapshot["status"];
  readonly error?: CarillonError;
  readonly loadingMore?: boolean;
}

function toSnapshot(state: InboxState, { status, error, loadingMore }: ViewState): InboxSnapshot {
  return {
    status,
    error: error ?? null,
    notifications: state.notifications,
    unreadCount: state.unreadCount,
    totalCount: state.totalCount,
    hasMore: state.olderAfter !== null,
    loadingMore: loadingMore ?? false,
  };
}

function listOf({
  nodes,
  pageInfo,
}: InboxQuery["inbox"]["notifications"]): Pick<InboxState, "notifications" | "olderAfter"> {
  return { notifications: nodes, olderAfter: pageInfo.hasNextPage ? pageInfo.endCursor : null };
}

function now(): string {
  return new Date().toISOString();
}
