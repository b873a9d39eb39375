import { useEffect, useMemo, useRef, useSyncExternalStore } from "react";
import type { ConnectionState, EventName, EventOf, InboxSnapshot, InboxStore } from "@carillon/client";
import { useCarillon } from "./provider.js";
import { loadingInbox, type SharedInbox } from "./shared-inbox.js";

type Commands = Pick<
  InboxStore,
  "loadMore" | "refresh" | "markRead" | "markUnread" | "markAllRead" | "delete" | "clear"
>;

/** The inbox and its commands, which stay the same functions. */
export type Inbox = InboxSnapshot & Commands;

/** The user's live inbox. All components below a provider share it. */
export function useInbox(): Inbox {
  const inbox = useCarillon()?.inbox ?? null;
  const snapshot = useSyncExternalStore(
    inbox?.subscribe ?? subscribeToNothing,
    inbox?.get ?? getLoading,
    getLoading,
  );
  const commands = useMemo(() => commandsOf(inbox), [inbox]);
  return useMemo(() => ({ ...snapshot, ...commands }), [snapshot, commands]);
}

/** The number of unread notifications. Renders only when it changes. */
export function useUnreadCount(): number {
  const inbox = useCarillon()?.inbox;
  return useSyncExternalStore(
    inbox?.subscribe ?? subscribeToNothing,
    () => (inbox?.get() ?? loadingInbox).unreadCount,
    () => 0,
  );
}

const idle: ConnectionState = { status: "idle", error: null, retryAt: null, shared: false };

/** The state of the connection. */
export function useConnection(): ConnectionState {
  const connection = useCarillon()?.client.connection;
  return useSyncExternalStore(
    connection?.subscribe ?? subscribeToNothing,
    connection?.get ?? getIdle,
    getIdle,
  );
}

/** Calls the listener for each event of a name, for instance to show a toast. It may be a new function on each render. */
export function useNotificationEvent<Name extends EventName>(
  name: Name,
  listener: (event: EventOf<Name>) => void,
): void {
  const client = useCarillon()?.client;
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => client?.on(name, (event) => latest.current(event)), [client, name]);
}

function commandsOf(inbox: SharedInbox | null): Commands {
  return {
    loadMore: async () => inbox?.open().loadMore(),
    refresh: async () => inbox?.open().refresh(),
    markRead: async (ids) => inbox?.open().markRead(ids),
    markUnread: async (ids) => inbox?.open().markUnread(ids),
    markAllRead: async () => inbox?.open().markAllRead(),
    delete: async (ids) => inbox?.open().delete(ids),
    clear: async () => inbox?.open().clear(),
  };
}

function subscribeToNothing(): () => void {
  return () => undefined;
}

function getLoading(): InboxSnapshot {
  return loadingInbox;
}

function getIdle(): ConnectionState {
  return idle;
}
