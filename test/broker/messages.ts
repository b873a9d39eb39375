import { randomUUID } from "node:crypto";
import type { EventMessage } from "../../src/server/broker/event-publisher.js";
import type { Task } from "../../src/server/broker/work-queues.js";

/** A message to a user, with this text as its body. */
export function message(text: string, fields: Partial<EventMessage> = {}): EventMessage {
  return {
    id: randomUUID(),
    type: "created",
    routingKey: "notification.new",
    userId: "ada",
    priority: 4,
    timestamp: new Date("2026-01-02T03:04:05.678Z"),
    body: Buffer.from(text),
    ...fields,
  };
}

/** A task with this text as its body. */
export function task(text: string, fields: Partial<Task> = {}): Task {
  return { id: randomUUID(), type: "created", priority: 4, body: Buffer.from(text), ...fields };
}

/** `first 1`, `first 2`, … */
export function numbered(text: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${text} ${index + 1}`);
}
