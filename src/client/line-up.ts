import type { NotificationEvent } from "./events.js";

/**
 * Finds the place in the stream at which a snapshot was read. A snapshot bears the cursor of the stream's head, and the
 * event with this cursor is the last that the snapshot contains: those up to it are passed over, those after it applied.
 */
export class LineUp {
  /** What came since the snapshot was asked for; null once it is there. */
  #held: NotificationEvent[] | null = [];
  /** The snapshot's cursor, as long as the stream has not come to it. */
  #awaited: string | null = null;

  /** A snapshot is about to be asked for. */
  begin(): void {
    this.#held = [];
    this.#awaited = null;
  }

  /** An event came. @returns what it is for the snapshot; `held`: that is not known yet */
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
   * The snapshot came.
   * @param from where the stream stood when it was asked for, which is never after the snapshot
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

  get isHolding(): boolean {
    return this.#held !== null;
  }
}
