import { type ConnectionState, idleState } from "../connection/connection-state.js";
import { defaultHeartbeat } from "../connection/heartbeat.js";
import type { NotificationEvent } from "../event-types.js";
import { type EventSource, openEventStream, type StreamOptions, type StreamOwner } from "./event-stream.js";
import { isMarker, stepTo } from "./stream-position.js";
import { type TabMessage, toPlainState, toSharedState } from "./tab-channel.js";
import { type Leadership, seekLeadership } from "./tab-leadership.js";

/** Are there tabs, and can they share a connection in this browser? Node.js 24 has locks and channels too, and no tabs. */
export function canShare(): boolean {
  const isBrowser = "document" in globalThis || "WorkerGlobalScope" in globalThis;
  return isBrowser && "BroadcastChannel" in globalThis && "locks" in navigator;
}

/**
 * Delivers the owner's events over one connection for all tabs. The leading tab holds the connection and broadcasts its events
 * (BroadcastChannel). When it closes or stops answering, another tab leads and continues from its own position. A tab that misses
 * events, because it was frozen or starts at an older cursor, fetches them over a temporary connection of its own.
 *
 *     following ──events are missing──▶ catching up ──InboxReady──▶ following
 *         └────────────── leadership ──────▶ leading ──another tab took it──▶ following
 *
 * @param name the same in all tabs that may share: it has to tell servers and users apart
 */
export function openSharedStream(name: string, options: StreamOptions, owner: StreamOwner): EventSource {
  return new SharedStream(name, options, owner);
}

class SharedStream implements EventSource {
  readonly #options: StreamOptions;
  readonly #owner: StreamOwner;
  readonly #channel: BroadcastChannel;
  readonly #stopping = new AbortController();
  readonly #leadership: Leadership;
  #leading: EventSource | null = null;
  #catchingUp: EventSource | null = null;
  /** Events from the leader while this tab is catching up. */
  #held: NotificationEvent[] = [];
  #leaderState: ConnectionState | null = null;
  /** The latest known event, for tabs that open later. */
  #head: NotificationEvent | null = null;

  constructor(name: string, options: StreamOptions, owner: StreamOwner) {
    this.#options = options;
    this.#owner = owner;
    this.#channel = new BroadcastChannel(name);
    this.#channel.addEventListener("message", ({ data }: MessageEvent<TabMessage>) => this.#receive(data));
    owner.report({ ...idleState, status: "connecting" });
    this.#leadership = seekLeadership({
      name,
      signal: this.#stopping.signal,
      heartbeat: options.heartbeat ?? defaultHeartbeat,
      ask: () => this.#post({ kind: "hello" }),
      onLead: () => this.#lead(),
      onLoss: () => {
        this.#leading?.stop();
        this.#leading = null;
      },
    });
  }

  stop(): void {
    this.#stopping.abort();
    this.#leading?.stop();
    this.#catchingUp?.stop();
    this.#channel.close();
  }

  #post(message: TabMessage): void {
    if (!this.#stopping.signal.aborted) this.#channel.postMessage(message);
  }

  #receive(message: TabMessage): void {
    if (this.#stopping.signal.aborted) return;
    if (this.#leading !== null) {
      if (message.kind === "hello") this.#introduce();
      return;
    }
    if (message.kind === "hello") return;
    this.#leadership.heard();
    if (message.kind === "event") this.#follow(message.event);
    else {
      this.#leaderState = toSharedState(message.state);
      this.#reportLeader();
    }
  }

  /** Tells a new tab where the stream is. */
  #introduce(): void {
    const state = this.#leaderState;
    if (state === null) return;
    // For the new tab, the stream is live from here on.
    if (state.status === "live" && this.#head !== null)
      this.#post({ kind: "event", event: toReadyMarker(this.#head) });
    this.#post({ kind: "state", state: toPlainState(state) });
  }

  #lead(): void {
    this.#catchingUp?.stop();
    this.#catchingUp = null;
    this.#held = [];
    this.#leading = openEventStream(this.#options, {
      position: this.#owner.position,
      deliver: (event) => {
        this.#head = event;
        this.#owner.deliver(event);
        this.#post({ kind: "event", event });
      },
      report: (state) => {
        this.#leaderState = state;
        this.#owner.report(state);
        this.#post({ kind: "state", state: toPlainState(state) });
      },
    });
  }

  #follow(event: NotificationEvent): void {
    // A listener of an earlier event may have stopped the stream.
    if (this.#stopping.signal.aborted) return;
    if (this.#catchingUp !== null) {
      this.#held.push(event);
      return;
    }
    const position = this.#owner.position();
    if (position.cursor === null) {
      // This tab starts at the present: a marker says where that is.
      if (isMarker(event)) this.#owner.deliver(event);
      return;
    }
    // This is the event at which this tab started.
    if (position.sequence === null && event.cursor === position.cursor && !isMarker(event)) return;
    const isUnknown = position.sequence === null && event.cursor !== position.cursor;
    const step = isUnknown && event.__typename !== "InboxReset" ? "gap" : stepTo(event, position);
    if (step === "gap") {
      this.#held = [event];
      this.#catchUp();
      return;
    }
    const isKnown = event.__typename === "InboxReady" && position.sequence !== null;
    if (step === "next" && !isKnown) this.#owner.deliver(event);
  }

  #catchUp(): void {
    this.#catchingUp = openEventStream(this.#options, {
      position: this.#owner.position,
      deliver: (event) => {
        this.#owner.deliver(event);
        if (event.__typename === "InboxReady") this.#caughtUp();
      },
      report: (state) => this.#owner.report({ ...state, shared: true }),
    });
  }

  #caughtUp(): void {
    this.#catchingUp?.stop();
    this.#catchingUp = null;
    const held = this.#held;
    this.#held = [];
    for (const event of held) this.#follow(event);
    this.#reportLeader();
  }

  #reportLeader(): void {
    if (this.#leaderState !== null && this.#leading === null && this.#catchingUp === null)
      this.#owner.report(this.#leaderState);
  }
}

/** The marker that says that the stream is live after this event. */
function toReadyMarker(event: NotificationEvent): NotificationEvent {
  const { cursor, sequence, userId, occurredAt, unreadCount } = event;
  return { __typename: "InboxReady", cursor, sequence, userId, occurredAt, unreadCount };
}
