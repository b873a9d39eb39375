/**
 * PostgreSQL through postgres.js, in a pool that outlives every connection fault.
 *
 * postgres.js 3.4.9 reconnects its connection objects in place, and what a dead socket leaves in one reaches the next:
 * a write timer that is never armed again, or a query taken between a socket's error and its close, so that callers
 * wait for ever; the row count of a result that was cut short, so that the next result begins with holes; a look-up of
 * types whose rejection nobody handles, or a write to no socket, which end the process
 * (https://github.com/porsager/postgres, issues 1119, 1154, 1181, 1208 and 1216, all open).
 *
 * So neither its pool nor its reconnection is used. Each {@link Connection} is a client of one connection that
 *   - is given one socket, through the library's `socket` option, and refused a second: it cannot reconnect;
 *   - runs one statement at a time, under a deadline of our own;
 *   - is thrown away after the first error, whatever it is.
 * In front stands a limiter: at most `poolSize` statements at a time, the rest in a bounded queue with a deadline.
 *
 * A statement is its own transaction and there is no other, so it took effect whole or not at all. Where it failed,
 * {@link isAborted} tells whether it is known that it did not.
 */
import { Socket } from "node:net";
import { makePgArray } from "drizzle-orm/pg-core";
import pLimit from "p-limit";
import postgres from "postgres";
import type { Log } from "../telemetry/log.js";

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`, with `?sslmode=` and the like as postgres.js reads them. One host. */
  readonly url: string;
  /** Most statements at a time, each on a connection of its own; those of `exclusive` come on top. */
  readonly poolSize: number;
  /** Longest run of one statement, ms (15,000): then the server cancels it (57014). Half of it for a lock (55P03). */
  readonly queryTimeout?: number;
  /** Longest wait for a connection while others use them all, ms (3,000). */
  readonly queueTimeout?: number;
  /** Longest time to connect and log in, ms (5,000). */
  readonly connectTimeout?: number;
  readonly log: Log;
}

/**
 * Sends one statement, with `$1` and so on for its parameters, and gives its rows as objects by column. JSON and times
 * are parsed; arrays are left in PostgreSQL's text form, as are numbers that may not fit into a JavaScript number.
 * @throws the server's error, whose `code` is a SQLSTATE, the socket's, or PostgresFault: ask isTransient and isAborted
 */
type Execute = (text: string, parameters: unknown[]) => Promise<readonly unknown[]>;

export interface PostgresPool {
  /** Runs the statement on any connection, by itself. */
  readonly execute: Execute;
  /**
   * Runs `work` on a connection of its own outside the pool, whose session (an advisory lock, settings) lasts until
   * `work` settles, or until the first error: whatever `work` sends after that is refused, and runs nowhere else.
   * A text of several statements without parameters is one transaction.
   * @param timeout longest run of one statement, waiting for locks included, ms
   */
  exclusive<T>(work: (execute: Execute) => Promise<T>, timeout: number): Promise<T>;
  /** Refuses new statements, lets those that run end for up to `timeout` ms (5,000), and closes every connection. */
  close(timeout?: number): Promise<void>;
}

/** What became of a statement that the server did not answer; `cause` says why, where that is known. */
export class PostgresFault extends Error {
  override readonly name = "PostgresFault";

  constructor(
    readonly code:
      | "CONNECT_FAILED"
      | "CONNECTION_LOST"
      | "QUERY_TIMEOUT"
      | "QUEUE_TIMEOUT"
      | "QUEUE_FULL"
      | "POOL_CLOSED",
    options?: ErrorOptions,
  ) {
    super(`PostgreSQL: ${code}`, options);
  }
}

/** How much later than the server we end a statement, ms: the server speaks first, unless it or the way to it is gone. */
const deadlineGrace = 2_000;
/** After a failure to connect nobody tries again for this long, and up to as long again at random, ms. */
const reconnectPause = 100;
/** A connection that was idle for longer is tried before use, for a firewall may have forgotten it, ms. */
const idleTrusted = 10_000;
/** Age at which a connection is replaced, and up to as long again at random, ms: it bounds what the server keeps for one. */
const lifetime = 30 * 60_000;
/** Statements that may wait, for each connection of the pool. */
const waitingPerConnection = 100;

/** Makes the pool. It connects when it is first used. */
export function openPostgres(options: PostgresOptions): PostgresPool {
  const { poolSize, log, queryTimeout = 15_000, queueTimeout = 3_000 } = options;
  const limit = pLimit(poolSize);
  const connections = new Set<Connection>();
  const idle: Connection[] = [];
  let refusal: { readonly error: unknown; readonly until: number } | undefined;
  let closed = false;

  function forget(connection: Connection): void {
    connections.delete(connection);
    const index = idle.indexOf(connection);
    if (index !== -1) idle.splice(index, 1);
  }

  async function open(timeouts: Pick<Settings, "queryTimeout" | "lockTimeout">): Promise<Connection> {
    if (closed) throw new PostgresFault("POOL_CLOSED");
    if (refusal && performance.now() < refusal.until) {
      throw new PostgresFault("CONNECT_FAILED", { cause: refusal.error });
    }
    const { url, connectTimeout = 5_000 } = options;
    const connection = new Connection({ url, connectTimeout, ...timeouts, log, onEnd: forget });
    connections.add(connection);
    try {
      await connection.check();
      if (refusal) log.info("PostgreSQL can be reached again");
      refusal = undefined;
      return connection;
    } catch (error) {
      // Once an outage, and not for each statement that meets it.
      log[refusal ? "debug" : "warn"]({ reason: codesOf(error) }, "PostgreSQL cannot be reached");
      refusal = { error, until: performance.now() + reconnectPause * (1 + Math.random()) };
      throw new PostgresFault("CONNECT_FAILED", { cause: error });
    }
  }

  /** The connection that was used last, so that few are kept warm; a new one if none is left. */
  async function acquire(): Promise<Connection> {
    for (let connection = idle.pop(); connection; connection = idle.pop()) {
      if (await connection.isFit()) return connection;
    }
    return open({ queryTimeout, lockTimeout: queryTimeout / 2 });
  }

  const run: Execute = async (text, parameters) => {
    if (closed) throw new PostgresFault("POOL_CLOSED");
    const connection = await acquire();
    try {
      const rows = await connection.run(text, parameters);
      idle.push(connection);
      return rows;
    } catch (error) {
      // The line swallows what is sent: the connections beside this one are likely to be as dead.
      const lineIsDead = codesOf(error).includes("QUERY_TIMEOUT");
      for (let other = lineIsDead && idle.pop(); other; other = idle.pop())
        other.end("CONNECTION_LOST", error);
      throw error;
    }
  };

  const execute: Execute = (text, parameters) =>
    new Promise((resolve, reject) => {
      if (limit.pendingCount >= waitingPerConnection * poolSize) {
        reject(new PostgresFault("QUEUE_FULL"));
        return;
      }
      let waiting = true;
      const timer = setTimeout(() => {
        waiting = false;
        reject(new PostgresFault("QUEUE_TIMEOUT"));
      }, queueTimeout);
      void limit(async () => {
        clearTimeout(timer);
        if (waiting) await run(text, parameters).then(resolve, reject);
      });
    });

  return {
    execute,

    async exclusive(work, timeout) {
      const connection = await open({ queryTimeout: timeout, lockTimeout: timeout });
      try {
        return await work((text, parameters) => connection.run(text, parameters));
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

interface Settings {
  readonly url: string;
  readonly connectTimeout: number;
  readonly queryTimeout: number;
  readonly lockTimeout: number;
  readonly log: Log;
  /** Called once, as soon as the connection cannot be used any more. */
  onEnd(connection: Connection): void;
}

/** What postgres.js hands to its `socket` option, which its types leave out. */
interface Target {
  readonly host: string[];
  readonly port: number[];
  readonly path: string | false;
}

/** One connection: made by its first statement, one statement at a time, ended by the first error. */
class Connection {
  readonly #settings: Settings;
  readonly #sql: postgres.Sql;
  readonly #replaceAt = performance.now() + lifetime * (1 + Math.random());
  #usedAt = 0;
  #socket: Socket | undefined;
  #fault: PostgresFault | undefined;
  /** Rejects the statement that runs: the library may forget one whose socket dies. */
  #abort: (fault: PostgresFault) => void = () => {};

  constructor(settings: Settings) {
    this.#settings = settings;
    const { url, queryTimeout, lockTimeout, log } = settings;
    const client = {
      socket: (target: Target) => this.#connect(target),
      max: 1,
      // Ours are `connectTimeout`, which spans the login too, and `#replaceAt`.
      connect_timeout: 0,
      max_lifetime: null,
      // That would be a query of the library's own at each login, whose failure nobody could handle.
      fetch_types: false,
      types: { json: { to: 114, from: [114, 3802], serialize: String, parse: parseJson } },
      keep_alive: 15,
      onnotice({ severity, code, message }: postgres.Notice) {
        log.debug({ severity, code, notice: message }, "PostgreSQL notice");
      },
      connection: {
        application_name: "carillon",
        TimeZone: "UTC",
        statement_timeout: queryTimeout,
        lock_timeout: lockTimeout,
        idle_in_transaction_session_timeout: queryTimeout,
      },
    };
    this.#sql = postgres(url, client);
  }

  /** The library's way to a socket. A throw is the answer to its attempt to reconnect. */
  #connect({ host, port, path }: Target): Socket {
    if (this.#socket) throw new PostgresFault("CONNECTION_LOST");
    const address = { host: host[0] ?? "localhost", port: port[0] ?? 5432 };
    this.#socket = new WatchedSocket((error) => this.end("CONNECTION_LOST", error));
    this.#socket.setNoDelay(true);
    this.#socket.connect(path ? { path } : address);
    // The library reads the host's name for TLS from its socket.
    return Object.assign(this.#socket, address);
  }

  /** Connects if that is still to be done, and makes sure that the server answers. */
  async check(): Promise<void> {
    await this.#settle(this.#sql.unsafe("select 1"), this.#settings.connectTimeout);
  }

  /** Whether it may be used again. If not, it is closed. */
  async isFit(): Promise<boolean> {
    const now = performance.now();
    if (now >= this.#replaceAt) await this.close(0);
    // A failure ends the connection, which is the answer.
    else if (now >= this.#usedAt + idleTrusted) await this.check().catch(() => {});
    return this.#fault === undefined;
  }

  readonly run: Execute = async (text, parameters) => {
    // Prepared on the server by its text; `?prepare=false` in the URL is stronger, for poolers that cannot.
    const query = this.#sql.unsafe(text, parameters.map(toParameter), { prepare: true });
    return this.#settle(query, this.#settings.queryTimeout + deadlineGrace);
  };

  async #settle<Result>(query: PromiseLike<Result>, timeout: number): Promise<Result> {
    if (this.#fault) throw this.#fault;
    const timer = setTimeout(() => this.end("QUERY_TIMEOUT"), timeout);
    try {
      return await new Promise<Result>((resolve, reject) => {
        this.#abort = reject;
        // Only this sends it: a query of postgres.js is lazy.
        query.then(resolve, reject);
      });
    } catch (error) {
      this.end("CONNECTION_LOST", error);
      throw error;
    } finally {
      clearTimeout(timer);
      this.#usedAt = performance.now();
    }
  }

  end(code: PostgresFault["code"], cause?: unknown): void {
    if (this.#fault) return;
    const fault = new PostgresFault(code, { cause });
    this.#fault = fault;
    // The library comes first if it knows more, for example what is wrong with a certificate.
    setImmediate(() => this.#abort(fault));
    this.#socket?.destroy();
    this.#settings.onEnd(this);
  }

  /** Lets a statement that runs end for up to `timeout` ms, says good-bye to the server and closes. */
  async close(timeout: number): Promise<void> {
    if (!this.#fault) await this.#sql.end({ timeout: timeout / 1_000 });
    this.end("POOL_CLOSED");
  }
}

/** Tells of its end before anyone else hears, whatever listeners postgres.js has taken off it for TLS. */
class WatchedSocket extends Socket {
  readonly #onEnd: (error: Error | null) => void;

  constructor(onEnd: (error: Error | null) => void) {
    super();
    this.#onEnd = onEnd;
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    super._destroy(error, callback);
    this.#onEnd(error);
  }
}

function parseJson(text: string): unknown {
  return JSON.parse(text);
}

/** A value in a form that postgres.js sends as it is; the server finds the type. Objects are JSON, strings never JSON twice. */
function toParameter(value: unknown): string | number | boolean | Uint8Array | null {
  if (value === undefined) throw new TypeError("a parameter of a statement is undefined");
  if (value === null || value instanceof Uint8Array) return value;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Date) return value.toISOString();
  return Array.isArray(value) ? makePgArray(value.map(toParameter)) : JSON.stringify(value);
}

/**
 * Connection faults (class 08), want of resources (53), serialisation, deadlock, locks, shutdown (57P), cancel, read-only,
 * a disk that fails; then the system's codes, the library's and ours.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const transientCodes = [
  /^(08...|53...|40001|40P01|55P03|57P0[1-5]|57014|25006|25P03|58030)$/,
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|ENOTFOUND)$/,
  /^(CONNECT_TIMEOUT|CONNECTION_(CLOSED|DESTROYED|ENDED|LOST)|CONNECT_FAILED|QU(ERY|EUE)_TIMEOUT|QUEUE_FULL|POOL_CLOSED)$/,
];

/** Of those, the ones by which the server says that it undid the statement, or of statements that it never got. */
const abortedCodes = [
  /^(40001|40P01|55P03|57014|57P03|53...|25006)$/,
  /^(ECONNREFUSED|CONNECT_TIMEOUT|CONNECTION_ENDED|CONNECT_FAILED|QUEUE_TIMEOUT|QUEUE_FULL)$/,
];

/** Whether the same statement may well succeed later as it is: a fault of the surroundings, not of the program. */
export function isTransient(error: unknown): boolean {
  // The innermost says why: a CONNECT_FAILED for a wrong password (28P01) does not pass.
  const code = codesOf(error).at(-1) ?? "";
  return transientCodes.some((pattern) => pattern.test(code));
}

/** Whether it is transient and the statement certainly did not take effect, so that it may be sent again blindly. */
export function isAborted(error: unknown): boolean {
  return (
    isTransient(error) && codesOf(error).some((code) => abortedCodes.some((pattern) => pattern.test(code)))
  );
}

/** The codes of an error and of its causes, the outermost first. They hold nothing that may not be logged. */
function codesOf(error: unknown): string[] {
  const codes: string[] = [];
  for (let link = error; link instanceof Error; link = link.cause) {
    if ("code" in link && typeof link.code === "string") codes.push(link.code);
  }
  return codes;
}
