import type { Message, MessageProperties, Options } from "amqplib";
import type { EventMessage } from "../event-publisher.js";
import type { DeadLetterReason, QueueName, Task } from "../work-queues.js";
import type { Failures } from "../retry-policy.js";
import { encodeBody } from "./compression.js";
import { writeFailures } from "./failure-headers.js";
import { deadLetterExchange, eventExchange, extraKeys, retryName } from "./topology.js";

/** A message as it is published: exchange, routing key, properties and body. */
export interface Envelope {
  readonly exchange: string;
  readonly routingKey: string;
  /** Compressed where `properties.contentEncoding` says so. */
  readonly body: Buffer;
  readonly properties: Options.Publish;
}

/** Every message has to reach a queue, and to survive a restart of the broker. */
const durable = { mandatory: true, persistent: true };

/** @param routingKey the name of the work queue, or of its second queue for urgent messages */
export function eventEnvelope(routingKey: string, message: EventMessage, compress: boolean): Envelope {
  const { body, ...encoding } = encodeBody(message.body, compress);
  return {
    exchange: eventExchange.name,
    routingKey,
    body,
    properties: {
      ...durable,
      ...encoding,
      CC: extraKeys(message),
      contentType: "application/json",
      messageId: message.id,
      type: message.type,
      priority: message.priority,
      // AMQP counts whole seconds.
      timestamp: Math.floor(message.timestamp.getTime() / 1000),
    },
  };
}

/** On the default exchange the routing key is the name of the queue. */
export function taskEnvelope(queue: string, task: Task, compress: boolean): Envelope {
  const { body, ...encoding } = encodeBody(task.body, compress);
  return {
    exchange: "",
    routingKey: queue,
    body,
    properties: {
      ...durable,
      ...encoding,
      contentType: "application/json",
      messageId: task.id,
      type: task.type,
      priority: task.priority,
    },
  };
}

/** The message again, to wait `delay` ms in a retry queue, and to return only to the queue that it came from. */
export function retryEnvelope(
  message: Message,
  queue: string,
  delay: number,
  failures: Failures | null,
): Envelope {
  return {
    exchange: retryName(delay),
    routingKey: queue,
    body: message.content,
    properties: {
      ...durable,
      ...descriptiveProperties(message.properties),
      headers: writeFailures(failures),
    },
  };
}

/** The headers of a dead letter, in addition to those of its failures. */
export interface DeathHeaders {
  readonly "carillon-queue": QueueName;
  readonly "carillon-reason": DeadLetterReason;
}

export function deadLetterEnvelope(
  message: Message,
  queue: QueueName,
  reason: DeadLetterReason,
  failures: Failures,
): Envelope {
  const death: DeathHeaders = { "carillon-queue": queue, "carillon-reason": reason };
  return {
    exchange: deadLetterExchange,
    routingKey: queue,
    body: message.content,
    properties: {
      ...durable,
      ...descriptiveProperties(message.properties),
      headers: { ...death, ...writeFailures(failures) },
    },
  };
}

/** The properties that describe the message: not how to deliver it, nor which login published it. */
function descriptiveProperties({
  expiration: _ttl,
  userId: _login,
  ...properties
}: MessageProperties): Options.Publish {
  return properties;
}
