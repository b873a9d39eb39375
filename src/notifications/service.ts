import type { Database } from "../database/database.js";
import { clear, deleteByIds, type InboxChanged, markAllRead, markRead, markUnread } from "./commands.js";
import { type Created, create } from "./create.js";
import type { NotificationEvent } from "./event.js";
import type { NewNotification } from "./input.js";
import type { Notification } from "./notification.js";
import { type InboxSnapshot, type PageRequest, readInbox, readNotification } from "./queries.js";

/** Told of events right after their commit, to publish them. Must not throw, and nobody waits for it. */
export type OnCommitted = (events: readonly NotificationEvent[]) => void;

/** Everything that can be done with notifications. Knows nothing of who may do it. */
export class NotificationService {
  readonly #database: Database;
  readonly #onCommitted: OnCommitted;

  constructor(database: Database, onCommitted: OnCommitted) {
    this.#database = database;
    this.#onCommitted = onCommitted;
  }

  /** See `create`. */
  async create(
    sender: string,
    inputs: readonly NewNotification[],
    pathOf: (index: number) => string,
  ): Promise<readonly Notification[]> {
    const created: Created = await create(this.#database, sender, inputs, pathOf);
    this.#onCommitted(created.events);
    return created.notifications;
  }

  /** See `markRead`. */
  async markRead(userId: string, ids: readonly string[]): Promise<InboxChanged> {
    return this.#announce(await markRead(this.#database, userId, ids));
  }

  /** See `markUnread`. */
  async markUnread(userId: string, ids: readonly string[]): Promise<InboxChanged> {
    return this.#announce(await markUnread(this.#database, userId, ids));
  }

  /** See `markAllRead`. */
  async markAllRead(userId: string, upTo: string | null): Promise<InboxChanged> {
    return this.#announce(await markAllRead(this.#database, userId, upTo));
  }

  /** See `deleteByIds`. */
  async delete(userId: string, ids: readonly string[]): Promise<InboxChanged> {
    return this.#announce(await deleteByIds(this.#database, userId, ids));
  }

  /** See `clear`. */
  async clear(userId: string, upTo: string | null): Promise<InboxChanged> {
    return this.#announce(await clear(this.#database, userId, upTo));
  }

  /** See `readInbox`. */
  async inbox(userId: string, pages: readonly PageRequest[]): Promise<InboxSnapshot> {
    return await readInbox(this.#database, userId, pages);
  }

  /** See `readNotification`. */
  async notification(id: string, ownerId: string | null): Promise<Notification | null> {
    return await readNotification(this.#database, id, ownerId);
  }

  #announce(changed: InboxChanged): InboxChanged {
    if (changed.event !== null) this.#onCommitted([changed.event]);
    return changed;
  }
}
