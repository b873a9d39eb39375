/**
 * A pool of connections to PostgreSQL that survives every connection fault.
 *
 * At most `poolSize` statements run at a time, each on a connection of its own. Further statements wait in a queue that is
 * limited in length and in time. A connection is discarded after its first error, whatever the error is.
 *
 * `execute` sends a statement as a transaction of its own, so it took effect completely or not at all. When it failed,
 * `isAborted` tells whether it certainly had no effect.
 */
import postgres from "postgres";
import { KeyedQueue, QueueRefusal } from "../scheduling/keyed-queue.js";
import type { Log } from "../telemetry/log.js";
import { ConnectionUrlError, parseConnectionUrl } from "../config/connection-url.js";
import { type Encryption, EncryptionError, encryptionsOf } from "./encryption.js";
import type { Execute } from "./execute.js";
import { Connection } from "./postgres-connection.js";
import { codesOf, PostgresFault } from "./postgres-errors.js";

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database?sslmode=…`, with the parameters in connection-url.ts. */
  readonly url: string;
  /** The most connections, besides those of `transaction`. */
  readonly poolSize: number;
  /** Time limit of one statement, ms (15,000). The server then cancels it (57014). */
  readonly queryTimeout?: number;
  /**
   * How long a statement waits for a connection, ms (3,000). It waits half as long for a lock (55P03), so that statements that
   * hold a connection and wait for a lock fail before those that wait for a connection.
   */
  readonly queueTimeout?: number;
  /** Time limit of connecting and logging in, ms (5,000); a limit in the URL takes precedence. */
  readonly connectTimeout?: number;
  readonly log: Log;
}

export interface PostgresPool {
  /** Runs one statement on any connection. */
  readonly execute: Execute;
  /**
   * Runs `work` in one transaction, on a connection outside the pool. The first error rolls the transaction back and ends the
   * connection: later statements of `work` fail, and run nowhere else.
   * @param timeout time limit of one statement, including the wait for locks, ms
   */
  transaction<T>(work: (execute: Execute) => Promise<T>, timeout: number): Promise<T>;
  /** Rejects new statements, waits up to `timeout` ms (5,000) for those in progress, and closes all connections. */
  close(timeout?: number): Promise<void>;
}

/** Pause after a failure to connect, and up to twice as long at random, ms. Statements fail at once in the meantime. */
const reconnectPause = 100;
/** The most waiting statements for each connection of the pool. */
const waitingPerConnection = 100;

/**
 * Makes the pool. It connects when it is first used.
 * @throws ConnectionUrlError
 */
export function openPostgresPool(options: PostgresOptions): PostgresPool {
  const { poolSize, log, queryTimeout = 15_000, queueTimeout = 3_000 } = options;
  const target = parseConnectionUrl(options.url);
  const connectTimeout = target.connectTimeout ?? options.connectTimeout ?? 5_000;
  const limits = { statement: queryTimeout, lock: Math.ceil(Math.min(queryTimeout, queueTimeout) / 2) };
  const queue = new KeyedQueue(poolSize);
  const waitLimits = { maxWaiting: waitingPerConnection * poolSize, timeout: queueTimeout };
  const connections = new Set<Connection>();
  const idle: Connection[] = [];
  let isPooled = target.transactionPooler;
  let currentIdentity: string | undefined;
  let refusal: { readonly error: unknown; readonly until: number } | undefined;
  let closed = false;

  function forget(connection: Connection): void {
    connections.delete(connection);
    const index = idle.indexOf(connection);
    if (index !== -1) idle.splice(index, 1);
  }

  /** After a failover connections to the former server are retired, because it may still run. */
  function noteIdentity(connection: Connection, found: string): void {
    const hasChanged = currentIdentity !== undefined && found !== currentIdentity;
    currentIdentity = found;
    for (const other of connections) if (hasChanged && other !== connection) other.retire();
  }

  async function open(): Promise<Connection> {
    if (closed) throw new PostgresFault("POOL_CLOSED");
    if (refusal && performance.now() < refusal.until) {
      throw new PostgresFault("CONNECT_FAILED", { cause: refusal.error });
    }
    try {
      const connection = await connect(...encryptionsOf(target));
      if (refusal) log.info("database connection restored");
      refusal = undefined;
      return connection;
    } catch (error) {
      // A warning once for each outage, and not for each statement.
      log[refusal ? "debug" : "warn"]({ reason: codesOf(error) }, "database connection failed");
      refusal = { error, until: performance.now() + reconnectPause * (1 + Math.random()) };
      throw error instanceof ConnectionUrlError
        ? error
        : new PostgresFault("CONNECT_FAILED", { cause: error });
    }
  }

  /** Tries each encryption until one succeeds, or fails for another reason than its encryption. */
  async function connect(encryption: Encryption, ...others: Encryption[]): Promise<Connection> {
    if (closed) throw new PostgresFault("POOL_CLOSED");
    const wasPooled = isPooled;
    const connection = new Connection({
      target,
      encryption,
      isPooled,
      connectTimeout,
      limits,
      log,
      onIdentified: noteIdentity,
      onEnd: forget,
    });
    connections.add(connection);
    try {
      if (await connection.check()) return connection;
    } catch (error) {
      const [next, ...rest] = others;
      if (next !== undefined && isRefusedForEncryption(error)) return await connect(next, ...rest);
      if (!isStartupRefused(error)) throw error;
      if (wasPooled)
        throw new ConnectionUrlError(`has a parameter that the pooler rejects: ${error.message}`);
    }
    // The pooler rejected or dropped the settings of the session.
    if (!isPooled) log.info("transaction pooler detected");
    isPooled = true;
    await connection.close(0);
    return await connect(encryption, ...others);
  }

  /** The idle connection that was used last, so that others age and close; a new one if none is idle. */
  async function acquire(): Promise<Connection> {
    for (let connection = idle.pop(); connection; connection = idle.pop()) {
      if (await connection.isFit()) return connection;
    }
    return open();
  }

  const executeNow: Execute = async (text, parameters, mode) => {
    if (closed) throw new PostgresFault("POOL_CLOSED");
    const connection = await acquire();
    try {
      const rows = await connection.execute(text, parameters, mode);
      idle.push(connection);
      return rows;
    } catch (error) {
      // The network loses what is sent, so the idle connections are probably dead too.
      const isNetworkDead = codesOf(error).includes("QUERY_TIMEOUT");
      for (let other = isNetworkDead && idle.pop(); other; other = idle.pop())
        other.end("CONNECTION_LOST", error);
      throw error;
    }
  };

  const execute: Execute = async (text, parameters, mode) => {
    try {
      return await queue.run("", () => executeNow(text, parameters, mode), waitLimits);
    } catch (error) {
      throw error instanceof QueueRefusal ? new PostgresFault(error.code, { cause: error }) : error;
    }
  };

  return {
    execute,

    async transaction(work, timeout) {
      const connection = await open();
      try {
        return await connection.transaction(work, { statement: timeout, lock: timeout });
      } finally {
        await connection.close(1_000);
      }
    },

    async close(timeout = 5_000) {
      closed = true;
      await Promise.all([...connections].map((connection) => connection.close(timeout)));
    },
  };
}

/** Whether a pooler rejected the settings of the session, which it cannot keep. */
function isStartupRefused(error: unknown): error is postgres.PostgresError {
  return error instanceof postgres.PostgresError && /unsupported startup parameter/.test(error.message);
}

/** Whether TLS failed, or pg_hba.conf has no entry for a connection with this encryption. */
function isRefusedForEncryption(error: unknown): boolean {
  return error instanceof EncryptionError || codesOf(error).includes("28000");
}
