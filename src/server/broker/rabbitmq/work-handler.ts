import type { ConsumeMessage } from "amqplib";
import { retry } from "../../scheduling/retry.js";
import type { Log } from "../../telemetry/log.js";
import { BrokerUnavailableError, PoisonMessageError } from "../errors.js";
import type { Delivery, QueueName } from "../work-queues.js";
import { describeError } from "../describe-error.js";
import { type Failures, decideRetry, type RetryPolicy } from "../retry-policy.js";
import { decodeBody } from "./compression.js";
import { deadLetterEnvelope, type Envelope, retryEnvelope } from "./envelope.js";
import { readFailures } from "./failure-headers.js";
import type { Answer, MessageLifetime, MessageHandler } from "./queue-consumer.js";

/** Milliseconds between two attempts to publish a failed message to a retry queue or to the dead letters. */
const publishRetryDelay = 1000;

export interface WorkHandlerOptions {
  readonly queue: QueueName;
  /** The queue that is consumed, and that messages return to: `queue`, or its second queue for urgent messages. */
  readonly sourceQueue: string;
  readonly handler: (delivery: Delivery) => Promise<void>;
  readonly policy: RetryPolicy;
  readonly publish: (envelope: Envelope) => Promise<void>;
  readonly log: Log;
}

/**
 * Handles the messages of a work queue or a task queue. A failed message is published to its next queue and confirmed, and
 * only then acknowledged: a crash in between repeats it, and loses nothing.
 */
export function createWorkHandler(work: WorkHandlerOptions): MessageHandler {
  return async (message, lifetime) => {
    const failures = readFailures(message.properties.headers);
    try {
      await work.handler(toDelivery(message, failures));
      return "ack";
    } catch (error) {
      return await forward(work, envelopeAfterFailure(work, message, failures, error), lifetime);
    }
  };
}

/** @throws PoisonMessageError when its body cannot be decompressed. */
function toDelivery({ content, fields, properties }: ConsumeMessage, failures: Failures | null): Delivery {
  const body = decodeBody(content, properties.contentEncoding);
  if (body === null) {
    throw new PoisonMessageError(`cannot decompress (content encoding ${properties.contentEncoding})`);
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

/** The envelope in which a failed message is published: for a retry, or as a dead letter. */
function envelopeAfterFailure(
  { queue, sourceQueue, policy, log }: WorkHandlerOptions,
  message: ConsumeMessage,
  before: Failures | null,
  error: unknown,
): Envelope {
  const event: unknown = message.properties.messageId;
  const decision = decideRetry(error, before, policy, new Date());
  if (decision.kind === "retry") {
    log.warn({ event, delayMs: decision.delay, err: error }, "message failed: retrying later");
    return retryEnvelope(message, sourceQueue, decision.delay, decision.failures);
  }
  log.error({ event, reason: decision.reason, err: error }, "message failed: dead-lettered");
  return deadLetterEnvelope(message, queue, decision.reason, decision.failures);
}

/** Publishes until the broker accepts it: the connection may be lost or blocked, or a retry queue full. */
async function forward(
  { publish, log }: WorkHandlerOptions,
  envelope: Envelope,
  { lost, stopping }: MessageLifetime,
): Promise<Answer> {
  if (lost.aborted) return "none";
  try {
    await retry(() => publish(envelope), {
      isRetryable: (error) => {
        if (!(error instanceof BrokerUnavailableError)) return false;
        log.warn({ reason: describeError(error) }, "failed message held: broker unavailable");
        return true;
      },
      delay: () => publishRetryDelay,
      signal: stopping,
    });
    return "ack";
  } catch (error) {
    if (error instanceof BrokerUnavailableError) return "none";
    log.error({ err: error }, "failed message not published: left to the broker's dead-lettering");
    return "dead";
  }
}
