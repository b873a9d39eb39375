import { createContext, type ReactNode, use, useEffect, useMemo, useRef, useState } from "react";
import { type CarillonClient, type ClientOptions, createClient } from "../client/index.js";
import { SharedInbox } from "./shared-inbox.js";

/** What the hooks work with; null while there is no client, e.g. before a log-in. */
interface Carillon {
  readonly client: CarillonClient;
  readonly inbox: SharedInbox;
}

const CarillonContext = createContext<Carillon | null>(null);

export interface CarillonProviderProps {
  /** Of `createClient` or `useClient`; null: hooks show an inbox that loads, and do nothing. */
  readonly client: CarillonClient | null;
  /** How many notifications a page has: 1 to 100, default 20. */
  readonly pageSize?: number;
  readonly children: ReactNode;
}

/** Gives a user's inbox to the components under it, which share one store. It does not dispose of the client. */
export function CarillonProvider({ client, pageSize = 20, children }: CarillonProviderProps): ReactNode {
  const carillon = useMemo(
    () => (client === null ? null : { client, inbox: new SharedInbox(client, pageSize) }),
    [client, pageSize],
  );
  return <CarillonContext value={carillon}>{children}</CarillonContext>;
}

/** The provider's, or null where it has no client. */
export function useCarillon(): Carillon | null {
  return use(CarillonContext);
}

/**
 * Makes a client, and another when the URL or the user changes; disposes of it with the component. Other options are those of
 * the first render, but for `token`, which is always the last one.
 * @returns null on a server, and until the component is there
 */
export function useClient(options: ClientOptions): CarillonClient | null {
  const { url, userId } = options;
  const latest = useRef(options);
  const [client, setClient] = useState<CarillonClient | null>(null);
  useEffect(() => {
    latest.current = options;
  });
  useEffect(() => {
    const own = createClient({ ...latest.current, url, userId, token: () => latest.current.token() });
    setClient(own);
    return () => own.dispose();
  }, [url, userId]);
  // Between a change of the user and its effect, the former user's client is not to be seen.
  return client?.userId === userId ? client : null;
}
