import type { Change } from "./change.js";

/** An inbox as it must be after the changes so far: counted one by one, and so independent of the service's counters. */
export class Recount {
  readonly #notifications = new Map<string, { readonly createdSequence: number; read: boolean }>();

  get unread(): number {
    return [...this.#notifications.values()].filter(({ read }) => !read).length;
  }

  get total(): number {
    return this.#notifications.size;
  }

  has(id: string): boolean {
    return this.#notifications.has(id);
  }

  isRead(id: string): boolean {
    return this.#notifications.get(id)?.read === true;
  }

  apply({ type, ids, upTo, sequence }: Change): void {
    switch (type) {
      case "created":
        for (const id of ids) this.#notifications.set(id, { createdSequence: sequence, read: false });
        break;
      case "read":
      case "unread":
        for (const [id, notification] of this.#notifications) {
          if (ids.includes(id)) notification.read = type === "read";
        }
        break;
      case "deleted":
        for (const id of ids) this.#notifications.delete(id);
        break;
      case "all-read":
        for (const notification of this.#notifications.values()) {
          if (notification.createdSequence <= (upTo ?? 0)) notification.read = true;
        }
        break;
      case "cleared":
        for (const [id, { createdSequence }] of this.#notifications) {
          if (createdSequence <= (upTo ?? 0)) this.#notifications.delete(id);
        }
        break;
    }
  }
}
