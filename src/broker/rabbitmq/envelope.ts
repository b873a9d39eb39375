import type { Message, MessageProperties, Options } from "amqplib";
import type { BrokerMessage, DeathReason, QueueName, Task } from "../broker.js";
import type { Failures } from "../failures.js";
import { encodeBody } from "./compression.js";
import { writeFailures } from "./failure-headers.js";
import { deadLetterExchange, eventExchange, extraKeys, retryName } from "./topology.js";

/** A message as it is published: to which exchange, under which key, with what on the outside. */
export interface Envelope {
  readonly exchange: string;
  readonly routingKey: string;
  /** As it travels: compressed where `properties.contentEncoding` says so. */
  readonly body: Buffer;
  readonly properties: Options.Publish;
}

/** All that is published must reach a queue, and be there still after a restart. */
const kept = { mandatory: true, persistent: true };

/** @param lane the key of the work queue, or of its express lane */
export function eventEnvelope(lane: string, message: BrokerMessage, compress: boolean): Envelope {
  const { body, ...encoding } = encodeBody(message.body, compress);
  return {
    exchange: eventExchange.name,
    routingKey: lane,
    body,
    properties: {
      ...kept,
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

/** The default exchange takes the routing key for the name of the queue. */
export function taskEnvelope(queue: string, task: Task, compress: boolean): Envelope {
  const { body, ...encoding } = encodeBody(task.body, compress);
  return {
    exchange: "",
    routingKey: queue,
    body,
    properties: {
      ...kept,
      ...encoding,
      contentType: "application/json",
      messageId: task.id,
      type: task.type,
      priority: task.priority,
    },
  };
}

/** The message again, to wait `delay` ms in a retry queue and return to the queue that it came from, and to no other. */
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
    properties: { ...kept, ...sameOutside(message.properties), headers: writeFailures(failures) },
  };
}

/** The headers of a dead letter beside those of its failures. */
export interface DeathHeaders {
  readonly "carillon-queue": QueueName;
  readonly "carillon-reason": DeathReason;
}

export function deadLetterEnvelope(
  message: Message,
  queue: QueueName,
  reason: DeathReason,
  failures: Failures,
): Envelope {
  const death: DeathHeaders = { "carillon-queue": queue, "carillon-reason": reason };
  return {
    exchange: deadLetterExchange,
    routingKey: queue,
    body: message.content,
    properties: {
      ...kept,
      ...sameOutside(message.properties),
      headers: { ...death, ...writeFailures(failures) },
    },
  };
}

/** What describes the message, and not what tells the broker how to deliver it, or who may have sent it. */
function sameOutside({ expiration: _ttl, userId: _login, ...outside }: MessageProperties): Options.Publish {
  return outside;
}
