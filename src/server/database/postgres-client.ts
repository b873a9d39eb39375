/**
 * A client of postgres.js for one socket.
 *
 * postgres.js 3.4.9 reconnects its connection objects in place, and what a dead socket leaves in one reaches the next:
 * a write timer that is never armed again, or a query taken between a socket's error and its close, so that callers
 * wait forever; the row count of a result that was cut short, so that the next result begins with holes; a lookup of
 * types whose rejection nobody handles, or a write to no socket, which end the process
 * (https://github.com/porsager/postgres, issues 1119, 1154, 1181, 1208 and 1216, all open).
 *
 * Therefore neither its pool nor its reconnection is used. Its undocumented `socket` option gives it one socket, and a second
 * call, its attempt to reconnect, gets an error. This depends on internals of the library, which any release may change:
 * when it calls `socket`, which listeners it removes, and how it reports the error. So package.json names the exact version
 * of `postgres`. An upgrade is a change of its own, which test/database/postgres-faults.test.ts checks.
 */
import { Socket } from "node:net";
import { makePgArray } from "drizzle-orm/pg-core";
import postgres from "postgres";
import type { Log } from "../telemetry/log.js";
import type { ConnectionTarget } from "../config/connection-url.js";
import { encrypt, type Encryption } from "./encryption.js";
import { PostgresFault } from "./postgres-errors.js";

export interface ClientOptions {
  readonly target: ConnectionTarget;
  readonly encryption: Encryption;
  /** Parameters of the session, sent with the login. */
  readonly session: Readonly<Record<string, string | number>>;
  readonly log: Log;
  /** Called when the socket fails or closes. */
  readonly onSocketEnd: (error: Error | null) => void;
}

export interface PostgresClient {
  readonly sql: postgres.Sql;
  /** Closes the socket at once. */
  destroy(): void;
}

/** Makes a client. It connects with its first query. */
export function createPostgresClient(options: ClientOptions): PostgresClient {
  const { target, encryption, session, log, onSocketEnd } = options;
  const { user, password, database } = target;
  let socket: Socket | undefined;

  function connect(): Promise<Socket> {
    if (socket) throw new PostgresFault("CONNECTION_LOST");
    const { host, address, port } = target;
    socket = new WatchedSocket(onSocketEnd);
    socket.setNoDelay(true);
    socket.connect(
      host.startsWith("/") ? { path: `${host}/.s.PGSQL.${port}` } : { host: address ?? host, port },
    );
    return encrypt(socket, target, encryption);
  }

  const settings = {
    ...(user !== null && { user }),
    ...(password !== null && { password }),
    ...(database !== null && { database }),
    socket: connect,
    // The socket is encrypted already.
    ssl: false,
    max: 1,
    // Connection has time limits of its own, which include the login.
    connect_timeout: 0,
    max_lifetime: null,
    // It would be a query at each login whose failure nobody could handle.
    fetch_types: false,
    types: { json: { to: 114, from: [114, 3802], serialize: String, parse: parseJson } },
    keep_alive: 15,
    onnotice({ severity, code, message }: postgres.Notice) {
      log.debug({ severity, code, notice: message }, "PostgreSQL notice");
    },
    connection: {
      application_name: target.applicationName,
      TimeZone: "UTC",
      ...(target.options !== null && { options: target.options }),
      ...session,
    },
  };
  return { sql: postgres(settings), destroy: () => socket?.destroy() };
}

/** Reports its end before any listener is called, whichever listeners others have removed from it for TLS. */
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

/** A parameter in a form that postgres.js sends unchanged; the server infers its type. Objects are sent as JSON, strings as they are. */
export function toParameter(value: unknown): string | number | boolean | Uint8Array | null {
  if (value === undefined) throw new TypeError("a parameter of a statement is undefined");
  if (value === null || value instanceof Uint8Array) return value;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Date) return value.toISOString();
  return Array.isArray(value) ? makePgArray(value.map(toParameter)) : JSON.stringify(value);
}
