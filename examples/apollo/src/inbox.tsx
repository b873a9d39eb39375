import { useQuery } from "@apollo/client/react";
import { deleteNotifications, markAllRead, markRead, markUnread, type Transport } from "@carillon/apollo";
import { InboxDocument, type InboxQuery } from "@carillon/client/operations";
import { useState, useSyncExternalStore } from "react";

interface InboxProps {
  readonly userId: string;
  readonly connection: Transport["connection"];
}

/** The list comes from the cache, which is kept current. */
export function Inbox({ userId, connection }: InboxProps) {
  const { data, error, fetchMore, client } = useQuery(InboxDocument, { variables: { userId } });
  const status = useSyncExternalStore(connection.subscribe, connection.get);
  const [refused, setRefused] = useState<string | null>(null);

  /** It shows at once; if it fails, it is taken back. */
  function run(command: Promise<unknown>): void {
    setRefused(null);
    command.catch((reason: unknown) => setRefused(reason instanceof Error ? reason.message : "It failed"));
  }

  if (data === undefined) return <main role="status">{error?.message ?? "Loading"}</main>;
  const { inbox } = data;
  const { nodes, pageInfo } = inbox.notifications;
  return (
    <main>
      <header>
        <h1>Inbox</h1>
        <output aria-label="Unread">{inbox.unreadCount}</output>
        <button type="button" onClick={() => run(client.mutate(markAllRead(inbox)))}>
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
                onRead={() => run(client.mutate(markRead(inbox, [one.id])))}
                onUnread={() => run(client.mutate(markUnread(inbox, [one.id])))}
              />
              <button
                type="button"
                aria-label={`Delete: ${one.title}`}
                onClick={() => run(client.mutate(deleteNotifications(inbox, [one.id])))}
              >
                Delete
              </button>
              {one.body !== null && <p className="body">{one.body}</p>}
            </li>
          ))}
        </ul>
      )}
      {pageInfo.hasNextPage && (
        <button type="button" onClick={() => run(fetchMore({ variables: { after: pageInfo.endCursor } }))}>
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
