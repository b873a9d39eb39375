import type { NotificationEvent } from "../event-types.js";

/** Where a client stands in the user's stream: after the last event that it received. */
export interface Position {
  /** null: not known yet; the stream then starts at the present. */
  readonly cursor: string | null;
  /** null: not known, because the cursor came from elsewhere. */
  readonly sequence: number | null;
}

/** How an event follows a position. */
export type Step = "next" | "repeat" | "gap";

/** Is it a marker in the stream? Its sequence is not its own: it is the head's. */
export function isMarker(event: NotificationEvent): boolean {
  return event.__typename === "InboxReady" || event.__typename === "InboxReset";
}

/** How an event follows a position. A marker is the next one unless events before it are missing. */
export function stepTo(event: NotificationEvent, { sequence }: Position): Step {
  if (sequence === null || event.__typename === "InboxReset") return "next";
  if (event.sequence < sequence) return "repeat";
  if (isMarker(event)) return event.sequence === sequence ? "next" : "gap";
  if (event.sequence === sequence) return "repeat";
  return event.sequence === sequence + 1 ? "next" : "gap";
}
