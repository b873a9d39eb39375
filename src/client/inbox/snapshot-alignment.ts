import type { NotificationEvent } from "../event-types.js";

/**
 * Finds the position in the stream at which a snapshot was read. A snapshot has the cursor of the stream's head, and the event
 * with this cursor is the last that the snapshot contains: events up to it are ignored, events after it applied.
 */
export class SnapshotAlignment {
  /** Events since the snapshot was requested; null once it is there. */
  #held: NotificationEvent[] | null = [];
  /** The snapshot's cursor, until the stream reaches it. */
  #awaited: string | null = null;

  /** A snapshot is about to be requested. */
  begin(): void {
    this.#held = [];
    this.#awaited = null;
  }

  /** An event arrived. @returns how it relates to the snapshot; `held`: that is not known yet */
  take(event: NotificationEvent): "held" | "contained" | "next" {
    if (this.#held !== null) {
      this.#held.push(event);
      return "held";
    }
    if (this.#awaited === null) return "next";
    if (event.cursor === this.#awaited) this.#awaited = null;
    return "contained";
  }

  /**
   * The snapshot arrived.
   * @param from where the stream stood when it was requested, which is never after the snapshot
   * @returns the events that were held
   */
  settle(cursor: string, from: string): { contained: NotificationEvent[]; next: NotificationEvent[] } {
    const held = this.#held ?? [];
    this.#held = null;
    if (cursor === from) return { contained: [], next: held };
    const last = held.findIndex((event) => event.cursor === cursor);
    if (last === -1) this.#awaited = cursor;
    const count = last === -1 ? held.length : last + 1;
    return { contained: held.slice(0, count), next: held.slice(count) };
  }
}
