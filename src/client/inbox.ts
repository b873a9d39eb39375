import { Backoff } from "./backoff.js";
import type { CarillonClient } from "./client.js";
import { CarillonError } from "./errors.js";
import type { Notification, NotificationEvent } from "./events.js";
import {
  ClearNotificationsDocument,
  DeleteNotificationsDocument,
  InboxDocument,
  type InboxQuery,
  MarkAllNotificationsReadDocument,
  MarkNotificationsReadDocument,
  MarkNotificationsUnreadDocument,
  NotificationsDocument,
} from "./generated-text.js";
import { Commands } from "./commands.js";
import { afterEvent, changeList, emptyInbox, type InboxState } from "./inbox-state.js";
import { LineUp } from "./line-up.js";
import { type Observable, Value } from "./observable.js";
import { type Change, clear, markAllRead, markRead, remove } from "./optimism.js";
import { Timeline } from "./timeline.js";
import { onWake } from "./wake.js";

/** What a person sees of their inbox. Stays the same object until it changes. */
export interface InboxSnapshot {
  /** `loading` and `failed` say that there is nothing to see yet; a failed load is tried again by itself. */
  readonly status: "loading" | "ready" | "failed";
  /** Why the last load failed. */
  readonly error: CarillonError | null;
  /** The newest, as many as were loaded, newest first. */
  readonly notifications: readonly Notification[];
  readonly unreadCount: number;
  readonly totalCount: number;
  /** Are there older ones to load? */
  readonly hasMore: boolean;
  readonly loadingMore: boolean;
}

/**
 * An inbox that stays current: it begins with a snapshot and applies the events that follow it, each once. Commands show at
 * once, and are taken back when they fail. Their promises resolve when the server has done them, and reject with a CarillonError.
 */
export interface InboxStore extends Observable<InboxSnapshot>, Disposable {
  /** Loads the next page of older ones. */
  loadMore(): Promise<void>;
  /** Reads it anew. */
  refresh(): Promise<void>;
  markRead(ids: readonly string[]): Promise<void>;
  markUnread(ids: readonly string[]): Promise<void>;
  /** What comes after the last event that this inbox knows stays unread. */
  markAllRead(): Promise<void>;
  delete(ids: readonly string[]): Promise<void>;
  /** Deletes all; what comes after the last event that this inbox knows stays. */
  clear(): Promise<void>;
  dispose(): void;
}

/** Opens the inbox of the client's user. @param options.pageSize 1 to 100, default 20 */
export function createInbox(
  client: CarillonClient,
  options: { readonly pageSize?: number } = {},
): InboxStore {
  return new Inbox(client, options.pageSize ?? 20);
}

class Inbox implements InboxStore {
  readonly #client: CarillonClient;
  readonly #pageSize: number;
  readonly #snapshot = new Value<InboxSnapshot>(toSnapshot(emptyInbox, { status: "loading" }));
  readonly #lineUp = new LineUp();
  readonly #timeline = new Timeline();
  readonly #commands = new Commands(() => this.#publish());
  readonly #backoff = new Backoff({ first: 1000, longest: 30_000 });
  readonly #unlisten: readonly (() => void)[];
  #state: InboxState = emptyInbox;
  #view: ViewState = { status: "loading" };
  #loading: Promise<void> | null = null;
  /** The page that is on its way, and the events that came since it was asked for. */
  #page: { readonly events: NotificationEvent[]; readonly done: Promise<void> } | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #isDisposed = false;

  constructor(client: CarillonClient, pageSize: number) {
    this.#client = client;
    this.#pageSize = pageSize;
    // Where the stream begins is known, or else the snapshot says it: nothing may begin it elsewhere before.
    if (client.position !== null) client.start();
    this.#unlisten = [client.listen((event) => this.#hear(event)), onWake(() => this.#wake())];
    void this.#load();
  }

  readonly get = (): InboxSnapshot => this.#snapshot.get();
  readonly subscribe = (listener: (snapshot: InboxSnapshot) => void): (() => void) =>
    this.#snapshot.subscribe(listener);

