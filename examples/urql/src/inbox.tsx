import {
  DeleteNotificationsDocument,
  InboxDocument,
  type InboxQuery,
  MarkAllNotificationsReadDocument,
  MarkNotificationsReadDocument,
  MarkNotificationsUnreadDocument,
} from "@carillon/client/operations";
import type { Transport } from "@carillon/urql";
import { useState, useSyncExternalStore } from "react";
import { type AnyVariables, type DocumentInput, useClient, useQuery } from "urql";

interface InboxProps {
  readonly userId: string;
  readonly connection: Transport["connection"];
}

/** The list comes from the cache, which is kept current. */
export function Inbox({ userId, connection }: InboxProps) {
  const [{ data, error }] = useQuery({ query: InboxDocument, variables: { userId } });
  const client = useClient();
  const status = useSyncExternalStore(connection.subscribe, connection.get);
  const [refused, setRefused] = useState<string | null>(null);

  /** It shows at once; if it fails, it is taken back. */
  async function run<R, V extends AnyVariables>(mutation: DocumentInput<R, V>, variables: V): Promise<void> {
    setRefused(null);
    const { error } = await client.mutation(mutation, variables).toPromise();
    if (error !== undefined) setRefused(error.message);
  }

  if (data === undefined) return <main role="status">{error?.message ?? "Loading"}</main>;
  const { inbox } = data;
  const { nodes, pageInfo } = inbox.notifications;
  return (
    <main>
      <header>
        <h1>Inbox</h1>
        <output aria-label="Unread">{inbox.unreadCount}</output>
        <button
          type="button"
          onClick={() => void run(MarkAllNotificationsReadDocument, { userId, upTo: inbox.cursor })}
        >
          Mark all read
        </button>
        <p role="status">{status}</p>
      </header>
      {refused !== null && <p role="alert">{refused}</p>}
      {nodes.length === 0 && <p>Nothing yet.</p>}
      {nodes.length > 0 && (
        <ul aria-label="Notifications">
          {nodes.map((one) => (
            <li key={one.id} data-unread={one.readAt === null}>
              <span className="title">{one.title}</span>
              <ReadButton
                notification={one}
                onRead={() => void run(MarkNotificationsReadDocument, { userId, ids: [one.id] })}
                onUnread={() => void run(MarkNotificationsUnreadDocument, { userId, ids: [one.id] })}
              />
              <button
                type="button"
                aria-label={`Delete: ${one.title}`}
                onClick={() => void run(DeleteNotificationsDocument, { userId, ids: [one.id] })}
              >
                Delete
              </button>
              {one.body !== null && <p className="body">{one.body}</p>}
            </li>
          ))}
        </ul>
      )}
      {pageInfo.hasNextPage && (
        <button
          type="button"
          onClick={() => void client.query(InboxDocument, { userId, after: pageInfo.endCursor }).toPromise()}
        >
          Load more
        </button>
      )}
    </main>
  );
}

interface ReadButtonProps {
  readonly notification: InboxQuery["inbox"]["notifications"]["nodes"][number];
  readonly onRead: () => void;
  readonly onUnread: () => void;
}

function ReadButton({ notification, onRead, onUnread }: ReadButtonProps) {
  const isUnread = notification.readAt === null;
  const label = isUnread ? "Read" : "Unread";
  return (
    <button
      type="button"
      aria-label={`${label}: ${notification.title}`}
      onClick={isUnread ? onRead : onUnread}
    >
      {label}
    </button>
  );
}
