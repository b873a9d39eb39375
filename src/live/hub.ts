import { setTimeout as sleep } from "node:timers/promises";
import type { Broker, LiveListener } from "../broker/broker.js";
import type { Position } from "../notifications/cursor.js";
import { type NotificationEvent, parseEvent } from "../notifications/event.js";
import type { Log } from "../telemetry/log.js";

/** One subscription, as the hub sees it. Its methods must not throw. */
export interface HubListener {
  readonly userId: string;
  /** An event of this user came: perhaps a repeat, perhaps out of order. `bytes`: size of the message. */
  receive(event: NotificationEvent, bytes: number): void;
  /** The user's stream has reached this position. */
  compareHead(head: Position): void;
}

/** Counted since the start of the process. */
export interface HubCounts {
  /** Messages that were no event of ours. */
  unreadable: number;
  /** Events that a feed had had already. */
  repeats: number;
  /** Events that feeds took from the log. */
  caughtUp: number;
}

/** Milliseconds that a subscription waits for the broker to bind its user. */
const watchPatience = 1000;

/**
 * Hands the broker's messages to the subscriptions of their user: one look-up a message, however many users are connected.
 * Tells `onResumed` when messages may have been missed.
 */
export class Hub implements LiveListener {
  readonly counts: HubCounts = { unreadable: 0, repeats: 0, caughtUp: 0 };
  readonly #listeners = new Map<string, Set<HubListener>>();
  readonly #broker: Broker;
  readonly #log: Log;
  readonly #onChange: () => void;

  /** @param onChange called when live delivery stops, and when it works again */
  constructor(broker: Broker, log: Log, onChange: () => void) {
    this.#broker = broker;
    this.#log = log;
    this.#onChange = onChange;
  }

  /** The users with a subscription in this process. */
  get users(): readonly string[] {
    return [...this.#listeners.keys()];
  }

  /** How many subscriptions there are in this process. */
  get subscriptions(): number {
    return [...this.#listeners.values()].reduce((sum, listeners) => sum + listeners.size, 0);
  }

  /**
   * Resolves once the user's events arrive here; at once when the broker is away, and soon when it does not answer: then the
   * comparison of heads makes up for it.
   */
  async add(listener: HubListener): Promise<void> {
    const { userId } = listener;
    const listeners = this.#listeners.get(userId);
    if (listeners === undefined) this.#listeners.set(userId, new Set([listener]));
    else listeners.add(listener);
    let late = false;
    const watching = this.#broker.watch(userId).then(
      () => late && this.#onChange(),
      (error: unknown) => this.#log.debug({ err: error }, "a subscription began while the broker was away"),
    );
    const patience = new AbortController();
    const tooLate = sleep(watchPatience, undefined, { signal: patience.signal }).then(
      () => (late = true),
      () => undefined,
    );
    await Promise.race([watching, tooLate]);
    patience.abort();
  }

  remove(listener: HubListener): void {
    const { userId } = listener;
    const listeners = this.#listeners.get(userId);
    if (listeners?.delete(listener) !== true || listeners.size > 0) return;
    this.#listeners.delete(userId);
    this.#broker.unwatch(userId);
  }

  message(body: Buffer): void {
    try {
      const value: unknown = JSON.parse(body.toString("utf8"));
      const listeners = this.#listeners.get(userIdOf(value));
      // Most messages of a large installation are for users who are connected elsewhere: they cost no more than this.
      if (listeners === undefined) return;
      const event = parseEvent(value);
      for (const listener of listeners) listener.receive(event, body.length);
    } catch (error) {
      this.counts.unreadable += 1;
      this.#log.error({ err: error, bytes: body.length }, "a live message is no event; it is passed over");
    }
  }

  interrupted(): void {
    this.#onChange();
  }

  resumed(): void {
    this.#onChange();
  }

  /** Tells the subscriptions of a user how far the user's stream has come. */
  compareHead(userId: string, head: Position): void {
    for (const listener of this.#listeners.get(userId) ?? []) listener.compareHead(head);
  }

  countRepeat(): void {
    this.counts.repeats += 1;
  }

  countCaughtUp(events: number): void {
    this.counts.caughtUp += events;
  }
}

function userIdOf(value: unknown): string {
  if (typeof value === "object" && value !== null && "userId" in value && typeof value.userId === "string") {
    return value.userId;
  }
  throw new TypeError("a message without userId");
}
