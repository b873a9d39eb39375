import { PoisonMessageError } from "../broker/errors.js";
import { type NotificationEvent, parseEvent } from "../notifications/event.js";

/**
 * The event in a message of a work queue or a task queue.
 * @throws PoisonMessageError when there is none
 */
export function readEvent(body: Buffer): NotificationEvent {
  try {
    return parseEvent(JSON.parse(body.toString("utf8")));
  } catch (error) {
    throw new PoisonMessageError("the message is not an event, or of an unknown version", {
      cause: error,
    });
  }
}
