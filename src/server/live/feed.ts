import { DatabaseUnavailableError } from "../database/database.js";
import type { Position } from "../notifications/cursor.js";
import type { NotificationEvent } from "../notifications/event.js";
import type { LogSlice } from "../notifications/event-log.js";
import { retry } from "../scheduling/retry.js";
import type { Hub, HubListener } from "./hub.js";
import type { LogReader } from "./log-reader.js";

/** A marker in the stream: live delivery starts here, or history is lost. Contains the head of the stream. */
export interface StreamMarker extends Position {
  readonly type: "ready" | "reset";
  readonly userId: string;
  readonly occurredAt: Date;
  readonly unreadCount: number;
}

export type FeedItem = NotificationEvent | StreamMarker;

/** Where a subscription starts: now, after a position, or after a position that cannot be resolved. */
export type FeedStart = "now" | Position | "unknown";

export interface FeedLimits {
  /** Live events that wait for a slow reader; beyond, they are dropped, and read from the log later. */
  readonly maxEvents: number;
  /** The same in bytes of their messages. */
  readonly maxBytes: number;
  /** Milliseconds that a reader may take for one item before `onStalled` is called. */
  readonly stallTimeout: number;
}

export interface FeedOptions {
  readonly userId: string;
  readonly start: FeedStart;
  readonly hub: Hub;
  readonly log: LogReader;
  readonly limits: FeedLimits;
  /** The reader has made no progress for too long: close its connection; it resumes with the next one. */
  readonly onStalled: () => void;
  /** Milliseconds before the log is read again after the database was unavailable, give or take a half. */
  readonly retryDelay?: number;
}

/**
 * The stream of one subscription: replay from the log, then live, each event exactly once and in order.
 *
 *     behind ──(read the log after `last`)──► upcoming ──► delivered          the log's head is reached: no longer behind
 *        ▲                                                     ▲
 *        └── a sequence is missing, too much waits,            │ the next sequence
 *            or a head comparison says so ── pending ──────────┘              lower or equal: a repeat, dropped
 *
 * There is no other state: replay, cutover and filling a gap are the same code. The feed listens to the hub BEFORE it
 * first reads the log, so that no event is lost between the two.
 */
export class Feed implements AsyncIterableIterator<FeedItem, undefined>, HubListener {
  readonly userId: string;
  readonly #options: FeedOptions;
  readonly #closing = new AbortController();
  /** The last item delivered; null: none, and the feed starts at the head. */
  #last: Position | null;
  #behind = true;
  #ready = false;
  /** Read from the log, in order. */
  #upcoming: FeedItem[] = [];
  /** Received from the hub, in the order of arrival. */
  #pending: { event: NotificationEvent; bytes: number }[] = [];
  #pendingBytes = 0;
  #wake: () => void = () => undefined;
  #stall: NodeJS.Timeout | null = null;

  /** Starts to listen to the hub. The first `next` reads the log. */
  static async open(options: FeedOptions): Promise<Feed> {
    const feed = new Feed(options);
    await options.hub.add(feed);
    return feed;
  }

  private constructor(options: FeedOptions) {
    this.userId = options.userId;
    this.#options = options;
    // An unknown position belongs to a log that does not exist.
    this.#last =
      options.start === "now"
        ? null
        : options.start === "unknown"
          ? { epoch: "", sequence: 0 }
          : options.start;
  }

