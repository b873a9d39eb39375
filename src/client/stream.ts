import { Backoff, type RetryOptions } from "./backoff.js";
import type { ConnectionState, ConnectionStatus } from "./connection-state.js";
import { CarillonError } from "./errors.js";
import type { NotificationEvent } from "./events.js";
import type { HeartbeatOptions } from "./heartbeat.js";
import { Nap } from "./nap.js";
import { type Position, stepTo } from "./position.js";
import { subscribe, type Subscription } from "./subscription.js";
import type { Tokens } from "./tokens.js";
import { onWake } from "./wake.js";

/** Milliseconds of life after which a connection that is lost counts as a good one: the waits begin anew. */
const goodLife = 1000;

export interface StreamOptions {
  /** ws: or wss: */
  readonly url: string;
  readonly webSocket: typeof WebSocket;
  readonly heartbeat: HeartbeatOptions;
  readonly retry: RetryOptions;
  readonly userId: string;
  readonly tokens: Tokens;
}

/** Who a stream works for. */
export interface StreamOwner {
  /** Where it stands: `deliver` moves it. */
  readonly position: () => Position;
  /** Takes the next event. */
  readonly deliver: (event: NotificationEvent) => void;
  readonly report: (state: ConnectionState) => void;
}

/** Something that brings the owner's events until it is stopped. */
export interface EventSource {
  stop(): void;
}

/**
 * Brings the events that follow the owner's position, over one connection after another: each begins at the cursor where the
 * last one ended. What came already is dropped, and where one is missing, the connection is made anew.
 */
export function openStream(options: StreamOptions, owner: StreamOwner): EventSource {
  const backoff = new Backoff(options.retry);
  const stopping = new AbortController();
  const { signal } = stopping;
  let current: Subscription | null = null;
  const nap = new Nap();
  const unlisten = onWake(() => {
    current?.check();
    nap.wake();
  });

  function report(status: ConnectionStatus, error: CarillonError | null = null, wait?: number): void {
    const retryAt = wait === undefined ? null : Date.now() + wait;
    if (!signal.aborted) owner.report({ status, error, retryAt, shared: false });
  }

  /** Holds one connection for as long as it lasts. @returns whether it had been a good one, and why it ended */
  async function connect(): Promise<{ wasGood: boolean; error: CarillonError }> {
    let liveSince = Infinity;
    try {
      const token = await options.tokens.renew();
      if (!signal.aborted) {
        current = subscribe({
          ...options,
          token,
          after: owner.position().cursor,
          onConnected: () => report("catching-up"),
          onEvent(event) {
            const step = stepTo(event, owner.position());
            if (step === "repeat") return;
            if (step === "gap") {
              current?.end(new CarillonError("NETWORK", "An event is missing"));
              return;
            }
            owner.deliver(event);
            if (event.__typename !== "InboxReady") return;
            liveSince = Date.now();
            report("live");
          },
        });
        await current.ended;
      }
    } catch (error) {
      return { wasGood: Date.now() - liveSince > goodLife, error: asCarillonError(error) };
    } finally {
      current = null;
    }
    return { wasGood: false, error: new CarillonError("DISPOSED", "Stopped") };
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      report("connecting");
      const { wasGood, error } = await connect();
      if (wasGood) backoff.reset();
      // A token that expired in a good connection is no trouble: a new one is asked for at once.
      const delay = wasGood && error.code === "TOKEN_EXPIRED" ? 0 : backoff.next();
      report("offline", error, delay);
      if (!signal.aborted) await nap.sleep(delay);
    }
  }

  void run();
  return {
    stop() {
      stopping.abort();
      unlisten();
      current?.end(new CarillonError("DISPOSED", "Stopped"));
      nap.wake();
    },
  };
}

function asCarillonError(error: unknown): CarillonError {
  return error instanceof CarillonError
    ? error
    : new CarillonError("NETWORK", "The connection failed", { cause: error });
}
