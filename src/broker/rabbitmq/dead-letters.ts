import { setTimeout as delay } from "node:timers/promises";
import type { ConsumeMessage } from "amqplib";
import { z } from "zod";
import type { Log } from "../../telemetry/log.js";
import { type DeadLetter, type DeathReason, type QueueName, workQueues } from "../broker.js";
import { describeError } from "../describe-error.js";
import { decodeBody } from "./compression.js";
import type { DeathHeaders } from "./envelope.js";
import { readFailures } from "./failure-headers.js";
import { withoutLane } from "./express-lane.js";
import type { MessageHandler } from "./queue-consumer.js";
import { isTaskQueue } from "./task-queues.js";
import { retryPrefix } from "./topology.js";

/** How long a dead letter waits that its handler rejected, ms. */
const retryDelay = 1000;

/** Where a letter goes back to that came into the dead queue from no queue of ours. */
const unknownOrigin: QueueName = "notification.new";

/** Handles what is in the dead queue. A letter that is rejected returns to that queue: nothing is dead twice. */
export function handleDeadLetters(handler: (letter: DeadLetter) => Promise<void>, log: Log): MessageHandler {
  return async (message, { ending }) => {
    try {
      await handler(toDeadLetter(message));
      return "ack";
    } catch (error) {
      log.warn({ reason: describeError(error) }, "a dead letter was not taken: it is given again");
      await delay(retryDelay, undefined, { signal: ending }).catch(() => {});
      return "requeue";
    }
  };
}

function toDeadLetter({ content, properties }: ConsumeMessage): DeadLetter {
  const { headers } = properties;
  const failures = readFailures(headers);
  const death = ourDeath(headers) ?? brokersDeath(headers) ?? straightIntoTheQueue();
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

/** What became of a message; what is null, its failures say. */
interface Death {
  readonly queue: QueueName;
  readonly reason: DeathReason;
  readonly error: string | null;
  readonly at: Date | null;
}

const queueName = z.string().transform((lane): QueueName => {
  const name = withoutLane(lane);
  if (isTaskQueue(name)) return name;
  return workQueues.find((queue) => queue === name) ?? unknownOrigin;
});

const ours = z.object({
  "carillon-queue": queueName,
  "carillon-reason": z.enum(["FAILED", "POISONED"]),
}) satisfies z.ZodType<DeathHeaders>;

/** The handler's verdict, as `deadLetterEnvelope` wrote it. */
function ourDeath(headers: unknown): Death | null {
  const { success, data } = ours.safeParse(headers);
  if (!success) return null;
  return { queue: data["carillon-queue"], reason: data["carillon-reason"], error: null, at: null };
}

const brokers = z.object({
  "x-death": z.array(
    z.object({ queue: z.string(), reason: z.string(), time: z.object({ value: z.number() }) }),
  ),
});

/** What the broker dead-lettered itself; the last death comes first, and to have waited in a retry queue is none. */
function brokersDeath(headers: unknown): Death | null {
  const { data } = brokers.safeParse(headers);
  const last = data?.["x-death"].find(({ queue }) => !queue.startsWith(retryPrefix));
  if (last === undefined) return null;
  const given = last.reason === "rejected" || last.reason === "delivery_limit";
  return {
    queue: queueName.parse(last.queue),
    reason: given ? "REJECTED" : "OVERFLOWED",
    error: null,
    at: new Date(last.time.value * 1000),
  };
}

function straightIntoTheQueue(): Death {
  return { queue: unknownOrigin, reason: "POISONED", error: "it did not come from a queue", at: null };
}
