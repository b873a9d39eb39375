import type { NotificationEvent } from "../event-types.js";
import { isMarker } from "../stream/stream-position.js";
import { InboxProjection, type Outcome, type Snapshot } from "./inbox-projection.js";

/** How many cursors are remembered: an answer that is later than this many events is not recognized. */
const maxRemembered = 1000;

/**
 * A projection for a cache that keeps the list itself. It counts from the snapshot and not from what the cache contains: the answer
 * to a query or mutation may be ahead of the events there, and they would count twice. It remembers where it has been, because such
 * an answer may also be behind them.
 */
export class CacheProjection extends InboxProjection {
  /** Cursors that it has been at, and their sequences where they are known. */
  readonly #passed = new Map<string, number | null>();

  get snapshot(): Snapshot {
    const { unreadCount, totalCount } = this.state;
    return { cursor: this.position.cursor ?? "", unreadCount, totalCount };
  }

  override begin(snapshot: Snapshot, from?: string | null): ReturnType<InboxProjection["begin"]> {
    this.#remember(snapshot.cursor, null);
    return super.begin(snapshot, from);
  }

  override take(event: NotificationEvent): Outcome {
    const { cursor, sequence } = this.position;
    const outcome = super.take(event);
    if (outcome !== "taken") return outcome;
    // A snapshot has no sequence: the first event after it determines it.
    if (cursor !== null && sequence === null && !isMarker(event))
      this.#passed.set(cursor, event.sequence - 1);
    this.#remember(event.cursor, event.sequence);
    return outcome;
  }

  /** Has it been at this cursor, and moved on? Then an answer with this cursor is out of date. */
  hasPassed(cursor: string): boolean {
    return cursor !== this.position.cursor && this.#passed.has(cursor);
  }

  /** A predicate for what existed at a cursor, as a command with `upTo` means it; null: the cursor is not known. */
  upTo(cursor: string | null): ((notification: { readonly id: string }) => boolean) | null {
    const sequence = cursor === null ? null : (this.#passed.get(cursor) ?? null);
    return sequence === null ? null : ({ id }) => this.timeline.createdUpTo(id, sequence);
  }

  #remember(cursor: string, sequence: number | null): void {
    this.#passed.set(cursor, sequence);
    const [oldest] = this.#passed.keys();
    if (this.#passed.size > maxRemembered && oldest !== undefined) this.#passed.delete(oldest);
  }
}
