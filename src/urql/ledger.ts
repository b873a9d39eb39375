import { afterTaken, type CachedInbox } from "../client/cached-inbox.js";
import type { NotificationEvent } from "../client/events.js";
import { Follower, type Head } from "../client/follower.js";

/** Snapshots that a subscription may begin at. */
const remembered = 50;

/** A part of an inbox that a mutation answered. */
type Answered = Partial<CachedInbox> & Pick<CachedInbox, "cursor">;

/**
 * One user's inbox as answers and events tell it, each in its place. Graphcache could not tell: what an updater reads there
 * contains what is optimistic, and what it writes may be hidden below the answer to a query that was sent earlier.
 */
export class Ledger {
  readonly #follower = new Follower();
  readonly #heads = new Map<string, Head>();
  #followedFrom: string | null = null;
  #inbox: CachedInbox;

  constructor(inbox: CachedInbox) {
    this.#inbox = inbox;
    this.#remember(inbox);
  }

  get inbox(): CachedInbox {
    return this.#inbox;
  }

  /** The newest notifications were read. */
  read(inbox: CachedInbox): void {
    this.#remember(inbox);
    if (!this.#follower.hasPassed(inbox.cursor)) this.#inbox = inbox;
  }

  /** The page after a cursor of the list was read. One that does not go on from the list's end would leave a hole. */
  readPage({ cursor, notifications: page }: CachedInbox, after: string): void {
    const { nodes, pageInfo } = this.#inbox.notifications;
    if (pageInfo.endCursor !== after || this.#follower.hasPassed(cursor)) return;
    const known = new Set(nodes.map(({ id }) => id));
    const older = page.nodes.filter(({ id }) => !known.has(id));
    this.#inbox = { ...this.#inbox, notifications: { ...page, nodes: [...nodes, ...older] } };
  }

  /** A mutation was done. @returns the inbox to show until its event comes */
  done(answered: Answered, change: (inbox: CachedInbox) => CachedInbox): CachedInbox {
    // Then its event has come.
    if (this.#follower.hasPassed(answered.cursor)) return this.#inbox;
    this.#inbox = change(this.#inbox);
    return { ...this.#inbox, ...answered };
  }

  /** Takes an event of the subscription that began at a cursor. @returns whether it changed anything */
  take(event: NotificationEvent, after: string): boolean {
    if (after !== this.#followedFrom) {
      const head = this.#heads.get(after);
      if (head === undefined) return false;
      this.#followedFrom = after;
      this.#follower.begin(head);
    }
    if (this.#follower.take(event) !== "taken") return false;
    this.#inbox = afterTaken(this.#inbox, event, this.#follower);
    return true;
  }

  /** Tells what was there at a cursor, which a mutation with `upTo` means. */
  upTo(cursor: string | null): (notification: { readonly id: string }) => boolean {
    return this.#follower.upTo(cursor) ?? (() => true);
  }

  #remember(head: Head): void {
    this.#heads.set(head.cursor, head);
    const [oldest] = this.#heads.keys();
    if (this.#heads.size > remembered && oldest !== undefined) this.#heads.delete(oldest);
  }
}
