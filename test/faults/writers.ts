import { setTimeout as sleep } from "node:timers/promises";
import { print } from "graphql";
import type { TypedDocumentNode } from "../../src/client/typed-document-node.js";
import {
  ClearNotificationsDocument,
  CreateNotificationDocument,
  DeleteNotificationsDocument,
  MarkAllNotificationsReadDocument,
  MarkNotificationsReadDocument,
} from "../../src/client/generated.js";
import type { Answer } from "../kit/requests.js";
import type { InstanceGroup } from "./instances.js";
import type { Attempt, History } from "./history.js";
import type { Random } from "./random.js";
import type { Tokens } from "./tokens.js";

export interface WriterOptions {
  /** Mutations a second. */
  readonly rate: number;
  readonly users: readonly string[];
  readonly tokens: Tokens;
  /** What the idempotency keys begin with: a key means one notification, whatever ran on the database before. */
  readonly keyPrefix: string;
}

/** Mutations that may be under way at once; while there are as many, no new ones are begun. */
const maxUnderWay = 100;
/** Milliseconds between two looks at the clock. */
const tick = 20;
/** Milliseconds in which an instance must answer. */
const answerTimeout = 5000;
/** Of the mutations that met an error, the part whose writer gives up: so there are outcomes that nobody knows. */
const givingUp = 0.2;

const createMany = `mutation ($inputs: [CreateNotificationInput!]!) {
  createNotifications(inputs: $inputs) { notifications { id } }
}`;

/**
 * Backends that write at a steady pace: creations, one and many at a time, reads, deletions, all-reads and clearings. What
 * met an error is sent again, with the same idempotency key, to whichever instance chance says.
 */
export class Writers {
  readonly #options: WriterOptions;
  readonly #instances: InstanceGroup;
  readonly #history: History;
  readonly #random: Random;
  readonly #underWay = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  /** Notifications that are there for certain and that nobody is changing, by user. */
  readonly #unread = new Map<string, string[]>();
  readonly #read = new Map<string, string[]>();
  #count = 0;
  #loop: Promise<void> = Promise.resolve();

  constructor(options: WriterOptions, instances: InstanceGroup, history: History, random: Random) {
    this.#options = options;
    this.#instances = instances;
    this.#history = history;
    this.#random = random;
  }

  start(): void {
    this.#loop = this.#run();
  }

