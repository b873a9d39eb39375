import { randomUUID } from "node:crypto";
import type { Database } from "../../src/server/database/database.js";
import { encodeCursor } from "../../src/server/notifications/cursor.js";
import type { NotificationEvent } from "../../src/server/notifications/event.js";
import { readAfter } from "../../src/server/notifications/event-log.js";
import type { NewNotification } from "../../src/server/notifications/input.js";
import type { Notification } from "../../src/server/notifications/notification.js";
import type { InboxHead, NotificationPage, PageRequest } from "../../src/server/notifications/queries.js";
import { NotificationService } from "../../src/server/notifications/service.js";

/** Someone whom no other test knows. */
export function newUser(): string {
  return `user-${randomUUID()}`;
}

/** A notification to be created, plain but for `fields`. */
export function toUser(userId: string, fields: Partial<NewNotification> = {}): NewNotification {
  return {
    userId,
    category: "test.plain",
    title: "A title",
    body: null,
    data: null,
    actionUrl: null,
    priority: "NORMAL",
    expiresAt: null,
    idempotencyKey: null,
    ...fields,
  };
}

/** A page of everything, as large as can be. */
export function page(fields: Partial<PageRequest> = {}): PageRequest {
  return { filter: null, first: 100, after: null, countAll: true, ...fields };
}

/** The domain over a database, with what tests ask it again and again. */
export class Domain {
  readonly service: NotificationService;
  /** What was handed over for publishing. */
  readonly committed: NotificationEvent[] = [];
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
    this.service = new NotificationService(database, (events) => this.committed.push(...events));
  }

  async createOne(input: NewNotification, sender = "backend"): Promise<Notification> {
    const [notification] = await this.service.create(sender, [input], () => "input");
    if (notification === undefined) throw new Error("nothing was created");
    return notification;
  }

  createAll(inputs: readonly NewNotification[], sender = "backend"): Promise<readonly Notification[]> {
    return this.service.create(sender, inputs, (index) => `inputs[${index}]`);
  }

  /** Creates `count` notifications in one bulk, and gives their ids in order. */
  async createMany(userId: string, count: number): Promise<string[]> {
    const created = await this.createAll(Array.from({ length: count }, () => toUser(userId)));
    return created.map(({ id }) => id);
  }

  async head(userId: string): Promise<InboxHead> {
    return (await this.service.inbox(userId, [])).head;
  }

  /** The cursor of the head of the user's stream. */
  async cursor(userId: string): Promise<string> {
    return encodeCursor(userId, await this.head(userId));
  }

  async page(userId: string, request: Partial<PageRequest> = {}): Promise<NotificationPage> {
    const { pages } = await this.service.inbox(userId, [page(request)]);
    const [first] = pages;
    if (first === undefined) throw new Error("no page was read");
    return first;
  }

  /** The ids of the newest hundred, newest first. */
  async ids(userId: string, request: Partial<PageRequest> = {}): Promise<string[]> {
    const { items } = await this.page(userId, request);
    return items.map(({ notification }) => notification.id);
  }

  log(userId: string): Promise<NotificationEvent[]> {
    return readLog(this.#database, userId);
  }
}

/** A user's whole event log. */
export async function readLog(database: Database, userId: string): Promise<NotificationEvent[]> {
  const events: NotificationEvent[] = [];
  for (;;) {
    const [slice] = await readAfter(database, [{ userId, sequence: events.length }], 200);
    if (slice === undefined || slice.expired) throw new Error("the log cannot be read from its beginning");
    events.push(...slice.events);
    if (slice.head.sequence === events.length) return events;
  }
}
