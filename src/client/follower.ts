import type { NotificationEvent } from "./events.js";
import { afterEvent, type CreatedUpTo, emptyInbox, type InboxState } from "./inbox-state.js";
import { isMark, type Position, stepTo } from "./position.js";
import { Timeline } from "./timeline.js";

/** As many events as an answer may be late by, and still be known for what it is. */
const remembered = 1000;

/** What a follower needs of a snapshot. */
export interface Head {
  readonly cursor: string;
  readonly unreadCount: number;
  readonly totalCount: number;
}

/**
 * Goes on from a snapshot, event by event, for a cache that keeps the list itself. It counts from the snapshot rather than from
 * what the cache says: there, the answer to a query or mutation may be ahead of the events, and they would count twice.
 */
export class Follower {
  readonly #timeline = new Timeline();
  /** Where it has been: numbers by cursors. */
  readonly #passed = new Map<string, number | null>();
  /** The counts, and of the list what was created since the snapshot. */
  #state: InboxState = emptyInbox;
  #position: Position = { cursor: null, sequence: null };

  /** Begins at a snapshot, or anew. */
  begin({ cursor, unreadCount, totalCount }: Head): void {
    this.#move(cursor, null);
    this.#timeline.begin(cursor);
    this.#state = { ...emptyInbox, unreadCount, totalCount };
  }

  /** Takes the next event. @returns `unclear`: the snapshot and the events do not tell what the inbox is now, so read it anew */
  take(event: NotificationEvent): "taken" | "repeat" | "unclear" {
    const step = stepTo(event, this.#position);
    if (step === "repeat") return "repeat";
    if (step === "gap" || event.__typename === "InboxReset" || this.#timeline.splitsSnapshot(event))
      return "unclear";
    const { cursor, sequence } = this.#position;
    // A snapshot bears no number: the first event after it tells.
    if (cursor !== null && sequence === null && !isMark(event)) this.#passed.set(cursor, event.sequence - 1);
    this.#timeline.advance(event);
    this.#state = afterEvent(this.#state, event, this.createdUpTo);
    this.#move(event.cursor, event.sequence);
    return "taken";
  }

  get head(): Head {
    const { unreadCount, totalCount } = this.#state;
    return { cursor: this.#position.cursor ?? "", unreadCount, totalCount };
  }

  /** Was a notification created by an event up to a number? */
  readonly createdUpTo: CreatedUpTo = (id, sequence) => this.#timeline.createdUpTo(id, sequence);

  /** Is this where it has been? Then an answer that bears it was overtaken by events, and shows the past. */
  hasPassed(cursor: string): boolean {
    return cursor !== this.#position.cursor && this.#passed.has(cursor);
  }

  /** Tells what was there at a cursor, which a command with `upTo` means; null: it does not know the cursor. */
  upTo(cursor: string | null): ((notification: { readonly id: string }) => boolean) | null {
    const sequence = cursor === null ? null : (this.#passed.get(cursor) ?? null);
    return sequence === null ? null : ({ id }) => this.createdUpTo(id, sequence);
  }

  #move(cursor: string, sequence: number | null): void {
    this.#position = { cursor, sequence };
    this.#passed.set(cursor, sequence);
    const [oldest] = this.#passed.keys();
    if (this.#passed.size > remembered && oldest !== undefined) this.#passed.delete(oldest);
  }
}
