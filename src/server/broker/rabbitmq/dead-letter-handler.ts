import type { ConsumeMessage } from "amqplib";
import { z } from "zod";
import { pause } from "../../scheduling/pause.js";
import type { Log } from "../../telemetry/log.js";
import { type DeadLetter, type DeadLetterReason, type QueueName, workQueueNames } from "../work-queues.js";
import { describeError } from "../describe-error.js";
import { decodeBody } from "./compression.js";
import type { DeathHeaders } from "./envelope.js";
import { readFailures } from "./failure-headers.js";
import { baseQueueName } from "./priority-queues.js";
import type { MessageHandler } from "./queue-consumer.js";
import { isTaskQueue } from "./task-queues.js";
import { retryPrefix } from "./topology.js";

/** How long a dead letter waits after its handler rejected it, ms. */
const retryDelay = 1000;

/** The queue to put a dead letter back into that came from none of our queues. */
const unknownOrigin: QueueName = "notification.new";

/** Handles the messages of the dead-letter queue. A rejected one returns to that queue. */
export function createDeadLetterHandler(
  handler: (deadLetter: DeadLetter) => Promise<void>,
  log: Log,
): MessageHandler {
  return async (message, { stopping }) => {
    try {
      await handler(toDeadLetter(message));
      return "ack";
    } catch (error) {
      log.warn({ reason: describeError(error) }, "dead letter rejected: retrying later");
      await pause(retryDelay, stopping);
      return "requeue";
    }
  };
}

function toDeadLetter({ content, properties }: ConsumeMessage): DeadLetter {
  const { headers } = properties;
  const failures = readFailures(headers);
  const death = decidedByHandler(headers) ?? decidedByBroker(headers) ?? unknownDeath();
  return {
    queue: death.queue,
    messageId: typeof properties.messageId === "string" ? properties.messageId : null,
    type: typeof properties.type === "string" ? properties.type : null,
    priority: typeof properties.priority === "number" ? properties.priority : 0,
    body: decodeBody(content, properties.contentEncoding) ?? content,
    reason: death.reason,
    error: death.error ?? failures?.error ?? null,
    attempts: failures?.count ?? 0,
    firstFailedAt: failures?.firstAt ?? death.at ?? new Date(),
    lastFailedAt: death.at ?? failures?.lastAt ?? new Date(),
  };
}

/** Why and where a message was dead-lettered. What is null is taken from its failures. */
interface Death {
  readonly queue: QueueName;
  readonly reason: DeadLetterReason;
  readonly error: string | null;
  readonly at: Date | null;
}

const queueName = z.string().transform((sourceQueue): QueueName => {
  const name = baseQueueName(sourceQueue);
  if (isTaskQueue(name)) return name;
  return workQueueNames.find((queue) => queue === name) ?? unknownOrigin;
});

const ours = z.object({
  "carillon-queue": queueName,
  "carillon-reason": z.enum(["FAILED", "POISONED"]),
}) satisfies z.ZodType<DeathHeaders>;

/** As `deadLetterEnvelope` wrote it. */
function decidedByHandler(headers: unknown): Death | null {
  const { success, data } = ours.safeParse(headers);
  if (!success) return null;
  return { queue: data["carillon-queue"], reason: data["carillon-reason"], error: null, at: null };
}

const brokers = z.object({
  "x-death": z.array(
    z.object({ queue: z.string(), reason: z.string(), time: z.object({ value: z.number() }) }),
  ),
});

/** Dead-lettered by the broker. The latest entry comes first; those of retry queues are skipped. */
function decidedByBroker(headers: unknown): Death | null {
  const { data } = brokers.safeParse(headers);
  const last = data?.["x-death"].find(({ queue }) => !queue.startsWith(retryPrefix));
  if (last === undefined) return null;
  const isRejected = last.reason === "rejected" || last.reason === "delivery_limit";
  return {
    queue: queueName.parse(last.queue),
    reason: isRejected ? "REJECTED" : "OVERFLOWED",
    error: null,
    at: new Date(last.time.value * 1000),
  };
}

function unknownDeath(): Death {
  return {
    queue: unknownOrigin,
    reason: "POISONED",
    error: "published directly into the dead-letter queue",
    at: null,
  };
}
