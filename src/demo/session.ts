import { useEffect, useState } from "react";
import {
  type CarillonClient,
  createClient,
  createInbox,
  type InboxStore,
  type Observable,
} from "../client/index.js";
import { type Journal, keepJournal } from "./journal.js";
import { demoToken } from "./tokens.js";

/** One user at work. */
export interface Session {
  readonly client: CarillonClient;
  readonly inbox: InboxStore;
  readonly journal: Observable<Journal>;
}

/** Holds a session of this user for as long as the component is there; null until it is open. */
export function useSession(userId: string): Session | null {
  const [session, setSession] = useState<Session | null>(null);
  useEffect(() => {
    const client = createClient({ url: "/graphql", userId, token: () => demoToken({ userId }) });
    const inbox = createInbox(client);
    setSession({ client, inbox, journal: keepJournal(client) });
    return () => {
      inbox.dispose();
      client.dispose();
    };
  }, [userId]);
  return session;
}
