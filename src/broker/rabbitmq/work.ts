import { setTimeout as delay } from "node:timers/promises";
import type { ConsumeMessage } from "amqplib";
import type { Log } from "../../telemetry/log.js";
import { BrokerUnavailableError, type Delivery, PoisonedMessageError, type QueueName } from "../broker.js";
import { describeError } from "../describe-error.js";
import { type Failures, judge, type RetryPolicy } from "../failures.js";
import { decodeBody } from "./compression.js";
import { deadLetterEnvelope, type Envelope, retryEnvelope } from "./envelope.js";
import { readFailures } from "./failure-headers.js";
import type { Answer, Hold, MessageHandler } from "./queue-consumer.js";

/** How long a message is held that the broker did not take for a retry queue or the dead letters, ms. */
const holdTime = 1000;

export interface Work {
  readonly queue: QueueName;
  /** The queue or its express lane: where the messages are consumed, and return to. */
  readonly lane: string;
  readonly handler: (delivery: Delivery) => Promise<void>;
  readonly policy: RetryPolicy;
  readonly publish: (envelope: Envelope) => Promise<void>;
  readonly log: Log;
}

/**
 * Handles the messages of a work queue or a task queue. One that fails is first published, and confirmed, to where it goes
 * next, and acknowledged only then: a crash in between repeats it, and loses nothing.
 */
export function handleWork(work: Work): MessageHandler {
  return async (message, hold) => {
    const failures = readFailures(message.properties.headers);
    try {
      await work.handler(toDelivery(message, failures));
      return "ack";
    } catch (error) {
      return await forward(work, next(work, message, failures, error), hold);
    }
  };
}

/** @throws PoisonedMessageError when its body cannot be decompressed. */
function toDelivery({ content, fields, properties }: ConsumeMessage, failures: Failures | null): Delivery {
  const body = decodeBody(content, properties.contentEncoding);
  if (body === null) {
    throw new PoisonedMessageError(`cannot decompress (content encoding ${properties.contentEncoding})`);
  }
  return {
    id: typeof properties.messageId === "string" ? properties.messageId : "",
    type: typeof properties.type === "string" ? properties.type : "",
    priority: typeof properties.priority === "number" ? properties.priority : 0,
    redelivered: fields.redelivered,
    failures: failures?.count ?? 0,
    body,
  };
}

/** Where a message goes that was not handled. */
function next(
  { queue, lane, policy, log }: Work,
  message: ConsumeMessage,
  before: Failures | null,
  error: unknown,
): Envelope {
  const event: unknown = message.properties.messageId;
  const verdict = judge(error, before, policy, new Date());
  if (verdict.kind === "retry") {
    log.warn({ event, delayMs: verdict.delay, err: error }, "not handled: to be tried again");
    return retryEnvelope(message, lane, verdict.delay, verdict.failures);
  }
  log.error({ event, reason: verdict.reason, err: error }, "not handled: to the dead letters");
  return deadLetterEnvelope(message, queue, verdict.reason, verdict.failures);
}

/** Publishes until the broker takes it: it may have lost the connection, be blocked, or have a retry queue that is full. */
async function forward({ publish, log }: Work, envelope: Envelope, { lost, ending }: Hold): Promise<Answer> {
  while (!lost.aborted) {
    try {
      await publish(envelope);
      return "ack";
    } catch (error) {
      if (!(error instanceof BrokerUnavailableError)) {
        log.error({ err: error }, "cannot be published: left to the broker's own dead-lettering");
        return "dead";
      }
      log.warn({ reason: describeError(error) }, "held until the broker takes it");
    }
    await delay(holdTime, undefined, { signal: ending }).catch(() => {});
    if (ending.aborted) return "none";
  }
  return "none";
}
