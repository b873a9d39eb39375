import { DatabaseUnavailableError } from "../database/database.js";
import { KeyedQueue, QueueRefusal, type WaitLimits } from "../scheduling/keyed-queue.js";

/**
 * Limits the database connections that requests use.
 *
 *   commands ── one an inbox, in order ──┐
 *   bulks ── a few ──────────────────────┴─▶ a share ──┐
 *   reads ── two an inbox ─────────────────────────────┴─▶ a larger share ──▶ the database's pool
 *   relay, sweepers, the log of subscriptions ──────────────────────────────▶        ▲
 *
 * A command may wait on the server for its inbox, which others have locked, and holds its connection meanwhile. So one
 * inbox holds one connection, all that are locked leave some for reads, and all requests leave some for what delivers
 * events. A bulk for several users stands in no inbox's line: while it waits for one of them, the others would wait with it.
 * Whoever has to wait does so here, within limits.
 */
export interface RequestQueue {
  /** How many requests wait. */
  readonly waiting: number;
  /** Runs a command on these inboxes; commands on the same single inbox run serially. @throws DatabaseUnavailableError */
  command<T>(userIds: readonly string[], work: () => Promise<T>): Promise<T>;
  /** Runs a read; null: of no particular inbox. @throws DatabaseUnavailableError */
  read<T>(userId: string | null, work: () => Promise<T>): Promise<T>;
}

/** For a database that runs one statement at a time, first come, first served. */
export const unlimited: RequestQueue = {
  waiting: 0,
  command: (_userIds, work) => work(),
  read: (_userId, work) => work(),
};

/** The longest wait of a request, ms. */
const maxWait = 3_000;
/** How many requests, of one inbox or of all, may wait for each connection. */
const waitingPerConnection = 100;
/** The most connections that requests leave to everything else. What delivers events waits in the pool when it needs more. */
const maxReserve = 10;
/** Reads of one inbox that run at the same time. */
const readsPerInbox = 2;

/** @param connections the size of the database's pool, at least two */
export function limitRequests(connections: number): RequestQueue {
  const reserve = Math.min(maxReserve, Math.max(1, Math.floor(connections / 5)));
  const maxWaiting = waitingPerConnection * connections;
  const inboxes = new KeyedQueue(1);
  const readers = new KeyedQueue(readsPerInbox);
  const share = Math.max(1, connections - 2 * reserve);
  const commands = new KeyedQueue(share);
  const bulks = new KeyedQueue(Math.ceil(share / 2));
  const requests = new KeyedQueue(connections - reserve);

  return {
    get waiting() {
      return [inboxes, bulks, commands, readers, requests].reduce((sum, queue) => sum + queue.waiting, 0);
    },
    async command(userIds, work) {
      const limits = limitsFromNow(maxWaiting);
      const [userId = "", ...others] = new Set(userIds);
      const [queue, key] = others.length === 0 ? [inboxes, userId] : [bulks, ""];
      return await translateRefusal(
        queue.run(key, () => commands.run("", () => requests.run("", work, limits()), limits()), limits()),
      );
    },
    async read(userId, work) {
      const limits = limitsFromNow(maxWaiting);
      const read = (): ReturnType<typeof work> => requests.run("", work, limits());
      return await translateRefusal(userId === null ? read() : readers.run(userId, read, limits()));
    },
  };
}

/** One time limit for all the queues that a request passes through. */
function limitsFromNow(maxWaiting: number): () => WaitLimits {
  const until = performance.now() + maxWait;
  return () => ({ maxWaiting, timeout: Math.max(0, until - performance.now()) });
}

async function translateRefusal<T>(result: Promise<T>): Promise<T> {
  try {
    return await result;
  } catch (error) {
    if (!(error instanceof QueueRefusal)) throw error;
    throw new DatabaseUnavailableError("the database is overloaded; retry later", { cause: error });
  }
}
