import type { Database } from "../database/database.js";
import { clear, deleteByIds, type InboxChanged, markAllRead, markRead, markUnread } from "./commands.js";
import { type Created, create } from "./create.js";
import type { NotificationEvent } from "./event.js";
import type { NewNotification } from "./input.js";
import type { Notification } from "./notification.js";
import { type InboxSnapshot, type PageRequest, readInbox, readNotification } from "./queries.js";
import { type RequestQueue, unlimited } from "./request-queue.js";

/*
 * notifications/: the domain. It creates, lists and changes notifications, and appends an event for every change of an inbox.
 *
 *   command ──request queue──▶ one SQL statement: lock the inbox, change rows, append the event ──commit──▶ onCommitted
 *
 * Promise: an inbox, its counts and its event log change together or not at all; the events of a user are numbered 1, 2, 3 …
 * in commit order, without gaps.
 *
 * It assumes that callers have checked who may do what. It knows neither the broker, nor HTTP, nor GraphQL.
 */

/** Receives events right after their commit, to publish them. Must not throw; nothing waits for it. */
export type OnCommitted = (events: readonly NotificationEvent[]) => void;

/** The operations on notifications. Authorization is the caller's. */
export class NotificationService {
  readonly #database: Database;
  readonly #onCommitted: OnCommitted;
  readonly #queue: RequestQueue;

  /** @param queue limits the database connections that requests use */
  constructor(database: Database, onCommitted: OnCommitted, queue: RequestQueue = unlimited) {
    this.#database = database;
    this.#onCommitted = onCommitted;
    this.#queue = queue;
  }

  async create(
    sender: string,
    inputs: readonly NewNotification[],
    pathOf: (index: number) => string,
  ): Promise<readonly Notification[]> {
    const users = inputs.map(({ userId }) => userId);
    const created: Created = await this.#queue.command(users, () =>
      create(this.#database, sender, inputs, pathOf),
    );
    this.#onCommitted(created.events);
    return created.notifications;
  }

  async markRead(userId: string, ids: readonly string[]): Promise<InboxChanged> {
    return await this.#change(userId, () => markRead(this.#database, userId, ids));
  }

  async markUnread(userId: string, ids: readonly string[]): Promise<InboxChanged> {
    return await this.#change(userId, () => markUnread(this.#database, userId, ids));
  }

  async markAllRead(userId: string, upTo: string | null): Promise<InboxChanged> {
    return await this.#change(userId, () => markAllRead(this.#database, userId, upTo));
  }

  async delete(userId: string, ids: readonly string[]): Promise<InboxChanged> {
    return await this.#change(userId, () => deleteByIds(this.#database, userId, ids));
  }

  async clear(userId: string, upTo: string | null): Promise<InboxChanged> {
    return await this.#change(userId, () => clear(this.#database, userId, upTo));
  }

  async inbox(userId: string, pages: readonly PageRequest[]): Promise<InboxSnapshot> {
    return await this.#queue.read(userId, () => readInbox(this.#database, userId, pages));
  }

  async notification(id: string, ownerId: string | null): Promise<Notification | null> {
    return await this.#queue.read(ownerId, () => readNotification(this.#database, id, ownerId));
  }

  async #change(userId: string, command: () => Promise<InboxChanged>): Promise<InboxChanged> {
    const changed = await this.#queue.command([userId], command);
    if (changed.event !== null) this.#onCommitted([changed.event]);
    return changed;
  }
}
