import type { NotificationEvent } from "@carillon/client";

/** Counts what the client promises will never happen: missing sequences and repeated ones. */
export class SequenceChecker {
  #last: number | null = null;
  gaps = 0;
  repeats = 0;

  add({ __typename: type, sequence }: NotificationEvent): void {
    // Markers have no sequence of their own: they have that of the event before them.
    const isMarker = type === "InboxReady" || type === "InboxReset";
    const next = isMarker ? sequence + 1 : sequence;
    // The first event determines where the count starts, and so does a reset.
    if (this.#last === null || type === "InboxReset") this.#last = next - 1;
    if (next > this.#last) this.gaps += next - this.#last - 1;
    else if (!isMarker) this.repeats += 1;
    this.#last = Math.max(this.#last, sequence);
  }
}