  /** Waits for the next item. Done once the feed is closed. */
  async next(): Promise<IteratorResult<FeedItem, undefined>> {
    if (this.#stall !== null) clearTimeout(this.#stall);
    while (!this.#closing.signal.aborted) {
      const item = this.#upcoming.shift() ?? this.#nextPending();
      if (item !== undefined) {
        this.#last = { epoch: item.epoch, sequence: item.sequence };
        this.#stall = setTimeout(this.#options.onStalled, this.#options.limits.stallTimeout);
        return { done: false, value: item };
      }
      if (this.#behind) await this.#catchUpWithRetry();
      else await this.#waitForWake();
    }
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<FeedItem, undefined>> {
    this.#close();
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<IteratorResult<FeedItem, undefined>> {
    this.#close();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#close();
  }

  receive(event: NotificationEvent, bytes: number): void {
    const { maxEvents, maxBytes } = this.#options.limits;
    this.#pending.push({ event, bytes });
    this.#pendingBytes += bytes;
    if (this.#pending.length > maxEvents || this.#pendingBytes > maxBytes) {
      this.#dropPending();
      this.#behind = true;
    }
    this.#wake();
  }

  compareHead(head: Position): void {
    const known = this.#pending.at(-1)?.event ?? this.#upcoming.at(-1) ?? this.#last;
    if (known !== null && known.epoch === head.epoch && known.sequence >= head.sequence) return;
    this.#behind = true;
    this.#wake();
  }

  /** The next live event; undefined: there is none, or the log has to be read first. */
  #nextPending(): NotificationEvent | undefined {
    while (!this.#behind && this.#last !== null) {
      const next = this.#pending[0];
      if (next === undefined) return undefined;
      const { event, bytes } = next;
      const missing = event.epoch !== this.#last.epoch || event.sequence > this.#last.sequence + 1;
      if (missing) {
        this.#behind = true;
        return undefined;
      }
      this.#pending.shift();
      this.#pendingBytes -= bytes;
      if (event.sequence === this.#last.sequence + 1) return event;
      this.#options.hub.countRepeat();
    }
    return undefined;
  }

  #dropPending(): void {
    this.#pending = [];
    this.#pendingBytes = 0;
  }

  async #catchUp(): Promise<void> {
    // Cleared before the read, so that a gap reported during the read is not forgotten. Pending events can be dropped: an
    // event is published only after its commit, so that the read finds every one that has arrived.
    this.#behind = false;
    this.#dropPending();
    try {
      const sequence = this.#last?.sequence ?? maxSequence;
      this.#accept(await this.#options.log.read({ userId: this.userId, sequence }));
    } catch (error) {
      this.#behind = true;
      throw error;
    }
  }

  #accept({ head, events, expired }: LogSlice): void {
    const lost = this.#last !== null && (expired || head.epoch !== this.#last.epoch);
    if (lost) {
      this.#upcoming.push(this.#marker("reset", head));
    } else {
      this.#options.hub.countCaughtUp(events.length);
      this.#upcoming.push(...events);
      if ((events.at(-1)?.sequence ?? head.sequence) < head.sequence) {
        this.#behind = true;
        return;
      }
    }
    if (!this.#ready) {
      this.#ready = true;
      this.#upcoming.push(this.#marker("ready", head));
    }
  }

  #marker(type: StreamMarker["type"], head: LogSlice["head"]): StreamMarker {
    return { type, userId: this.userId, occurredAt: new Date(), ...head };
  }

  /**
   * Subscriptions survive an outage of the database, and new ones wait for its end: a client whose socket was closed would
   * only reconnect, again and again.
   */
  async #catchUpWithRetry(): Promise<void> {
    const { retryDelay = defaultRetryDelay } = this.#options;
    try {
      await retry(() => this.#catchUp(), {
        isRetryable: (error) => error instanceof DatabaseUnavailableError,
        delay: () => retryDelay * (0.5 + Math.random()),
        signal: this.#closing.signal,
      });
    } catch (error) {
      if (this.#closing.signal.aborted && error instanceof DatabaseUnavailableError) return;
      // Nobody calls `return` on an iterator that has thrown.
      this.#close();
      throw error;
    }
  }

  #waitForWake(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #close(): void {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    this.#options.hub.remove(this);
    if (this.#stall !== null) clearTimeout(this.#stall);
    this.#dropPending();
    this.#upcoming = [];
    this.#wake();
  }
}

/** Milliseconds. */
const defaultRetryDelay = 1000;

/** Greater than any sequence: reads the head alone. */
const maxSequence = 2 ** 31 - 1;
