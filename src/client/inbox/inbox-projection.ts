import type { Notification, NotificationEvent } from "../event-types.js";
import { type Position, stepTo } from "../stream/stream-position.js";
import { afterEvent, emptyInbox, type InboxState } from "./inbox-state.js";
import { SnapshotAlignment } from "./snapshot-alignment.js";
import { Timeline } from "./timeline.js";

/** A snapshot of an inbox: its counts at a cursor. */
export interface Snapshot {
  readonly cursor: string;
  readonly unreadCount: number;
  readonly totalCount: number;
}

/**
 * - `taken`: the event is applied;
 * - `held`: a snapshot is being read, and whether it contains the event is not known yet;
 * - `contained`: the snapshot contains the event already;
 * - `repeat`: the event was applied before;
 * - `unclear`: the snapshot and the events do not determine the inbox any more: read it again.
 */
export type Outcome = "taken" | "held" | "contained" | "repeat" | "unclear";

/**
 * Joins a snapshot and a stream: the inbox after the snapshot and every event that follows it, each applied once. createInbox, the
 * Apollo cache and Graphcache all use it.
 *
 *     expectSnapshot() ──events are held──▶ begin(snapshot) ──take(event)──▶ taken … unclear ──▶ expectSnapshot()
 *
 * Where a stream is subscribed to at the snapshot's cursor, `expectSnapshot` is not needed: every event follows the snapshot.
 */
export class InboxProjection {
  readonly #alignment = new SnapshotAlignment();
  readonly timeline = new Timeline();
  #state: InboxState = emptyInbox;
  #position: Position = { cursor: null, sequence: null };

  /** The inbox; for a cache that keeps the list itself, `notifications` are those created since. */
  get state(): InboxState {
    return this.#state;
  }

  /** The snapshot, or the last event that was applied. */
  get position(): Position {
    return this.#position;
  }

  /** A snapshot is about to be read: events are held until it is there. */
  expectSnapshot(): void {
    this.#alignment.begin();
  }

  /**
   * Starts at a snapshot.
   * @param from where the stream stood when the snapshot was requested, which is never after it; null: not known, so events are
   *   still held; default: the stream starts at the snapshot
   * @param list the snapshot's list; a cache that keeps the list itself leaves it out
   * @returns the events that were held: those that the snapshot contains, and those to take next
   */
  begin(
    { cursor, unreadCount, totalCount }: Snapshot,
    from: string | null = cursor,
    list: Pick<InboxState, "notifications" | "olderAfter"> = emptyInbox,
  ): { readonly contained: readonly NotificationEvent[]; readonly next: readonly NotificationEvent[] } {
    this.#position = { cursor, sequence: null };
    this.timeline.begin();
    this.#state = { ...list, unreadCount, totalCount };
    return from === null ? { contained: [], next: [] } : this.#alignment.settle(cursor, from);
  }

  /** Takes the next event of the stream. */
  take(event: NotificationEvent): Outcome {
    if (event.__typename === "InboxReset") return "unclear";
    const place = this.#alignment.take(event);
    if (place !== "next") return place;
    const step = stepTo(event, this.#position);
    if (step === "repeat") return "repeat";
    if (step === "gap" || this.timeline.splitsSnapshot(event)) return "unclear";
    this.timeline.advance(event);
    this.#state = afterEvent(this.#state, event, this.timeline.createdUpTo);
    this.#position = { cursor: event.cursor, sequence: event.sequence };
    return "taken";
  }

  /** Adds a page of older notifications to the list. */
  append(older: readonly Notification[], olderAfter: string | null): void {
    this.#state = { ...this.#state, notifications: [...this.#state.notifications, ...older], olderAfter };
  }
}
