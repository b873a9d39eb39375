import type { CarillonClient, NotificationEvent, Observable } from "@carillon/client";
import { Value } from "@carillon/client/cache";
import { SequenceChecker } from "./sequence-checker.js";

/** Older entries are counted, but not shown. */
const maxEntries = 200;

export interface Entry {
  /** Its position among all arrivals; a sequence would not be unique if an event were repeated. */
  readonly key: number;
  readonly event: NotificationEvent;
  /** Milliseconds from its commit until it arrived. */
  readonly delay: number;
  /** Did it arrive live, or while catching up? */
  readonly live: boolean;
}

export interface EventHistory {
  /** The newest first. */
  readonly entries: readonly Entry[];
  /** How many events arrived, without the markers InboxReady and InboxReset. */
  readonly received: number;
  /** How many of them created a notification. */
  readonly created: number;
  readonly gaps: number;
  readonly repeats: number;
}

/** Is it an event with a sequence of its own, and not a marker? */
export function isNumbered({ __typename: type }: NotificationEvent): boolean {
  return type !== "InboxReady" && type !== "InboxReset";
}

/** Records every event that the client receives. */
export function recordEvents(client: CarillonClient): Observable<EventHistory> {
  const history = new Value<EventHistory>({ entries: [], received: 0, created: 0, gaps: 0, repeats: 0 });
  const checker = new SequenceChecker();
  let count = 0;

  function record(event: NotificationEvent): void {
    count += 1;
    checker.add(event);
    const { entries, received, created } = history.get();
    const entry: Entry = {
      key: count,
      event,
      delay: Math.max(0, Date.now() - Date.parse(event.occurredAt)),
      live: client.connection.get().status === "live",
    };
    history.set({
      entries: [entry, ...entries.slice(0, maxEntries - 1)],
      received: received + (isNumbered(event) ? 1 : 0),
      created: created + (event.__typename === "NotificationCreated" ? 1 : 0),
      gaps: checker.gaps,
      repeats: checker.repeats,
    });
  }

  client.listen(record);
  return history;
}
