import { expect, test } from "vitest";
import { batchBody, eventBody, testBody } from "../../src/server/delivery/webhooks/payload.js";
import { eventTypes } from "../../src/server/database/column-values.js";
import { eventOf } from "../kit/events.js";

function read(body: Buffer): unknown {
  return JSON.parse(body.toString("utf8"));
}

test("an event is carried with its id, its time and what is particular to it", () => {
  const event = eventOf("created", "order.paid");
  const { userId, sequence, unreadCount, payload } = event;
  expect(read(eventBody(event))).toEqual({
    type: "notification.created",
    id: event.id,
    timestamp: "2026-11-23T09:41:17.111Z",
    data: read(Buffer.from(JSON.stringify({ userId, sequence, unreadCount, ...payload }))),
  });
  expect(read(eventBody(eventOf("all-read")))).toMatchObject({
    type: "notification.all_read",
    data: { userId: "ada", upToSequence: 3, readAt: "2026-11-23T09:41:17.111Z" },
  });
});

test("a batch carries events as they would be carried alone, in order", () => {
  const events = eventTypes.map((type) => eventOf(type));
  expect(read(batchBody(events))).toEqual({
    type: "batch",
    events: events.map((event) => read(eventBody(event))),
  });
});

test("a test says that it is one", () => {
  const now = new Date();
  expect(read(testBody("t", now))).toEqual({ type: "test", id: "t", timestamp: now.toISOString(), data: {} });
});
