import type { CarillonError } from "../carillon-error.js";

/**
 * - `idle`: nothing has asked for events yet;
 * - `connecting`: for the first time, or again;
 * - `catching-up`: connected, and receiving the events that were missed;
 * - `live`: events arrive as they happen;
 * - `offline`: the connection is lost or could not be made; `error` says why, `retryAt` when the next attempt is;
 * - `closed`: disposed of.
 */
export type ConnectionStatus = "idle" | "connecting" | "catching-up" | "live" | "offline" | "closed";

export interface ConnectionState {
  readonly status: ConnectionStatus;
  /** Why it is offline; null while it is not, or when it was paused. */
  readonly error: CarillonError | null;
  /** When the next attempt is made (milliseconds since 1970); null when none is planned. */
  readonly retryAt: number | null;
  /** Does another tab hold the connection? */
  readonly shared: boolean;
}

/** Says whether two states tell the same. */
export function isSameState(one: ConnectionState, other: ConnectionState): boolean {
  return (
    one.status === other.status &&
    one.error === other.error &&
    one.retryAt === other.retryAt &&
    one.shared === other.shared
  );
}

/** The state of a client that nothing has asked for events yet. */
export const idleState: ConnectionState = { status: "idle", error: null, retryAt: null, shared: false };
