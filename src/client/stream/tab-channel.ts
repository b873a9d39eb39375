import { CarillonError } from "../carillon-error.js";
import type { ConnectionState } from "../connection/connection-state.js";
import type { NotificationEvent } from "../event-types.js";

/** A message between tabs. The browser delivers it within the origin only. */
export type TabMessage =
  /** From a tab that has just opened, or that checks whether the leader is alive. */
  | { readonly kind: "hello" }
  /** From the leader. */
  | { readonly kind: "event"; readonly event: NotificationEvent }
  | { readonly kind: "state"; readonly state: PlainState };

/** An Error loses its class when it is sent, and its cause may be something that cannot be sent at all. */
interface PlainState extends Omit<ConnectionState, "error"> {
  readonly error: { readonly code: string; readonly message: string } | null;
}

export function toPlainState(state: ConnectionState): PlainState {
  const { error } = state;
  return { ...state, error: error === null ? null : { code: error.code, message: error.message } };
}

/** The state of a follower whose leader is in this state. */
export function toSharedState(state: PlainState): ConnectionState {
  const { error } = state;
  return {
    ...state,
    error: error === null ? null : new CarillonError(error.code, error.message),
    shared: true,
  };
}
