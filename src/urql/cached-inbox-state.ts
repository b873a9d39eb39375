import {
  afterTaken,
  type CachedInbox,
  CacheProjection,
  type NotificationEvent,
  type Snapshot,
} from "@carillon/client/cache";

/** How many snapshots are kept at which a subscription may start. */
const maxSnapshots = 50;

/** The part of an inbox that a mutation answers. */
type Answered = Partial<CachedInbox> & Pick<CachedInbox, "cursor">;

/**
 * One user's inbox, computed from answers and events in their order. Graphcache alone cannot compute it: what an updater reads there
 * contains optimistic changes, and what it writes may be hidden by the answer to a query that was sent earlier.
 */
export class CachedInboxState {
  readonly #projection = new CacheProjection();
  readonly #snapshots = new Map<string, Snapshot>();
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
    if (!this.#projection.hasPassed(inbox.cursor)) this.#inbox = inbox;
  }

  /** The page after a cursor of the list was read. A page that does not continue at the list's end would leave a gap. */
  readPage({ cursor, notifications: page }: CachedInbox, after: string): void {
    const { nodes, pageInfo } = this.#inbox.notifications;
    if (pageInfo.endCursor !== after || this.#projection.hasPassed(cursor)) return;
    const known = new Set(nodes.map(({ id }) => id));
    const older = page.nodes.filter(({ id }) => !known.has(id));
    this.#inbox = { ...this.#inbox, notifications: { ...page, nodes: [...nodes, ...older] } };
  }

  /** A mutation was executed. @returns the inbox to show until its event arrives */
  done(answered: Answered, change: (inbox: CachedInbox) => CachedInbox): CachedInbox {
    // Its event has arrived already.
    if (this.#projection.hasPassed(answered.cursor)) return this.#inbox;
    this.#inbox = change(this.#inbox);
    return { ...this.#inbox, ...answered };
  }

  /** Takes an event of the subscription that started at a cursor. @returns whether it changed anything */
  take(event: NotificationEvent, after: string): boolean {
    if (after !== this.#followedFrom) {
      const snapshot = this.#snapshots.get(after);
      if (snapshot === undefined) return false;
      this.#followedFrom = after;
      this.#projection.begin(snapshot);
    }
    if (this.#projection.take(event) !== "taken") return false;
    this.#inbox = afterTaken(this.#inbox, event, this.#projection);
    return true;
  }

  /** A predicate for what existed at a cursor, as a mutation with `upTo` means it. */
  upTo(cursor: string | null): (notification: { readonly id: string }) => boolean {
    return this.#projection.upTo(cursor) ?? (() => true);
  }

  #remember(snapshot: Snapshot): void {
    this.#snapshots.set(snapshot.cursor, snapshot);
    const [oldest] = this.#snapshots.keys();
    if (this.#snapshots.size > maxSnapshots && oldest !== undefined) this.#snapshots.delete(oldest);
  }
}
