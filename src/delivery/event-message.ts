import { PoisonedMessageError } from "../broker/broker.js";
import { type NotificationEvent, parseEvent } from "../notifications/event.js";

/**
 * The event in a message of a work queue or a task queue.
 * @throws PoisonedMessageError when it is none.
 */
export function readEvent(body: Buffer): NotificationEvent {
  try {
    return parseEvent(JSON.parse(body.toString("utf8")));
  } catch (error) {
    throw new PoisonedMessageError("the message is no event of a version that is known here", {
      cause: error,
    });
  }
}
