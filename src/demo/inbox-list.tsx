import { memo, useState } from "react";
import type { InboxStore, Notification } from "@carillon/client";
import { useObservable } from "./use-observable.js";

interface InboxListProps {
  readonly inbox: InboxStore;
  readonly userId: string;
}

/** The notifications of one user, with their commands. */
export function InboxList({ inbox, userId }: InboxListProps) {
  const { status, error, notifications, unreadCount, totalCount, hasMore, loadingMore } =
    useObservable(inbox);
  const [failure, setFailure] = useState<string | null>(null);

  function attempt(command: Promise<void>): void {
    setFailure(null);
    command.catch((cause: unknown) => setFailure(cause instanceof Error ? cause.message : String(cause)));
  }

  const problem = failure ?? error?.message ?? null;
  return (
    <div className="inbox">
      <header>
        <h3>
          Inbox <small>{totalCount}</small>
        </h3>
        <button type="button" disabled={unreadCount === 0} onClick={() => attempt(inbox.markAllRead())}>
          Mark all read
        </button>
        <button type="button" disabled={totalCount === 0} onClick={() => attempt(inbox.clear())}>
          Clear
        </button>
      </header>
      {problem !== null && (
        <p role="alert" className="problem">
          {problem}
        </p>
      )}
      {status === "failed" && (
        <button type="button" onClick={() => attempt(inbox.refresh())}>
          Try again
        </button>
      )}
      <div className="scroll" role="region" aria-label={`Notifications of ${userId}`} tabIndex={0}>
        {status === "ready" && notifications.length === 0 ? (
          <p className="empty">Nothing here. Send something.</p>
        ) : (
          <ul>
            {notifications.map((notification) => (
              <Item key={notification.id} notification={notification} inbox={inbox} attempt={attempt} />
            ))}
          </ul>
        )}
        {hasMore && (
          <button type="button" disabled={loadingMore} onClick={() => attempt(inbox.loadMore())}>
            {loadingMore ? "Loading" : "Load more"}
          </button>
        )}
      </div>
    </div>
  );
}

interface ItemProps {
  readonly notification: Notification;
  readonly inbox: InboxStore;
  readonly attempt: (command: Promise<void>) => void;
}

const time = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** Rendered again only when its own notification changes: otherwise each arrival of a flood would render them all. */
const Item = memo(function Item({ notification, inbox, attempt }: ItemProps) {
  const { id, title, body, category, priority, createdAt, readAt } = notification;
  const isRead = readAt !== null;
  return (
    <li className={isRead ? "read" : "unread"}>
      <div className="text">
        <strong>
          {title}
          {!isRead && <span className="hidden"> (unread)</span>}
        </strong>
        {body !== null && body !== "" && <p>{body}</p>}
        <p className="facts">
          <time dateTime={createdAt}>{time.format(new Date(createdAt))}</time> {category}
          {priority !== "NORMAL" && <em data-priority={priority}> {priority.toLowerCase()}</em>}
        </p>
      </div>
      <button
        type="button"
        onClick={() => attempt(isRead ? inbox.markUnread([id]) : inbox.markRead([id]))}
        aria-label={`Mark ${isRead ? "unread" : "read"}: ${title}`}
      >
        Mark {isRead ? "unread" : "read"}
      </button>
      <button type="button" onClick={() => attempt(inbox.delete([id]))} aria-label={`Delete: ${title}`}>
        Delete
      </button>
    </li>
  );
}, isSameNotification);

function isSameNotification(before: ItemProps, after: ItemProps): boolean {
  return before.notification === after.notification && before.inbox === after.inbox;
}
