import { useEffect, useState } from "react";
import {
  type CarillonClient,
  createClient,
  createInbox,
  type InboxStore,
  type Observable,
} from "@carillon/client";
import { type EventHistory, recordEvents } from "./event-history.js";
import { demoToken } from "./demo-token.js";

/** One user of the demo. */
export interface Session {
  readonly client: CarillonClient;
  readonly inbox: InboxStore;
  readonly history: Observable<EventHistory>;
}

/** A session of this user for the life of the component; null until it is open. */
export function useSession(userId: string): Session | null {
  const [session, setSession] = useState<Session | null>(null);
  useEffect(() => {
    const client = createClient({ url: "/graphql", userId, token: () => demoToken({ userId }) });
    const inbox = createInbox(client);
    setSession({ client, inbox, history: recordEvents(client) });
    return () => {
      inbox.dispose();
      client.dispose();
    };
  }, [userId]);
  return session;
}
