import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from "react";
import { type CarillonClient, type ClientOptions, createClient } from "@carillon/client";
import { SharedInbox } from "./shared-inbox.js";

/** The value of the context; null while there is no client, as before a log-in. */
interface Carillon {
  readonly client: CarillonClient;
  readonly inbox: SharedInbox;
}

const CarillonContext = createContext<Carillon | null>(null);

export interface CarillonProviderProps {
  /** From `createClient` or `useClient`; null: hooks return an inbox that is loading, and their commands do nothing. */
  readonly client: CarillonClient | null;
  /** How many notifications a page has: 1 to 100, default 20. */
  readonly pageSize?: number;
  readonly children: ReactNode;
}

/** Provides a user's inbox to the components below it, which share one store. It does not dispose of the client. */
export function CarillonProvider({ client, pageSize = 20, children }: CarillonProviderProps): ReactNode {
  const carillon = useMemo(
    () => (client === null ? null : { client, inbox: new SharedInbox(client, pageSize) }),
    [client, pageSize],
  );
  return <CarillonContext.Provider value={carillon}>{children}</CarillonContext.Provider>;
}

/** The value of the nearest provider; null where it has no client. */
export function useCarillon(): Carillon | null {
  return useContext(CarillonContext);
}

/**
 * Makes a client, and another when the URL or the user changes; disposes of it with the component. Other options are those of the
 * first render, except `token`, which is always the latest.
 * @returns null on a server, and until the component is mounted
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
  // Between a change of the user and its effect, the client of the former user must not be used.
  return client?.userId === userId ? client : null;
}
