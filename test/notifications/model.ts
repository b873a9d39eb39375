import { expect } from "vitest";
import type { NotificationEvent } from "../../src/server/notifications/event.js";
import type { Notification } from "../../src/server/notifications/notification.js";

interface Row {
  readonly notification: Notification;
  readonly createdSequence: number;
}

/** When the command that caused an event was sent, and when it was answered. */
export interface CommandTimes {
  readonly sentAt: number;
  readonly answeredAt: number;
}

/**
 * An inbox as a client knows it who has nothing but the events: folds them in their order, and checks what each says.
 *
 * Whether a notification has expired is a matter of the moment, and a command looks at the clock somewhere between being
 * sent and its event. What expires just then, or is created and expires while the command waits for its turn, may or may not
 * count, so the badge is held against a range.
 */
export class InboxModel {
  readonly #rows = new Map<string, Row>();
  readonly #answeredAt = new Map<string, number>();

  /** The notifications, oldest first. */
  get notifications(): Row[] {
    return [...this.#rows.values()].sort((a, b) => a.createdSequence - b.createdSequence);
  }

  apply(event: NotificationEvent, { sentAt, answeredAt }: CommandTimes): void {
    const { type, payload, sequence } = event;
    if (type === "created") {
      expect(this.#rows.has(payload.notification.id), "an id is new").toBe(false);
      this.#rows.set(payload.notification.id, {
        notification: payload.notification,
        createdSequence: sequence,
      });
      this.#answeredAt.set(payload.notification.id, answeredAt);
    } else if (type === "deleted") {
      for (const id of payload.notificationIds)
        expect(this.#rows.delete(id), "what is deleted is there").toBe(true);
    } else if (type === "cleared") {
      for (const { notification } of this.#upTo(payload.upToSequence)) this.#rows.delete(notification.id);
    } else if (type === "all-read") {
      for (const row of this.#upTo(payload.upToSequence)) {
        if (row.notification.readAt === null) this.#mark(row.notification.id, payload.readAt);
      }
    } else {
      for (const id of payload.notificationIds)
        this.#change(event, id, type === "read" ? payload.readAt : null);
    }
    this.#checkBadge(event, sentAt);
  }

  #change(event: NotificationEvent, id: string, readAt: Date | null): void {
    const row = this.#rows.get(id);
    if (row === undefined) throw new Error(`event ${event.sequence} is about ${id}, which is not there`);
    // The command that marks all as read skips expired notifications, which its event does not say and nobody sees any more.
    if (row.notification.expiresAt === null) {
      expect(row.notification.readAt === null, `${id} changes by ${event.type}`).toBe(readAt !== null);
    }
    this.#mark(id, readAt);
  }

  #mark(id: string, readAt: Date | null): void {
    const row = this.#rows.get(id);
    if (row !== undefined) this.#rows.set(id, { ...row, notification: { ...row.notification, readAt } });
  }

  #upTo(sequence: number): Row[] {
    return this.notifications.filter(({ createdSequence }) => createdSequence <= sequence);
  }

  #checkBadge({ type, sequence, unreadCount, occurredAt }: NotificationEvent, sentAt: number): void {
    let surely = 0;
    let perhaps = 0;
    for (const { notification } of this.#rows.values()) {
      const expiry = notification.expiresAt?.getTime() ?? Infinity;
      if (expiry > occurredAt.getTime()) surely += notification.readAt === null ? 1 : 0;
      else if (expiry > sentAt || (this.#answeredAt.get(notification.id) ?? 0) > sentAt) perhaps += 1;
    }
    const message = `unread after event ${sequence} (${type}): ${unreadCount}, not ${surely} to ${surely + perhaps}`;
    expect(unreadCount >= surely && unreadCount <= surely + perhaps, message).toBe(true);
  }
}
