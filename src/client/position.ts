import type { NotificationEvent } from "./events.js";

/** Where a client stands in the user's stream: after the last event that it was given. */
export interface Position {
  /** null: nowhere yet, which means from now on. */
  readonly cursor: string | null;
  /** null: not known, since it began at a cursor from elsewhere. */
  readonly sequence: number | null;
}

/** How an event goes on from a position. */
export type Step = "next" | "repeat" | "gap";

/** Marks bear a number that is not their own: the head's. */
export function isMark(event: NotificationEvent): boolean {
  return event.__typename === "InboxReady" || event.__typename === "InboxReset";
}

/** Is the event the next one? A mark is, unless there are events before it that were not given. */
export function stepTo(event: NotificationEvent, { sequence }: Position): Step {
  if (sequence === null || event.__typename === "InboxReset") return "next";
  if (event.sequence < sequence) return "repeat";
  if (isMark(event)) return event.sequence === sequence ? "next" : "gap";
  if (event.sequence === sequence) return "repeat";
  return event.sequence === sequence + 1 ? "next" : "gap";
}
