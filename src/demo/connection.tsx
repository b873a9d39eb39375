import type { CarillonClient, ConnectionState, ConnectionStatus } from "@carillon/client";
import { useObservable } from "./use-observable.js";

/** Was it disconnected by the button? Then no attempt to connect is planned. */
function isCut({ status, retryAt }: ConnectionState): boolean {
  return status === "offline" && retryAt === null;
}

const descriptions: Readonly<Record<ConnectionStatus, string>> = {
  idle: "waiting",
  connecting: "connecting",
  "catching-up": "catching up",
  live: "live",
  offline: "offline, will try again",
  closed: "closed",
};

function describe(state: ConnectionState): string {
  if (isCut(state)) return "cut off";
  return descriptions[state.status] + (state.shared ? ", through another tab" : "");
}

export function ConnectionBadge({ client }: { readonly client: CarillonClient }) {
  const state = useObservable(client.connection);
  return (
    <span className="connection" role="status" data-status={isCut(state) ? "cut" : state.status}>
      {describe(state)}
    </span>
  );
}

/** Disconnects a user, who then misses events. */
export function CutButton({ client }: { readonly client: CarillonClient }) {
  const cut = isCut(useObservable(client.connection));
  return (
    <button type="button" className="cut" onClick={() => (cut ? client.resume() : client.pause())}>
      {cut ? "Reconnect" : "Cut off"}
      <span className="hidden"> {client.userId}</span>
    </button>
  );
}
