import type { CarillonClient, NotificationEvent, Observable } from "../client/index.js";
import { Value } from "../client/observable.js";
import { Tally } from "./tally.js";

/** Older entries are counted, and no longer shown. */
const longest = 200;

export interface Entry {
  /** Its place among all that came: a repeat would have the sequence of another. */
  readonly key: number;
  readonly event: NotificationEvent;
  /** Milliseconds from its commit until it was here. */
  readonly delay: number;
  /** Did it come as it happened, or was it caught up with? */
  readonly live: boolean;
}

export interface Journal {
  /** The newest first. */
  readonly entries: readonly Entry[];
  /** How many events came, without the marks InboxReady and InboxReset. */
  readonly received: number;
  /** How many of them created a notification. */
  readonly created: number;
  readonly gaps: number;
  readonly repeats: number;
}

/** Is it an event with a number of its own, rather than a mark in the stream? */
export function isNumbered({ __typename: type }: NotificationEvent): boolean {
  return type !== "InboxReady" && type !== "InboxReset";
}

/** Writes down whatever comes to the client. */
export function keepJournal(client: CarillonClient): Observable<Journal> {
  const journal = new Value<Journal>({ entries: [], received: 0, created: 0, gaps: 0, repeats: 0 });
  const tally = new Tally();
  let count = 0;

  function write(event: NotificationEvent): void {
    count += 1;
    tally.add(event);
    const { entries, received, created } = journal.get();
    const entry: Entry = {
      key: count,
      event,
      delay: Math.max(0, Date.now() - Date.parse(event.occurredAt)),
      live: client.connection.get().status === "live",
    };
    journal.set({
      entries: [entry, ...entries.slice(0, longest - 1)],
      received: received + (isNumbered(event) ? 1 : 0),
      created: created + (event.__typename === "NotificationCreated" ? 1 : 0),
      gaps: tally.gaps,
      repeats: tally.repeats,
    });
  }

  client.listen(write);
  return journal;
}
