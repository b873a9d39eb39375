import type { CarillonError } from "./errors.js";

/**
 * - `idle`: nobody asked for events yet;
 * - `connecting`: for the first time, or again;
 * - `catching-up`: connected, and being given what was missed;
 * - `live`: events come as they happen;
 * - `offline`: the connection is lost or could not be made, and will be tried again;
 * - `closed`: disposed of.
 */
export type ConnectionStatus = "idle" | "connecting" | "catching-up" | "live" | "offline" | "closed";

export interface ConnectionState {
  readonly status: ConnectionStatus;
  /** Why it is offline; null while it is not, or when it was paused. */
  readonly error: CarillonError | null;
  /** When the next attempt comes by itself (milliseconds since 1970); null when none is planned. */
  readonly retryAt: number | null;
  /** Does another tab hold the connection for this one? */
  readonly shared: boolean;
}
