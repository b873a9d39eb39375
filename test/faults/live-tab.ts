import { setTimeout as sleep } from "node:timers/promises";
import { print } from "graphql";
import type { Client } from "graphql-ws";
import { createResumingClient } from "../../src/client/connection/resuming-client.js";
import {
  NotificationEventsDocument,
  type NotificationEventsSubscription,
} from "../../src/client/generated.js";
import { decodeCursor, type Position } from "../../src/server/notifications/cursor.js";
import { connectTo } from "../kit/subscriber.js";
import type { InstanceGroup } from "./instances.js";
import type { History, Tab } from "./history.js";
import type { Random } from "./random.js";
import type { Tokens } from "./tokens.js";

const query = print(NotificationEventsDocument);

/** How long an event took to come to a subscriber who was there, or who wanted to be. */
export interface Arrival {
  /** Milliseconds from the commit, or from when the subscriber began to want it if that was later. */
  readonly waited: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/**
 * A tab of a user: the project's own client, which goes on after its cursor wherever it finds an instance. It may be closed
 * and opened again, as people do.
 */
export class LiveTab {
  readonly #tab: Tab;
  readonly #tokens: Tokens;
  readonly #instances: InstanceGroup;
  readonly #history: History;
  readonly #random: Random;
  readonly #onArrival: (arrival: Arrival) => void;
  #client: Client | null = null;
  #cursor: string | null = null;
  #openedAt = 0;
  #lastOccurredAt = 0;
  #ready = false;

  constructor(
    tab: Tab,
    tokens: Tokens,
    instances: InstanceGroup,
    history: History,
    random: Random,
    onArrival: (arrival: Arrival) => void,
  ) {
    this.#tab = tab;
    this.#tokens = tokens;
    this.#instances = instances;
    this.#history = history;
    this.#random = random;
    this.#onArrival = onArrival;
  }

  get name(): string {
    return this.#tab.name;
  }

  get userId(): string {
    return this.#tab.userId;
  }

  /** Whether live has begun since it was opened last. */
  get ready(): boolean {
    return this.#ready;
  }

  /** When the latest event that it has been given was committed; milliseconds since 1970, 0 before the first. */
  get lastOccurredAt(): number {
    return this.#lastOccurredAt;
  }

  /** Has it been given all up to this position? Cursors mean something to nobody but the service, and to whoever tests it. */
  hasReached({ epoch, sequence }: Position): boolean {
    const position = this.#cursor === null ? null : decodeCursor(this.userId, this.#cursor);
    return position !== null && position.epoch === epoch && position.sequence >= sequence;
  }

  open(): void {
    this.#openedAt = Date.now();
    this.#ready = false;
    const client = createResumingClient({
      ...connectTo("", ""),
      connectionParams: async () => ({ authorization: `Bearer ${await this.#tokens.user(this.userId)}` }),
      url: () => `${this.#instances.choose(this.#random).replace(/^http/, "ws")}/graphql`,
      on: {
        closed: (event) => {
          if (hasCode(event)) this.#history.recordClose(event.code);
        },
      },
    });
    this.#client = client;
    client.subscribe<NotificationEventsSubscription>(
      { query, variables: { userId: this.userId, after: this.#cursor } },
      {
        next: ({ data, errors }) => {
          if (this.#client !== client) return;
          if (data === null || data === undefined) this.#tab.failures.push(JSON.stringify(errors));
          else this.#receive(data.notificationEvents);
        },
        error: (error) => {
          if (this.#client === client) this.#tab.failures.push(inWords(error));
        },
        complete: () => {
          if (this.#client === client) this.#tab.failures.push("completed by the server");
        },
      },
    );
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = null;
    await client?.dispose();
  }

  /** Comes and goes until the signal; then it is open, to be given the rest. */
  async reconnectRepeatedly(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await sleep(this.#random.whole(500, 4000), undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      await this.close();
      await sleep(this.#random.whole(50, 2000), undefined, { signal }).catch(() => undefined);
      this.open();
    }
  }

  #receive(received: NotificationEventsSubscription["notificationEvents"]): void {
    const item = this.#history.record(this.#tab, received);
    this.#cursor = received.cursor;
    if ("mark" in item) {
      this.#ready ||= item.mark === "ready";
      return;
    }
    this.#lastOccurredAt = item.occurredAt;
    const at = Date.now();
    this.#onArrival({ at, waited: at - Math.max(item.occurredAt, this.#openedAt) });
  }
}

function hasCode(event: unknown): event is { readonly code: number } {
  return typeof event === "object" && event !== null && "code" in event && typeof event.code === "number";
}

function inWords(error: unknown): string {
  if (error instanceof Error) return error.message;
  if (typeof error === "object" && error !== null && "code" in error)
    return `closed with ${String(error.code)}`;
  return JSON.stringify(error);
}
