import type { ConnectionState } from "./connection-state.js";
import { CarillonError } from "./errors.js";
import type { NotificationEvent } from "./events.js";
import { isMark, stepTo } from "./position.js";
import { type EventSource, openStream, type StreamOptions, type StreamOwner } from "./stream.js";

/** What tabs say to one another. Their browser shows it to no other origin. */
type Message =
  /** By a tab that came, or that missed something. */
  | { readonly kind: "hello" }
  /** By the one that leads. */
  | { readonly kind: "event"; readonly event: NotificationEvent }
  | { readonly kind: "state"; readonly state: PlainState };

/** An error cannot be sent as it is: its class would be lost, and its cause may be what no tab can send. */
interface PlainState extends Omit<ConnectionState, "error"> {
  readonly error: { readonly code: string; readonly message: string } | null;
}

function toPlain(state: ConnectionState): PlainState {
  const { error } = state;
  return { ...state, error: error === null ? null : { code: error.code, message: error.message } };
}

function fromPlain(state: PlainState): ConnectionState {
  const { error } = state;
  return {
    ...state,
    error: error === null ? null : new CarillonError(error.code, error.message),
    shared: true,
  };
}

/** Can tabs share a connection here? */
export function canShare(): boolean {
  return typeof BroadcastChannel !== "undefined" && typeof navigator !== "undefined" && "locks" in navigator;
}

/**
 * Brings the owner's events over one connection for all tabs. The tab that holds a lock (Web Locks API) leads: it has the
 * connection and tells the others what comes (BroadcastChannel). When it goes, however it goes, the browser gives the lock to the
 * next, which goes on from its own position. A tab that misses something, because it was frozen or began at an older
 * cursor, fetches it over a connection of its own that lasts until it is level.
 * @param name the same in all tabs that may share: it has to tell servers and users apart
 */
export function openSharedStream(name: string, options: StreamOptions, owner: StreamOwner): EventSource {
  const channel = new BroadcastChannel(name);
  const stopping = new AbortController();
  let leading: EventSource | null = null;
  let catchingUp: EventSource | null = null;
  /** What the leader said while this tab was catching up. */
  let held: NotificationEvent[] = [];
  let leaderState: ConnectionState | null = null;
  /** The last that is known of the head, to tell it to tabs that come. */
  let head: NotificationEvent | null = null;

  function post(message: Message): void {
    if (!stopping.signal.aborted) channel.postMessage(message);
  }

  channel.addEventListener("message", ({ data }: MessageEvent<Message>) => {
    if (stopping.signal.aborted) return;
    if (leading !== null) {
      if (data.kind === "hello") introduce();
      return;
    }
    if (data.kind === "event") follow(data.event);
    if (data.kind === "state") {
      leaderState = fromPlain(data.state);
      reportLeader();
    }
  });

  function introduce(): void {
    const state = leaderState;
    if (state === null) return;
    // For one that comes, the stream is live from here on.
    if (state.status === "live" && head !== null) post({ kind: "event", event: asReady(head) });
    post({ kind: "state", state: toPlain(state) });
  }

  function lead(): void {
    catchingUp?.stop();
    catchingUp = null;
    held = [];
    leading = openStream(options, {
      position: owner.position,
      deliver(event) {
        head = event;
        owner.deliver(event);
        post({ kind: "event", event });
      },
      report(state) {
        leaderState = state;
        owner.report(state);
        post({ kind: "state", state: toPlain(state) });
      },
    });
  }

  function follow(event: NotificationEvent): void {
    if (catchingUp !== null) {
      held.push(event);
      return;
    }
    const position = owner.position();
    if (position.cursor === null) {
      // From now on: a mark says where that is.
      if (isMark(event)) owner.deliver(event);
      return;
    }
    const unknown = position.sequence === null && event.cursor !== position.cursor;
    const step = unknown && event.__typename !== "InboxReset" ? "gap" : stepTo(event, position);
    if (step === "gap") {
      held = [event];
      catchUp();
      return;
    }
    const known = event.__typename === "InboxReady" && owner.position().sequence !== null;
    if (step === "next" && !known) owner.deliver(event);
  }

  function catchUp(): void {
    catchingUp = openStream(options, {
      position: owner.position,
      deliver(event) {
        owner.deliver(event);
        if (event.__typename !== "InboxReady") return;
        catchingUp?.stop();
        catchingUp = null;
        const waiting = held;
        held = [];
        for (const one of waiting) follow(one);
        reportLeader();
      },
      report: (state) => owner.report({ ...state, shared: true }),
    });
  }

  function reportLeader(): void {
    if (leaderState !== null && leading === null && catchingUp === null) owner.report(leaderState);
  }

  const released = new Promise<void>((resolve) => {
    stopping.signal.addEventListener("abort", () => resolve(), { once: true });
  });
  owner.report({ status: "connecting", error: null, retryAt: null, shared: false });
  post({ kind: "hello" });
  navigator.locks
    .request(name, { signal: stopping.signal }, async () => {
      lead();
      await released;
    })
    // Stopped while it waited for the lock.
    .catch(() => undefined);

  return {
    stop() {
      stopping.abort();
      leading?.stop();
      catchingUp?.stop();
      channel.close();
    },
  };
}

/** The mark that the stream is live from this event on. */
function asReady(event: NotificationEvent): NotificationEvent {
  const { cursor, sequence, userId, occurredAt, unreadCount } = event;
  return { __typename: "InboxReady", cursor, sequence, userId, occurredAt, unreadCount };
}