  async refresh(): Promise<void> {
    await this.#load();
    if (this.#view.error !== undefined) throw this.#view.error;
  }

  async loadMore(): Promise<void> {
    const after = this.#state.olderAfter;
    if (after === null) return;
    if (this.#page === null) {
      const events: NotificationEvent[] = [];
      this.#page = { events, done: this.#loadPage(after, events) };
      this.#publish();
    }
    await this.#page.done;
  }

  async markRead(ids: readonly string[]): Promise<void> {
    await this.#command(markRead(ids, now()), async (userId) => {
      const done = await this.#client.request(MarkNotificationsReadDocument, { userId, ids: [...ids] });
      return done.markNotificationsRead.inbox.cursor;
    });
  }

  async markUnread(ids: readonly string[]): Promise<void> {
    await this.#command(markRead(ids, null), async (userId) => {
      const done = await this.#client.request(MarkNotificationsUnreadDocument, { userId, ids: [...ids] });
      return done.markNotificationsUnread.inbox.cursor;
    });
  }

  async markAllRead(): Promise<void> {
    const upTo = this.#timeline.cursor;
    await this.#command(markAllRead(this.#timeline.untilNow(), now()), async (userId) => {
      const done = await this.#client.request(MarkAllNotificationsReadDocument, { userId, upTo });
      return done.markAllNotificationsRead.inbox.cursor;
    });
  }

  async delete(ids: readonly string[]): Promise<void> {
    await this.#command(remove(ids), async (userId) => {
      const done = await this.#client.request(DeleteNotificationsDocument, { userId, ids: [...ids] });
      return done.deleteNotifications.inbox.cursor;
    });
  }

  async clear(): Promise<void> {
    const upTo = this.#timeline.cursor;
    await this.#command(clear(this.#timeline.untilNow()), async (userId) => {
      const done = await this.#client.request(ClearNotificationsDocument, { userId, upTo });
      return done.clearNotifications.inbox.cursor;
    });
  }

  dispose(): void {
    this.#isDisposed = true;
    clearTimeout(this.#retry);
    for (const unlisten of this.#unlisten) unlisten();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  async #command(change: Change, send: (userId: string) => Promise<string>): Promise<void> {
    const { userId } = this.#client;
    await this.#commands.run(
      change,
      () => send(userId),
      () => this.#timeline.cursor,
    );
  }

  #hear(event: NotificationEvent): void {
    if (event.__typename === "InboxReset") {
      void this.#reload();
      return;
    }
    const place = this.#lineUp.take(event);
    if (place === "contained") this.#commands.pass(event.cursor);
    if (place === "next") this.#apply(event);
    // A connection that is there again is the time to try what failed.
    if (event.__typename === "InboxReady" && this.#lineUp.isHolding) void this.#load();
  }

  #apply(event: NotificationEvent): void {
    if (this.#timeline.splitsSnapshot(event)) {
      void this.#reload();
      return;
    }
    this.#timeline.advance(event);
    this.#page?.events.push(event);
    this.#state = afterEvent(this.#state, event, this.#timeline.createdUpTo);
    this.#commands.pass(event.cursor);
    this.#publish();
  }

  /** Loads, also when a load is under way that may have begun too early. */
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
    this.#lineUp.begin();
    const takeOffDone = this.#commands.done();
    const from = this.#client.position;
    try {
      const first = Math.min(100, Math.max(this.#pageSize, this.#state.notifications.length));
      const { inbox } = await this.#client.request(InboxDocument, { userId: this.#client.userId, first });
      if (this.#isDisposed) return;
      this.#backoff.reset();
      this.#settle(inbox, from);
      takeOffDone();
      this.#publish();
    } catch (error) {
      if (!this.#isDisposed) this.#fail(error);
    }
  }

  #settle(inbox: InboxQuery["inbox"], from: string | null): void {
    this.#page = null;
    this.#state = stateOf(inbox);
    this.#view = { status: "ready" };
    this.#timeline.begin(inbox.cursor);
    if (from === null) {
      if (this.#client.connection.get().status !== "idle") {
        // Somebody else began it meanwhile, from now on. When that is its first mark says, and then we read again.
        if (this.#client.position !== null) void this.#reload();
        return;
      }
      this.#client.start(inbox.cursor);
    }
    const { contained, next } = this.#lineUp.settle(inbox.cursor, from ?? inbox.cursor);
    this.#commands.pass(inbox.cursor);
    for (const event of contained) this.#commands.pass(event.cursor);
    for (const event of next) this.#apply(event);
  }

  #fail(error: unknown): void {
    const status = this.#view.status === "ready" ? "ready" : "failed";
    this.#view = { status, error: asCarillonError(error) };
    this.#retry = setTimeout(() => void this.#load(), this.#backoff.next());
    this.#publish();
  }

  #wake(): void {
    if (this.#view.error !== undefined) void this.#load();
  }

  async #loadPage(after: string, events: readonly NotificationEvent[]): Promise<void> {
    const variables = { userId: this.#client.userId, first: this.#pageSize, after, filter: null };
    try {
      const { notifications: page } = await this.#client.request(NotificationsDocument, variables);
      // Meanwhile the inbox was read anew, or cleared.
      if (this.#page?.events !== events || this.#state.olderAfter !== after) return;
      let older: readonly Notification[] = page.nodes;
      for (const event of events) {
        if (event.__typename !== "NotificationCreated")
          older = changeList(older, event, this.#timeline.createdUpTo);
      }
      this.#state = {
        ...this.#state,
        notifications: [...this.#state.notifications, ...older],
        olderAfter: page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null,
      };
    } finally {
      if (this.#page?.events === events) this.#page = null;
      this.#publish();
    }
  }

  #publish(): void {
    if (this.#isDisposed) return;
    const view = { ...this.#view, loadingMore: this.#page !== null };
    this.#snapshot.set(toSnapshot(this.#commands.apply(this.#state), view));
  }
}

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

function stateOf({ notifications, unreadCount, totalCount }: InboxQuery["inbox"]): InboxState {
  const { nodes, pageInfo } = notifications;
  return {
    notifications: nodes,
    unreadCount,
    totalCount,
    olderAfter: pageInfo.hasNextPage ? pageInfo.endCursor : null,
  };
}

function asCarillonError(error: unknown): CarillonError {
  return error instanceof CarillonError
    ? error
    : new CarillonError("NETWORK", "The inbox could not be read", { cause: error });
}

function now(): string {
  return new Date().toISOString();
}
