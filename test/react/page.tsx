import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
import {
  CarillonProvider,
  Inbox,
  type InboxProps,
  useClient,
  useConnection,
  useNotificationEvent,
  useUnreadCount,
} from "@carillon/react";

/** The application of these tests: an inbox in the header, or a list of its own, for a user who can be changed. */
declare global {
  /** Given by the test. */
  var askToken: (userId: string) => Promise<string>;
  /** Titles of the notifications received. */
  var heard: string[];
}

globalThis.heard = [];

/** Shows the inbox to the first of these users. */
export function mountInbox(users: readonly string[], props: InboxProps): void {
  const root = document.querySelector("#app");
  if (root === null) return;
  createRoot(root).render(
    <StrictMode>
      <App users={users} inbox={props} />
    </StrictMode>,
  );
}

function App({ users, inbox }: { readonly users: readonly string[]; readonly inbox: InboxProps }) {
  const [turn, setTurn] = useState(0);
  const userId = users[turn % users.length] ?? "";
  const client = useClient({
    url: "/graphql",
    userId,
    token: () => askToken(userId),
    retry: { first: 50, longest: 500 },
    heartbeat: { interval: 500, timeout: 500 },
  });
  return (
    <CarillonProvider client={client} pageSize={100}>
      <header>
        <h1>{userId}</h1>
        <button type="button" onClick={() => setTurn(turn + 1)}>
          Change user
        </button>
        <Badge />
        {inbox.variant !== "panel" && <Inbox {...inbox} />}
      </header>
      <main>{inbox.variant === "panel" && <Inbox {...inbox} />}</main>
    </CarillonProvider>
  );
}

function Badge() {
  const unread = useUnreadCount();
  useNotificationEvent("created", ({ notification }) => heard.push(notification.title));
  const { status } = useConnection();
  return (
    <>
      <output aria-label="Unread">{unread}</output>
      <output aria-label="Connection">{status}</output>
    </>
  );
}