  /** Begins nothing new, and waits until everything has its answer, or its writer has given up. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
    await Promise.all(this.#underWay);
  }

  async #run(): Promise<void> {
    const begin = performance.now();
    let due = 0;
    while (!this.#stopping.signal.aborted) {
      const elapsed = (performance.now() - begin) / 1000;
      for (; due < elapsed * this.#options.rate; due += 1) {
        if (this.#underWay.size < maxUnderWay) this.#begin();
      }
      await sleep(tick, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
    }
  }

  #begin(): void {
    const running = this.#writeSomething().finally(() => this.#underWay.delete(running));
    this.#underWay.add(running);
  }

  async #writeSomething(): Promise<void> {
    this.#count += 1;
    const key = `${this.#options.keyPrefix}n${this.#count}`;
    const random = this.#random.fork(key);
    const userId = random.pick(this.#options.users);
    const choice = random.next();
    const unread = this.#unread.get(userId) ?? [];
    const read = this.#read.get(userId) ?? [];
    if (choice < 0.18 && unread.length > 0) {
      const ids = unread.splice(0, random.whole(1, 3));
      if (await this.#markRead(random, this.#history.attempt({ key, kind: "read", userId, ids }))) {
        read.push(...ids);
        this.#read.set(userId, read);
      }
    } else if (choice < 0.28 && read.length > 0) {
      const ids = read.splice(0, random.whole(1, 2));
      await this.#delete(random, this.#history.attempt({ key, kind: "delete", userId, ids }));
    } else if (choice > 0.99) {
      await this.#clear(random, this.#history.attempt({ key, kind: "clear", userId, ids: [] }));
    } else if (choice > 0.97) {
      await this.#markAllRead(random, this.#history.attempt({ key, kind: "read-all", userId, ids: [] }));
    } else if (choice > 0.94) {
      await this.#createMany(random, key);
    } else {
      await this.#create(random, this.#history.attempt({ key, kind: "create", userId, ids: [] }));
    }
  }

  async #create(random: Random, attempt: Attempt): Promise<void> {
    const { key, userId } = attempt;
    const input = { userId, title: key, category: "faults", idempotencyKey: key };
    const data = await this.#send(random, [attempt], CreateNotificationDocument, { input });
    if (data === null) return;
    attempt.ids = [data.createNotification.notification.id];
    this.#remember(userId, attempt.ids);
  }

  async #createMany(random: Random, key: string): Promise<void> {
    const attempts = Array.from({ length: random.whole(2, 10) }, (_, index) =>
      this.#history.attempt({
        key: `${key}.${index}`,
        kind: "create",
        userId: random.pick(this.#options.users),
        ids: [],
      }),
    );
    const inputs = attempts.map(({ key, userId }) => ({
      userId,
      title: key,
      category: "faults",
      idempotencyKey: key,
    }));
    type Data = { createNotifications: { notifications: { id: string }[] } };
    const data = await this.#send<Data>(random, attempts, createMany, { inputs });
    for (const [index, { id }] of (data?.createNotifications.notifications ?? []).entries()) {
      const attempt = attempts[index];
      if (attempt === undefined) continue;
      attempt.ids = [id];
      this.#remember(attempt.userId, attempt.ids);
    }
  }

  async #markRead(random: Random, attempt: Attempt): Promise<boolean> {
    const variables = { userId: attempt.userId, ids: [...attempt.ids] };
    return (await this.#send(random, [attempt], MarkNotificationsReadDocument, variables)) !== null;
  }

  async #delete(random: Random, attempt: Attempt): Promise<void> {
    const variables = { userId: attempt.userId, ids: [...attempt.ids] };
    await this.#send(random, [attempt], DeleteNotificationsDocument, variables);
  }

  async #markAllRead(random: Random, attempt: Attempt): Promise<void> {
    const { userId } = attempt;
    await this.#send(random, [attempt], MarkAllNotificationsReadDocument, { userId });
  }

  async #clear(random: Random, attempt: Attempt): Promise<void> {
    await this.#send(random, [attempt], ClearNotificationsDocument, { userId: attempt.userId });
  }

  #remember(userId: string, ids: readonly string[]): void {
    this.#unread.set(userId, [...(this.#unread.get(userId) ?? []), ...ids]);
  }

  /** Sends a mutation until it is acknowledged or refused. @returns null when it is neither. */
  async #send<T>(
    random: Random,
    attempts: readonly Attempt[],
    document: TypedDocumentNode<T, never> | string,
    variables: object,
  ): Promise<T | null> {
    const body = JSON.stringify({
      query: typeof document === "string" ? document : print(document),
      variables,
    });
    const givesUp = random.chance(givingUp);
    for (let failures = 0; ; failures += 1) {
      const token = await this.#options.tokens.backend();
      for (const attempt of attempts) {
        attempt.tries += 1;
        attempt.sentAt = Date.now();
      }
      const sentAt = performance.now();
      const { data, errors } = await post<T>(this.#instances.choose(random), token, body);
      if (data !== undefined && data !== null && errors === undefined) {
        for (const attempt of attempts) attempt.outcome = "ok";
        return data;
      }
      for (const { extensions } of errors ?? []) {
        this.#history.recordError(extensions.code, performance.now() - sentAt);
      }
      if (errors?.some(({ extensions }) => refusals.has(extensions.code)) === true) {
        for (const attempt of attempts) attempt.outcome = "failed";
        return null;
      }
      if (givesUp || failures >= 40) return null;
      await sleep(random.whole(50, 100 * Math.min(10, failures + 1)));
    }
  }
}

const refusals = new Set(["BAD_USER_INPUT", "FORBIDDEN", "UNAUTHENTICATED", "GRAPHQL_VALIDATION_FAILED"]);

/** An answer, or nothing at all where there was none. */
async function post<T>(url: string, token: string, body: string): Promise<Answer<T>> {
  try {
    const response = await fetch(`${url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body,
      signal: AbortSignal.timeout(answerTimeout),
    });
    return (await response.json()) as Answer<T>;
  } catch {
    return {};
  }
}
