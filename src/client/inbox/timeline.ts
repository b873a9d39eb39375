import type { NotificationEvent } from "../event-types.js";
import { isMarker } from "../stream/stream-position.js";
import type { CreatedUpTo } from "./inbox-state.js";

/** Knows in which order notifications were created and events arrived since a snapshot, which itself has no sequence. */
export class Timeline {
  #base: number | null = null;
  #last = 0;
  readonly #created = new Map<string, number>();

  /** A snapshot was read. */
  begin(): void {
    this.#base = null;
    this.#last = 0;
    this.#created.clear();
  }

  advance(event: NotificationEvent): void {
    this.#last = event.sequence;
    this.#base ??= isMarker(event) ? event.sequence : event.sequence - 1;
    if (event.__typename === "NotificationCreated") this.#created.set(event.notification.id, event.sequence);
  }

  /** Was a notification created by an event up to this sequence? */
  readonly createdUpTo: CreatedUpTo = (id, sequence) =>
    (this.#created.get(id) ?? this.#base ?? 0) <= sequence;

  /** Does an event concern only a part of what the snapshot contained, so that nobody here can tell which part? */
  splitsSnapshot(event: NotificationEvent): boolean {
    return "upToSequence" in event && event.upToSequence < (this.#base ?? event.sequence - 1);
  }

  /** A predicate for what exists now; it keeps its answers when more arrives. */
  existingNow(): (notification: { readonly id: string }) => boolean {
    const last = this.#last;
    return ({ id }) => (this.#created.get(id) ?? 0) <= last;
  }
}
