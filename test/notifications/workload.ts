import { setImmediate as nextTurn } from "node:timers/promises";
import * as fc from "fast-check";
import type { Database } from "../../src/server/database/database.js";
import {
  clear,
  deleteByIds,
  markAllRead,
  markRead,
  markUnread,
} from "../../src/server/notifications/commands.js";
import { create } from "../../src/server/notifications/create.js";
import { encodeCursor } from "../../src/server/notifications/cursor.js";
import { InvalidInputError } from "../../src/server/notifications/errors.js";
import type { NotificationEvent } from "../../src/server/notifications/event.js";
import { purgeExpired } from "../../src/server/notifications/purge.js";
import { toUser } from "../kit/domain.js";

/** What one client does next. Users and notifications are numbers that are made real when the command runs. */
export type Step =
  | { readonly kind: "create"; readonly inputs: readonly StepInput[] }
  | {
      readonly kind: "some";
      readonly change: "read" | "unread" | "delete";
      readonly user: number;
      readonly picks: readonly number[];
    }
  | {
      readonly kind: "all";
      readonly change: "read" | "clear";
      readonly user: number;
      readonly upTo: number | null;
    }
  | { readonly kind: "sweep"; readonly limit: number };

interface StepInput {
  readonly user: number;
  /** Milliseconds until it expires. */
  readonly lifetime: number | null;
  /** Below `steadyKeys` it stands for one input, whatever else is said here; others come with one input and another. */
  readonly key: number | null;
}

/** Inputs with these keys repeat each other; other keys are used again for something else, which is refused. */
const steadyKeys = 4;

const userCount = 3;
const user = fc.nat(userCount - 1);
const picks = fc.array(fc.nat(30), { minLength: 1, maxLength: 8 });
const upTo = fc.option(fc.nat(1000));
const input = fc.record({
  user,
  lifetime: fc.option(fc.integer({ min: 50, max: 150 }), { freq: 3 }),
  key: fc.option(fc.nat(5), { freq: 3 }),
});

const someChange = fc.constantFrom("read", "unread", "unread", "delete");
const allChange = fc.constantFrom("read", "read", "read", "clear");

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("create"),
      inputs: fc.array(input, { minLength: 1, maxLength: 6 }),
    }),
  },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("some"), change: someChange, user, picks }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("all"), change: allChange, user, upTo }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("sweep"), limit: fc.integer({ min: 1, max: 4 }) }) },
);

/** The clients of a run: each takes its steps one after the other, all clients at the same time. */
export const workload = fc.array(fc.array(step, { minLength: 8, maxLength: 20 }), {
  minLength: 6,
  maxLength: 10,
});

/** An event that a command answered, and between when and when that command ran. */
export interface Committed {
  readonly event: NotificationEvent;
  readonly sentAt: number;
  readonly answeredAt: number;
}

/** Runs the clients, and remembers what they were told. */
export class Workload {
  readonly users: readonly string[];
  readonly committed: Committed[] = [];
  /** Every id that was ever answered for an idempotency key. */
  readonly idsByKey = new Map<string, Set<string>>();
  readonly #database: Database;
  readonly #run: string;
  readonly #ids = new Map<string, string[]>();
  readonly #cursors = new Map<string, string[]>();

  constructor(database: Database, run: string) {
    this.#database = database;
    this.#run = run;
    this.users = Array.from({ length: userCount }, (_, number) => `${run}-${number}`);
  }

  async run(clients: readonly (readonly Step[])[]): Promise<void> {
    await Promise.all(
      clients.map(async (steps) => {
        for (const next of steps) await this.#take(next);
      }),
    );
  }

  async sweep(limit: number): Promise<void> {
    const sentAt = Date.now();
    this.#remember(await purgeExpired(this.#database, limit), sentAt);
  }

  async #take(next: Step): Promise<void> {
    const sentAt = Date.now();
    if (next.kind === "create") await this.#create(next.inputs, sentAt);
    else if (next.kind === "sweep") await this.sweep(next.limit);
    else {
      const { event } = await this.#change(next, this.#user(next.user));
      if (event !== null) this.#remember([event], sentAt);
    }
    await nextTurn();
  }

  #change(next: Exclude<Step, { kind: "create" | "sweep" }>, userId: string) {
    const database = this.#database;
    if (next.kind === "all") {
      const command = { read: markAllRead, clear }[next.change];
      return command(database, userId, pick(this.#cursors.get(userId), next.upTo));
    }
    // From the end: the newest are the ones that others are busy with.
    const known = (this.#ids.get(userId) ?? []).toReversed();
    const ids = next.picks.flatMap((number) => pick(known, number) ?? []);
    if (ids.length === 0) ids.push("nothing is known yet");
    const command = { read: markRead, unread: markUnread, delete: deleteByIds }[next.change];
    return command(database, userId, ids);
  }

  async #create(inputs: readonly StepInput[], sentAt: number): Promise<void> {
    const news = inputs.map((input) => this.#toNew(input, sentAt));
    const created = await create(this.#database, "backend", news, (index) => `inputs[${index}]`).catch(
      (error: unknown) => {
        // Nothing of it may have been done: an event that nobody was told of would be found.
        if (isMismatch(error) && inputs.some(({ key }) => key !== null && key >= steadyKeys)) return null;
        throw error;
      },
    );
    if (created === null) return;
    const { notifications, events } = created;
    this.#remember(events, sentAt);
    for (const [index, { idempotencyKey }] of news.entries()) {
      const id = notifications[index]?.id;
      if (idempotencyKey !== null && id !== undefined) append(this.idsByKey, idempotencyKey).add(id);
    }
    for (const { id, userId } of notifications) this.#ids.set(userId, [...(this.#ids.get(userId) ?? []), id]);
  }

  #toNew({ user, lifetime, key }: StepInput, sentAt: number) {
    const isSteady = key !== null && key < steadyKeys;
    return toUser(this.#user(isSteady ? key % userCount : user), {
      expiresAt: isSteady || lifetime === null ? null : new Date(sentAt + lifetime),
      idempotencyKey: key === null ? null : `${this.#run}-${key}`,
    });
  }

  #remember(events: readonly NotificationEvent[], sentAt: number): void {
    const answeredAt = Date.now();
    for (const event of events) {
      this.committed.push({ event, sentAt, answeredAt });
      const cursors = this.#cursors.get(event.userId) ?? [];
      this.#cursors.set(event.userId, [...cursors, encodeCursor(event.userId, event)]);
    }
  }

  #user(number: number): string {
    return this.users[number] ?? this.#run;
  }
}

function isMismatch(error: unknown): boolean {
  return error instanceof InvalidInputError && error.reason === "IDEMPOTENCY_MISMATCH";
}

function append<K, V>(sets: Map<K, Set<V>>, key: K): Set<V> {
  const set = sets.get(key) ?? new Set<V>();
  sets.set(key, set);
  return set;
}

function pick(items: readonly string[] | undefined, number: number | null): string | null {
  return number === null || items === undefined ? null : (items[number % items.length] ?? null);
}
