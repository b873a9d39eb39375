import type { CarillonClient, ConnectionState } from "../client/index.js";
import { useObservable } from "./use-observable.js";

/** Cut by hand, rather than lost: no attempt to connect is planned. */
function isCut({ status, retryAt }: ConnectionState): boolean {
  return status === "offline" && retryAt === null;
}

function describe(state: ConnectionState): string {
  switch (state.status) {
    case "live":
      return state.shared ? "live, by way of another tab" : "live";
    case "catching-up":
      return "catching up";
    case "offline":
      return isCut(state) ? "cut off" : "offline, will try again";
    default:
      return state.status;
  }
}

export function ConnectionBadge({ client }: { readonly client: CarillonClient }) {
  const state = useObservable(client.connection);
  return (
    <span className="connection" role="status" data-status={isCut(state) ? "cut" : state.status}>
      {describe(state)}
    </span>
  );
}

/** Lets a user miss something. */
export function CutButton({ client }: { readonly client: CarillonClient }) {
  const cut = isCut(useObservable(client.connection));
  return (
    <button type="button" className="cut" onClick={() => (cut ? client.resume() : client.pause())}>
      {cut ? "Reconnect" : "Cut off"}
      <span className="hidden"> {client.userId}</span>
    </button>
  );
}
