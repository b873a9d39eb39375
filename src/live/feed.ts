import { setTimeout as sleep } from "node:timers/promises";
import { DatabaseUnavailableError } from "../database/database.js";
import type { Position } from "../notifications/cursor.js";
import type { NotificationEvent } from "../notifications/event.js";
import type { LogSlice } from "../notifications/event-log.js";
import type { Hub, HubListener } from "./hub.js";
import type { LogReader } from "./log-reader.js";

/** A mark in the stream that is no event: where live begins, or where history was lost. Bears the head of the stream. */
export interface StreamMark extends Position {
  readonly type: "ready" | "reset";
  readonly userId: string;
  readonly occurredAt: Date;
  readonly unreadCount: number;
}

export type FeedItem = NotificationEvent | StreamMark;

/** Where a subscription begins: now, after a position, or after one that nobody knows any more. */
export type FeedStart = "now" | Position | "unknown";

export interface FeedLimits {
  /** Live events that wait for a slow reader; beyond, they are dropped and read from the log later. */
  readonly maxEvents: number;
  /** The same in bytes of the messages that bore them. */
  readonly maxBytes: number;
  /** Milliseconds that a reader may hold one item before `onStalled` is called. */
  readonly stallTimeout: number;
}

export interface FeedOptions {
  readonly userId: string;
  readonly start: FeedStart;
  readonly hub: Hub;
  readonly log: LogReader;
  readonly limits: FeedLimits;
  /** The reader has made no progress for too long: end its connection, it resumes with the next one. */
  readonly onStalled: () => void;
}

/**
 * The stream of one subscription: replay from the log, then live, each event once and in order.
 *
 *     behind ──(read the log after `last`)──► upcoming ──► delivered          the log's head is reached: no longer behind
 *        ▲                                                     ▲
 *        └── a number is missing, too much waits,              │ the next number
 *            or a head comparison says so ── pending ──────────┘              lower or equal: a repeat, dropped
 *
 * There is no other state: replay, hand-over and mending a hole are the same lines. The feed listens to the hub BEFORE it
 * first reads the log, so nothing falls between the two.
 */
export class Feed implements AsyncIterableIterator<FeedItem, undefined>, HubListener {
  readonly userId: string;
  readonly #options: FeedOptions;
  readonly #closing = new AbortController();
  /** What was delivered last; null: nothing, and the feed begins at the head. */
  #last: Position | null;
  #behind = true;
  #ready = false;
  /** From the log, in order. */
  #upcoming: FeedItem[] = [];
  /** From the hub, in the order of arrival. */
  #pending: { event: NotificationEvent; bytes: number }[] = [];
  #pendingBytes = 0;
  #wake: () => void = () => undefined;
  #stall: NodeJS.Timeout | null = null;

  /** Begins to listen. The log is read for the first time by `next`. */
  static async open(options: FeedOptions): Promise<Feed> {
    const feed = new Feed(options);
    await options.hub.add(feed);
    return feed;
  }

  private constructor(options: FeedOptions) {
    this.userId = options.userId;
    this.#options = options;
    // An unknown position is one of a log that does not exist.
    this.#last =
      options.start === "now"
        ? null
        : options.start === "unknown"
          ? { epoch: "", sequence: 0 }
          : options.start;
  }

  /** The next item; waits for it. Ends when the feed is closed. */
  async next(): Promise<IteratorResult<FeedItem, undefined>> {
    if (this.#stall !== null) clearTimeout(this.#stall);
    while (!this.#closing.signal.aborted) {
      const item = this.#upcoming.shift() ?? this.#nextPending();
      if (item !== undefined) {
        this.#last = { epoch: item.epoch, sequence: item.sequence };
        this.#stall = setTimeout(this.#options.onStalled, this.#options.limits.stallTimeout);
        return { done: false, value: item };
      }
      if (this.#behind) await this.#catchUpPatiently();
      else await this.#woken();
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

  /** The next live event; undefined when there is none, or when the log has to be read first. */
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
    // Cleared before the read: what is said to be missing meanwhile is not forgotten. And nothing is published before its
    // commit: what has arrived by now is in the log, or is no event of it.
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
      this.#upcoming.push(this.#mark("reset", head));
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
      this.#upcoming.push(this.#mark("ready", head));
    }
  }

  #mark(type: StreamMark["type"], head: LogSlice["head"]): StreamMark {
    return { type, userId: this.userId, occurredAt: new Date(), ...head };
  }

  /**
   * A subscription outlives an outage of the database, and one that begins in it waits: it goes on when the log can be read
   * again. To send the client away would only have it come back at once, and again and again.
   */
  async #catchUpPatiently(): Promise<void> {
    try {
      await this.#catchUp();
    } catch (error) {
      if (!(error instanceof DatabaseUnavailableError)) {
        // Nobody calls `return` on an iterator that has thrown.
        this.#close();
        throw error;
      }
      const delay = 500 + Math.random() * 1000;
      await sleep(delay, undefined, { signal: this.#closing.signal }).catch(() => undefined);
    }
  }

  #woken(): Promise<void> {
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

/** Greater than any sequence: reads the head alone. */
const maxSequence = 2 ** 31 - 1;
