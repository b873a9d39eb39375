import { memo } from "react";
import type { NotificationEvent, Observable } from "@carillon/client";
import { type Entry, isNumbered, type EventHistory } from "./event-history.js";
import { useObservable } from "./use-observable.js";

interface EventLogProps {
  readonly history: Observable<EventHistory>;
  readonly userId: string;
}

/** The events that arrived, newest first, and whether any is missing or repeated. */
export function EventLog({ history, userId }: EventLogProps) {
  const { entries, received, gaps, repeats } = useObservable(history);
  const isSound = gaps === 0 && repeats === 0;
  return (
    <div className="log">
      <header>
        <h3>
          Events <small>{received}</small>
        </h3>
        <p className={isSound ? "sequence-check" : "sequence-check broken"}>
          gaps {gaps}, repeats {repeats}
        </p>
      </header>
      <div className="scroll" role="region" aria-label={`Events of ${userId}`} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">
                <abbr title="Sequence: 1, 2, 3 … for each user">No.</abbr>
              </th>
              <th scope="col">Event</th>
              <th scope="col">
                <abbr title="From the commit of the mutation until it was here">After</abbr>
              </th>
              <th scope="col">How</th>
            </tr>
          </thead>
          <tbody>
            {entries.map((entry) => (
              <Row key={entry.key} entry={entry} />
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

const Row = memo(function Row({ entry: { event, delay, live } }: { readonly entry: Entry }) {
  if (!isNumbered(event)) {
    return (
      <tr className="mark">
        <td>{event.sequence}</td>
        <td colSpan={3}>
          {event.__typename === "InboxReady" ? "live from here on" : "history is gone, starts again"}
        </td>
      </tr>
    );
  }
  return (
    <tr>
      <td>{event.sequence}</td>
      <td>{describe(event)}</td>
      <td>{duration(delay)}</td>
      <td className={live ? "live" : "caught-up"}>{live ? "live" : "caught up"}</td>
    </tr>
  );
});

function describe(event: NotificationEvent): string {
  switch (event.__typename) {
    case "NotificationCreated":
      return `created: ${event.notification.title}`;
    case "NotificationsRead":
      return `read: ${event.notificationIds.length}`;
    case "NotificationsUnread":
      return `unread: ${event.notificationIds.length}`;
    case "NotificationsDeleted":
      return `deleted: ${event.notificationIds.length}`;
    case "AllNotificationsRead":
      return "all read";
    case "NotificationsCleared":
      return "cleared";
    case "InboxReady":
    case "InboxReset":
      return event.__typename;
  }
}

function duration(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}
