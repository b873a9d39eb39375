import type { NotificationEvent } from "../client/index.js";

/** Counts for itself what the client promises will never be: numbers that are left out, and numbers that come again. */
export class Tally {
  #last: number | null = null;
  gaps = 0;
  repeats = 0;

  add({ __typename: type, sequence }: NotificationEvent): void {
    // Marks take no number: they bear that of the event before them.
    const isMark = type === "InboxReady" || type === "InboxReset";
    const next = isMark ? sequence + 1 : sequence;
    // The first of all says where the count begins, and so does a reset.
    if (this.#last === null || type === "InboxReset") this.#last = next - 1;
    if (next > this.#last) this.gaps += next - this.#last - 1;
    else if (!isMark) this.repeats += 1;
    this.#last = Math.max(this.#last, sequence);
  }
}
