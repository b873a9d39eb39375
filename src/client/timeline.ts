import type { NotificationEvent } from "./events.js";
import { isMark } from "./position.js";

/** Knows in which order notifications and events came since a snapshot, which itself bears no number. */
export class Timeline {
  /** After the last event that was applied, or of the snapshot. */
  cursor: string | null = null;
  #base: number | null = null;
  #last = 0;
  readonly #created = new Map<string, number>();

  /** A snapshot was read. */
  begin(cursor: string): void {
    this.cursor = cursor;
    this.#base = null;
    this.#last = 0;
    this.#created.clear();
  }

  advance(event: NotificationEvent): void {
    this.cursor = event.cursor;
    this.#last = event.sequence;
    this.#base ??= isMark(event) ? event.sequence : event.sequence - 1;
    if (event.__typename === "NotificationCreated") this.#created.set(event.notification.id, event.sequence);
  }

  /** Was a notification created by an event up to this number? */
  readonly createdUpTo = (id: string, sequence: number): boolean =>
    (this.#created.get(id) ?? this.#base ?? 0) <= sequence;

  /** Does an event mean but a part of what the snapshot contained, so that nobody here can tell which? */
  splitsSnapshot(event: NotificationEvent): boolean {
    return "upToSequence" in event && event.upToSequence < (this.#base ?? event.sequence - 1);
  }

  /** Tells, also later, what was there by now. */
  untilNow(): (notification: { readonly id: string }) => boolean {
    const last = this.#last;
    return ({ id }) => (this.#created.get(id) ?? 0) <= last;
  }
}
