import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import type { Database } from "../../src/server/database/database.js";
import type { WebhookEndpoint } from "../../src/server/delivery/webhooks/endpoint.js";
import type { NewEndpoint } from "../../src/server/delivery/webhooks/endpoint-input.js";
import {
  createEndpoint,
  deleteEndpoint,
  disableEndpoint,
  disableGoneEndpoint,
  enableEndpoint,
  findEndpointsFor,
  listEndpoints,
  readEndpoint,
  rotateSecret,
  updateEndpoint,
} from "../../src/server/delivery/webhooks/endpoint-store.js";
import { eventTypes } from "../../src/server/database/column-values.js";
import type { NotificationEvent } from "../../src/server/notifications/event.js";
import { databaseKinds, type OpenedDatabase, openTestDatabase } from "../kit/databases.js";
import { eventOf } from "../kit/events.js";
import { expectRefusal } from "../notifications/refusal.js";

function input(fields: Partial<NewEndpoint> = {}): NewEndpoint {
  return {
    url: "https://hooks.example/7",
    description: null,
    eventTypes: null,
    categories: null,
    batch: null,
    ...fields,
  };
}

const unknownIds = [randomUUID(), "", "no id at all", "\0"];

describe.each(databaseKinds)("webhook endpoints on %s", (kind) => {
  let opened: OpenedDatabase;
  let database: Database;
  beforeAll(async () => {
    opened = await openTestDatabase(kind);
    database = opened.database;
  });
  afterAll(() => opened[Symbol.asyncDispose]());
  afterEach(async () => {
    for (const { id } of await listEndpoints(database)) await deleteEndpoint(database, id);
  });

  const create = (fields?: Partial<NewEndpoint>) => createEndpoint(database, input(fields));

  /** The URLs that an event goes to. */
  async function goesTo(event: NotificationEvent): Promise<string[]> {
    return (await findEndpointsFor(database, event)).map(({ url }) => url);
  }

  test("are created as they are described, enabled, and listed in that order", async () => {
    const full = input({
      description: "Grüße 🎉",
      eventTypes: ["all-read", "created"],
      categories: ["order.shipped", "order.paid"],
      batch: { maxEvents: 1000, maxAge: 60_000 },
    });
    const before = Date.now();
    const first = await createEndpoint(database, full);
    const second = await create();
    expect(first).toMatchObject({ ...full, enabled: true, disabledReason: null });
    expect(second).toMatchObject(input());
    expect(Math.abs(first.createdAt.getTime() - before)).toBeLessThan(60_000);
    expect(first.updatedAt).toEqual(first.createdAt);
    expect(await listEndpoints(database)).toEqual([first, second]);
    expect(await readEndpoint(database, first.id)).toEqual(first);
    expect(await readEndpoint(database, first.id.toUpperCase())).toEqual(first);
  });

  test("have a secret of their own each, of 24 to 64 bytes", async () => {
    const secrets = [...(await create()).secrets, ...(await create()).secrets];
    expect(new Set(secrets).size).toBe(2);
    for (const secret of secrets) {
      expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]+=*$/);
      const { byteLength } = Buffer.from(secret.slice("whsec_".length), "base64");
      expect(byteLength).toBeGreaterThanOrEqual(24);
      expect(byteLength).toBeLessThanOrEqual(64);
    }
  });

  test("list a type or a category once", async () => {
    const { eventTypes, categories } = await create({ eventTypes: ["read", "read"], categories: ["a", "a"] });
    expect({ eventTypes, categories }).toEqual({ eventTypes: ["read"], categories: ["a"] });
  });

  test.each<[string, Partial<NewEndpoint>]>([
    ["input.url", { url: "" }],
    ["input.url", { url: "hooks.example" }],
    ["input.url", { url: "ftp://hooks.example" }],
    ["input.url", { url: "file:///etc/passwd" }],
    ["input.url", { url: "http://" }],
    ["input.url", { url: "http:///path" }],
    ["input.url", { url: "https://ada:pass@hooks.example" }],
    ["input.url", { url: "https://ada@hooks.example" }],
    ["input.url", { url: "https://hooks.example/\n" }],
    ["input.url", { url: " https://hooks.example/" }],
    ["input.url", { url: "https://hooks.example:99999/" }],
    ["input.url", { url: `https://hooks.example/${"x".repeat(1979)}` }],
    ["input.description", { description: "d".repeat(501) }],
    ["input.description", { description: "\0" }],
    ["input.description", { description: " \u200B" }],
    ["input.eventTypes", { eventTypes: [] }],
    ["input.categories", { categories: [] }],
    ["input.categories", { categories: ["Not a slug"] }],
    ["input.categories", { categories: Array.from({ length: 51 }, (_, index) => `c${index}`) }],
    ["input.batch.maxEvents", { batch: { maxEvents: 0, maxAge: 100 } }],
    ["input.batch.maxEvents", { batch: { maxEvents: 1001, maxAge: 100 } }],
    ["input.batch.maxAge", { batch: { maxEvents: 1, maxAge: 99 } }],
    ["input.batch.maxAge", { batch: { maxEvents: 1, maxAge: 60_001 } }],
  ])("refuse a wrong %s, at creation and at a change (%#)", async (field, fields) => {
    await expectRefusal(field, create(fields));
    const endpoint = await create();
    await expectRefusal(field, updateEndpoint(database, endpoint.id, fields));
    expect(await listEndpoints(database)).toEqual([endpoint]);
  });

  test("take what is just allowed", async () => {
    const url = `http://hooks.example/${"x".repeat(1979)}`;
    const categories = Array.from({ length: 50 }, (_, index) => `c${index}`);
    const batch = { maxEvents: 1, maxAge: 100 };
    const fields = { url, categories, batch, eventTypes, description: "d".repeat(500) };
    expect(await create(fields)).toMatchObject(fields);
  });

  test("are 200 at most", async () => {
    await Promise.all(Array.from({ length: 199 }, () => create()));
    const last = await create();
    await expectRefusal("input", create());
    await deleteEndpoint(database, last.id);
    await create();
    expect(await listEndpoints(database)).toHaveLength(200);
  });

  test("change where they are told to, and nowhere else", async () => {
    const before = await create({ description: "before", eventTypes: ["read"], categories: ["a"] });
    const batch = { maxEvents: 5, maxAge: 500 };
    const changed = await updateEndpoint(database, before.id, { description: null, batch });
    const { updatedAt } = changed;
    expect(changed).toEqual({ ...before, description: null, batch, updatedAt });
    const again = { url: "http://other.example/", eventTypes: null, categories: ["b"], batch: null };
    expect(await updateEndpoint(database, before.id, again)).toMatchObject({ ...again, description: null });
    expect(await updateEndpoint(database, before.id, {})).toMatchObject(again);
  });

  test("are disabled and enabled by operators", async () => {
    const { id } = await create();
    expect(await disableEndpoint(database, id)).toMatchObject({ enabled: false, disabledReason: "BY_ADMIN" });
    expect(await goesTo(eventOf("created"))).toEqual([]);
    expect(await enableEndpoint(database, id)).toMatchObject({ enabled: true, disabledReason: null });
    expect(await goesTo(eventOf("created"))).toHaveLength(1);
  });

  test("are disabled when they are gone, unless an operator was quicker", async () => {
    const endpoint = await create();
    expect(await disableGoneEndpoint(database, { ...endpoint, url: "https://the.former.example" })).toBe(
      false,
    );
    expect(await disableGoneEndpoint(database, endpoint)).toBe(true);
    expect(await readEndpoint(database, endpoint.id)).toMatchObject({
      enabled: false,
      disabledReason: "GONE",
    });
    await disableEndpoint(database, endpoint.id);
    expect(await disableGoneEndpoint(database, endpoint)).toBe(false);
    expect(await readEndpoint(database, endpoint.id)).toMatchObject({ disabledReason: "BY_ADMIN" });
  });

  test("sign with the secret before for a day after a rotation", async () => {
    const { id, secrets } = await create();
    const [first] = secrets;
    const { secrets: afterOne } = await rotateSecret(database, id);
    expect(afterOne).toEqual([expect.not.stringMatching(`^${first}$`), first]);
    const { secrets: afterTwo } = await rotateSecret(database, id);
    expect(afterTwo).toHaveLength(2);
    expect(afterTwo[1]).toBe(afterOne[0]);
    await passTheDay(database, id);
    expect((await readEndpoint(database, id))?.secrets).toEqual([afterTwo[0]]);
  });

  test("are deleted", async () => {
    const { id } = await create();
    expect(await deleteEndpoint(database, id)).toBe(true);
    expect(await deleteEndpoint(database, id)).toBe(false);
    expect(await readEndpoint(database, id)).toBeNull();
  });

  test.each(unknownIds)("that are not there cannot be changed: %j", async (id) => {
    await create();
    expect(await readEndpoint(database, id)).toBeNull();
    expect(await deleteEndpoint(database, id)).toBe(false);
    for (const change of [enableEndpoint, disableEndpoint, rotateSecret]) {
      await expectRefusal("id", change(database, id));
    }
    await expectRefusal("id", updateEndpoint(database, id, { description: "x" }));
  });

  test("get the events that pass their filters", async () => {
    const [all, reads, orders, both] = [
      { url: "http://all.example/" },
      { url: "http://reads.example/", eventTypes: ["read" as const, "all-read" as const] },
      { url: "http://orders.example/", categories: ["order.paid", "order.shipped"] },
      { url: "http://both.example/", eventTypes: ["created" as const], categories: ["order.paid"] },
    ];
    const endpoints: WebhookEndpoint[] = [];
    for (const fields of [all, reads, orders, both]) endpoints.push(await create(fields));
    expect(await findEndpointsFor(database, eventOf("created", "order.paid"))).toEqual([
      endpoints[0],
      endpoints[2],
      endpoints[3],
    ]);
    expect(await goesTo(eventOf("created", "order.shipped"))).toEqual([all.url, orders.url]);
    expect(await goesTo(eventOf("created", "order"))).toEqual([all.url]);
    for (const type of ["read", "all-read"] as const) {
      expect(await goesTo(eventOf(type))).toEqual([all.url, reads.url]);
    }
    for (const type of ["unread", "deleted", "cleared"] as const) {
      expect(await goesTo(eventOf(type))).toEqual([all.url]);
    }
  });
});

/** As if 24 hours had passed since the rotation. */
async function passTheDay(database: Database, id: string): Promise<void> {
  await database.one(
    sql`update webhook_endpoints set previous_secret_until = previous_secret_until - interval '24 hours'
      where id = ${id}::uuid returning to_json(1) as result`,
    z.literal(1),
  );
}
