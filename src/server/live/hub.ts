import type { LiveBus, LiveListener } from "../broker/live-bus.js";
import type { Position } from "../notifications/cursor.js";
import { type NotificationEvent, parseEvent } from "../notifications/event.js";
import { settlesWithin } from "../scheduling/timeout.js";
import type { Log } from "../telemetry/log.js";

/** One subscription, as the hub sees it. Its methods must not throw. */
export interface HubListener {
  readonly userId: string;
  /** An event of this user arrived: possibly a repeat, possibly out of order. `bytes`: size of the message. */
  receive(event: NotificationEvent, bytes: number): void;
  /** The user's stream has reached this position. */
  compareHead(head: Position): void;
}

/** Counted since the start of the process. */
export interface HubCounts {
  /** Live messages that are not valid events. */
  malformed: number;
  /** Events that a feed had already delivered. */
  repeats: number;
  /** Events that feeds read from the log. */
  caughtUp: number;
}

/** Milliseconds that a new subscription waits for the broker to bind its user. */
const defaultWatchTimeout = 1000;

/**
 * Passes the broker's messages to the subscriptions of their user: one look-up a message, however many users are connected.
 *
 *   interrupted ──resumed()──▶ live ──interrupted()──▶ interrupted
 *
 * After every change of state messages may be missing: the callbacks of `onStateChange` make up for that.
 */
export class Hub implements LiveListener {
  readonly counts: HubCounts = { malformed: 0, repeats: 0, caughtUp: 0 };
  readonly #listeners = new Map<string, Set<HubListener>>();
  readonly #callbacks: (() => void)[] = [];
  readonly #bus: LiveBus;
  readonly #log: Log;
  readonly #watchTimeout: number;
  /** Live delivery works. */
  #live = false;

  constructor(bus: LiveBus, log: Log, watchTimeout = defaultWatchTimeout) {
    this.#bus = bus;
    this.#log = log;
    this.#watchTimeout = watchTimeout;
  }

  /** Calls back when live delivery is interrupted or resumed, and when a user was bound too late for `add` to wait for. */
  onStateChange(callback: () => void): void {
    this.#callbacks.push(callback);
  }

  /** The users with a subscription in this process. */
  get users(): readonly string[] {
    return [...this.#listeners.keys()];
  }

  /** The number of subscriptions in this process. */
  get subscriptions(): number {
    return [...this.#listeners.values()].reduce((sum, listeners) => sum + listeners.size, 0);
  }

  /**
   * Resolves once the user's events arrive here. Does not wait while the broker is unavailable, and waits a bounded time
   * for its answer: the head poller makes up for it.
   */
  async add(listener: HubListener): Promise<void> {
    const { userId } = listener;
    const listeners = this.#listeners.get(userId);
    if (listeners === undefined) this.#listeners.set(userId, new Set([listener]));
    else listeners.add(listener);
    const watching = this.#bus.watch(userId).then(
      () => true,
      (error: unknown) => {
        this.#log.debug({ err: error }, "subscribed while the broker is unavailable");
        return false;
      },
    );
    if (await settlesWithin(this.#live ? this.#watchTimeout : 0, watching)) return;
    void watching.then((isWatched) => {
      if (isWatched) this.#changed();
    });
  }

  remove(listener: HubListener): void {
    const { userId } = listener;
    const listeners = this.#listeners.get(userId);
    if (listeners?.delete(listener) !== true || listeners.size > 0) return;
    this.#listeners.delete(userId);
    this.#bus.unwatch(userId);
  }

  message(body: Buffer): void {
    try {
      const value: unknown = JSON.parse(body.toString("utf8"));
      const listeners = this.#listeners.get(userIdOf(value));
      // In a large installation most messages are for users of other instances: those are not parsed further.
      if (listeners === undefined) return;
      const event = parseEvent(value);
      for (const listener of listeners) listener.receive(event, body.length);
    } catch (error) {
      this.counts.malformed += 1;
      this.#log.error({ err: error, bytes: body.length }, "ignoring malformed live message");
    }
  }

  interrupted(): void {
    this.#live = false;
    this.#changed();
  }

  resumed(): void {
    this.#live = true;
    this.#changed();
  }

  /** Tells the subscriptions of a user which position the user's stream has reached. */
  compareHead(userId: string, head: Position): void {
    for (const listener of this.#listeners.get(userId) ?? []) listener.compareHead(head);
  }

  countRepeat(): void {
    this.counts.repeats += 1;
  }

  countCaughtUp(events: number): void {
    this.counts.caughtUp += events;
  }

  #changed(): void {
    for (const callback of this.#callbacks) callback();
  }
}

function userIdOf(value: unknown): string {
  if (typeof value === "object" && value !== null && "userId" in value && typeof value.userId === "string") {
    return value.userId;
  }
  throw new TypeError("the message has no userId");
}
