/**
 * One connection to PostgreSQL, from its first statement to its first error. It runs one statement at a time, with a deadline.
 *
 * The server ends statements that take too long, so each session begins with time limits. Behind a transaction pooler the
 * session is shared: there each statement is sent in a transaction that begins with the limits, and is not prepared, because the next
 * transaction may use another session.
 */
import type { ConnectionTarget } from "../config/connection-url.js";
import type { Log } from "../telemetry/log.js";
import { databaseIdentity } from "./database-identity.js";
import type { Encryption } from "./encryption.js";
import type { Execute, RowMode } from "./execute.js";
import { createPostgresClient, type PostgresClient, toParameter } from "./postgres-client.js";
import { PostgresFault } from "./postgres-errors.js";

/** How long after the server's time limit a statement is ended here, ms: only when the server or the network is gone. */
const deadlineGrace = 2_000;
/** A connection that was idle for longer is checked before use, because a firewall may have dropped it, ms. */
const checkAfterIdle = 10_000;
/** A connection is replaced at this age, and up to twice this age at random, ms. It limits the server's memory for a session. */
const lifetime = 30 * 60_000;

/** The server's time limits, ms. */
interface Limits {
  readonly statement: number;
  readonly lock: number;
}

export interface ConnectionSettings {
  readonly target: ConnectionTarget;
  readonly encryption: Encryption;
  /** Whether there is a transaction pooler. */
  readonly isPooled: boolean;
  /** Includes the login, ms. */
  readonly connectTimeout: number;
  readonly limits: Limits;
  readonly log: Log;
  /** Called with the identity of the database whenever the connection is checked. */
  onIdentified(connection: Connection, identity: string): void;
  /** Called once, when the connection becomes unusable. */
  onEnd(connection: Connection): void;
}

export class Connection {
  readonly #settings: ConnectionSettings;
  readonly #client: PostgresClient;
  #replaceAt = performance.now() + lifetime * (1 + Math.random());
  #usedAt = 0;
  #fault: PostgresFault | undefined;
  /** Rejects the statement in progress: the library may forget one whose socket closes. */
  #abort: (fault: PostgresFault) => void = () => {};

  constructor(settings: ConnectionSettings) {
    const { target, encryption, isPooled, limits, log } = settings;
    this.#settings = settings;
    this.#client = createPostgresClient({
      target,
      encryption,
      session: isPooled ? {} : settingsOf(limits),
      log,
      onSocketEnd: (error) => this.end("CONNECTION_LOST", error),
    });
  }

  /**
   * Connects if necessary, and checks that the server answers and is one that the URL allows.
   * @returns whether the session has its time limits, or gets them with each statement: a pooler may have dropped them
   */
  async check(): Promise<boolean> {
    const { connectTimeout, limits, isPooled, target } = this.#settings;
    const query = this.#client.sql.unsafe<CheckRow[]>(`
      select ${databaseIdentity} as identity, current_setting('statement_timeout')::interval = '${limits.statement}ms' as holds,
        current_setting('transaction_read_only') = 'on' as "isReadOnly", pg_is_in_recovery() as "isStandby"`);
    const [row] = await this.#settle(query, connectTimeout);
    if (row === undefined) throw new Error("a statement that returns one row returned none");
    const isAllowed = { any: true, "read-write": !row.isReadOnly, primary: !row.isStandby };
    if (!isAllowed[target.sessionAttributes]) {
      this.end("READ_ONLY");
      throw new PostgresFault("READ_ONLY");
    }
    this.#settings.onIdentified(this, row.identity);
    return isPooled || row.holds;
  }

  /** The connection is not used for another statement. */
  retire(): void {
    this.#replaceAt = 0;
  }

  /** Whether the connection may be used again; if not, it is closed. */
  async isFit(): Promise<boolean> {
    const now = performance.now();
    if (now >= this.#replaceAt) await this.close(0);
    // A failure ends the connection, which sets the fault.
    else if (now >= this.#usedAt + checkAfterIdle) await this.check().catch(() => {});
    return this.#fault === undefined;
  }

  readonly execute: Execute = async (text, parameters, mode) => {
    const { isPooled, limits } = this.#settings;
    if (isPooled) return await this.transaction((execute) => execute(text, parameters, mode), limits);
    return await this.#send(text, parameters, limits, mode);
  };

  /** Runs `work` in one transaction with its own limits. An error rolls back, and ends the connection. */
  async transaction<T>(work: (execute: Execute) => Promise<T>, limits: Limits): Promise<T> {
    const settings = Object.entries({ ...settingsOf(limits), TimeZone: "UTC" });
    const begin = ["begin", ...settings.map(([name, value]) => `set local ${name} = '${value}'`)].join("; ");
    await this.#send(begin, [], limits);
    const result = await work((text, parameters, mode) => this.#send(text, parameters, limits, mode));
    await this.#send("commit", [], limits);
    return result;
  }

  #send(
    text: string,
    parameters: unknown[],
    { statement }: Limits,
    mode?: RowMode,
  ): Promise<readonly unknown[]> {
    // The server keeps prepared statements for the session.
    const prepare = !this.#settings.isPooled;
    const query = this.#client.sql.unsafe(text, parameters.map(toParameter), { prepare });
    const rows: PromiseLike<readonly unknown[]> = mode === "array" ? query.values() : query;
    return this.#settle(rows, statement + deadlineGrace);
  }

  async #settle<Result>(query: PromiseLike<Result>, timeout: number): Promise<Result> {
    if (this.#fault) throw this.#fault;
    const timer = setTimeout(() => this.end("QUERY_TIMEOUT"), timeout);
    try {
      return await new Promise<Result>((resolve, reject) => {
        this.#abort = reject;
        // A query of postgres.js is lazy: `then` sends it.
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
    // An error of the library takes precedence, which may say what is wrong with a certificate, for example.
    setImmediate(() => this.#abort(fault));
    this.#client.destroy();
    this.#settings.onEnd(this);
  }

  /** Waits up to `timeout` ms for the statement in progress, then closes. */
  async close(timeout: number): Promise<void> {
    if (!this.#fault) await this.#client.sql.end({ timeout: timeout / 1_000 });
    this.end("POOL_CLOSED");
  }
}

/** The row of `check`. */
interface CheckRow {
  readonly identity: string;
  readonly holds: boolean;
  readonly isReadOnly: boolean;
  readonly isStandby: boolean;
}

/**
 * The settings of a session, or of a transaction behind a pooler. Compiling a statement (`jit`) takes longer than any of ours runs,
 * and which ones would be compiled depends on estimates.
 */
function settingsOf({ statement, lock }: Limits) {
  return {
    statement_timeout: statement,
    lock_timeout: lock,
    idle_in_transaction_session_timeout: statement,
    jit: "off",
  };
}
