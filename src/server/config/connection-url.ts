import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import type { SecureVersion } from "node:tls";
import { z } from "zod";
import { StartupError } from "./startup-error.js";
import { wholeNumber } from "./whole-number.js";

/**
 * DATABASE_URL as libpq understands it, and as providers and ORMs print it.
 * https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS
 */

/** Where and how to connect. */
export interface ConnectionTarget {
  /** A name or an address, or the folder of a Unix domain socket. */
  readonly host: string;
  /** The address to connect to; null: the host is looked up. */
  readonly address: string | null;
  readonly port: number;
  /** null: PGUSER, or the name of the system's user. */
  readonly user: string | null;
  /** null: PGPASSWORD, or none. */
  readonly password: string | null;
  /** null: the same as the user. */
  readonly database: string | null;
  readonly applicationName: string;
  /** Settings for the session in the form of `postgres`' command line, e.g. `-c search_path=notifications`. */
  readonly options: string | null;
  /** Time limit of connecting and logging in, ms; null: not given. */
  readonly connectTimeout: number | null;
  /** What the server must accept. */
  readonly sessionAttributes: "any" | "read-write" | "primary";
  /** Whether there is a transaction pooler; false: it is detected. */
  readonly transactionPooler: boolean;
  readonly tls: TlsSettings;
}

export type SslMode = (typeof sslModes)[number];

export interface TlsSettings {
  readonly mode: SslMode;
  /** TLS from the first byte, without a request for it. */
  readonly direct: boolean;
  /** null: the authorities that Node.js trusts. */
  readonly ca: string | null;
  /** Whether the certificate must be of a trusted authority, and for this host. */
  readonly verifies: "nothing" | "ca" | "host";
  readonly cert: string | null;
  readonly key: string | null;
  readonly passphrase: string | null;
  readonly minVersion: SecureVersion | null;
  readonly maxVersion: SecureVersion | null;
  /** Server name indication, sent in plain text; null: none. */
  readonly serverName: string | null;
}

/** DATABASE_URL cannot be used. */
export class ConnectionUrlError extends StartupError {
  override readonly name = "ConnectionUrlError";

  /** @param problem what is wrong: follows the name of the variable, and contains no secret */
  constructor(
    readonly problem: string,
    options?: ErrorOptions,
  ) {
    super(`DATABASE_URL ${problem}`, options);
  }
}

const sslModes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"] as const;
const tlsVersions = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"] as const;

function choice<const T extends string>(values: readonly T[], why = "") {
  return z.enum(values, `must be ${values.join(" or ")}${why}`).optional();
}

const text = z.string().optional();
const flag = choice(["true", "false"]);

/** Parameters of other programs, which are accepted and ignored. */
const ignored = {
  connection_limit: text,
  pool_timeout: text,
  socket_timeout: text,
  statement_cache_size: text,
  single_use_connections: text,
  supa: text,
  uselibpqcompat: text,
};

const parameters = z.strictObject({
  user: text,
  password: text,
  host: text,
  hostaddr: z
    .string()
    .refine((value) => isIP(value) !== 0, "must be an IP address")
    .optional(),
  port: wholeNumber(1, 65_535).optional(),
  dbname: text,
  sslmode: choice(sslModes),
  ssl: choice(["true"], "; sslmode says more"),
  sslnegotiation: choice(["postgres", "direct"]),
  sslrootcert: text,
  sslcert: text,
  sslkey: text,
  sslpassword: text,
  sslsni: choice(["0", "1"]),
  ssl_min_protocol_version: choice(tlsVersions),
  ssl_max_protocol_version: choice(tlsVersions),
  channel_binding: choice(
    ["disable", "prefer"],
    ": PostgreSQL's driver for Node.js has none; sslmode=verify-full makes sure of the server",
  ),
  gssencmode: choice(["disable", "prefer"]),
  options: text,
  application_name: text,
  client_encoding: choice(["UTF8", "utf8", "auto"]),
  connect_timeout: wholeNumber(1, 600).optional(),
  target_session_attrs: choice(["any", "read-write", "primary"], ", since the service writes"),
  pgbouncer: flag,
  prepare: flag,
  schema: choice(["public"], ", in which the tables are"),
  ...ignored,
});

type Parameters = z.output<typeof parameters>;

/**
 * Reads a URL.
 * @throws ConnectionUrlError that names the parameter that is wrong, and what is allowed
 */
export function parseConnectionUrl(url: string): ConnectionTarget {
  if (!/^postgres(ql)?:\/\//.test(url)) {
    throw new ConnectionUrlError("must be a URL that begins with postgres:// or postgresql://");
  }
  if (/\s/.test(url)) {
    throw new ConnectionUrlError("must be a URL without blanks: write %20 for one in a name or a password");
  }
  const parts = /^postgres(?:ql)?:\/\/(?:([^/?#]*)@)?([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/.exec(url);
  if (parts === null) throw unreadable();
  const [, credentials = "", hostAndPort = "", path = "", query = ""] = parts;
  if (hostAndPort.includes(",")) throw severalHosts();
  const place = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(hostAndPort);
  if (place === null || Number(place[2]) > 65_535) throw unreadable();
  const [user, ...password] = credentials.split(":");
  const given = parseQuery({
    user: decode(user ?? ""),
    password: decode(password.join(":")),
    host: decode(place[1]?.replaceAll(/[[\]]/g, "") ?? ""),
    port: place[2] ?? "",
    dbname: decode(path),
    ...Object.fromEntries(query.split("&").map(toEntry)),
  });
  const host = given.host ?? given.hostaddr ?? "localhost";
  if (host.includes(",")) throw severalHosts();
  return {
    host,
    address: given.hostaddr ?? null,
    port: given.port ?? 5432,
    user: given.user ?? null,
    password: given.password ?? null,
    database: given.dbname ?? null,
    applicationName: given.application_name ?? "carillon",
    options: given.options ?? null,
    connectTimeout: given.connect_timeout === undefined ? null : given.connect_timeout * 1000,
    sessionAttributes: given.target_session_attrs ?? "any",
    transactionPooler: given.pgbouncer === "true" || given.prepare === "false",
    tls: tlsOf(given, host),
  };
}

/** Empty parameters count as not given. */
function parseQuery(given: Readonly<Record<string, string>>): Parameters {
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ""));
  const parsed = parameters.safeParse(set);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue?.code !== "unrecognized_keys") {
    throw new ConnectionUrlError(`parameter ${String(issue?.path[0])} ${issue?.message}`);
  }
  const known = Object.keys(parameters.shape).filter((name) => !(name in ignored));
  const name = issue.keys[0]?.replaceAll(/[^\w.-]/g, "?").slice(0, 50);
  throw new ConnectionUrlError(`parameter ${name} is not known; known are ${known.join(", ")}`);
}

function tlsOf(given: Parameters, host: string): TlsSettings {
  const usesSystem = given.sslrootcert === "system";
  const mode = given.sslmode ?? (usesSystem ? "verify-full" : given.ssl === "true" ? "require" : "prefer");
  if (usesSystem && mode !== "verify-full") {
    throw new ConnectionUrlError("parameter sslrootcert=system goes with sslmode=verify-full alone");
  }
  const direct = given.sslnegotiation === "direct";
  if (direct && ["disable", "allow", "prefer"].includes(mode)) {
    throw new ConnectionUrlError(
      "parameter sslnegotiation=direct goes with sslmode=require, verify-ca or verify-full alone",
    );
  }
  const ca = given.sslrootcert === undefined || usesSystem ? null : readPem("sslrootcert", given.sslrootcert);
  const chain = mode === "verify-ca" || ca !== null ? "ca" : "nothing";
  return {
    mode,
    direct,
    ca,
    verifies: mode === "verify-full" ? "host" : chain,
    cert: given.sslcert === undefined ? null : readPem("sslcert", given.sslcert),
    key: given.sslkey === undefined ? null : readPem("sslkey", given.sslkey),
    passphrase: given.sslpassword ?? null,
    minVersion: given.ssl_min_protocol_version ?? null,
    maxVersion: given.ssl_max_protocol_version ?? null,
    serverName: given.sslsni === "0" || isIP(host) !== 0 ? null : host,
  };
}

function readPem(parameter: string, file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new ConnectionUrlError(`parameter ${parameter} must be a file that can be read, not ${file}`);
  }
}

function toEntry(pair: string): [string, string] {
  const [name = "", ...value] = pair.split("=");
  return [decode(name), decode(value.join("="))];
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw unreadable();
  }
}

function unreadable(): ConnectionUrlError {
  return new ConnectionUrlError(
    "must be a URL such as postgres://user:password@host:5432/database; write %40 for @, %2F for /, %23 for #, %3F for ? and %25 for % in a name or a password",
  );
}

function severalHosts(): ConnectionUrlError {
  return new ConnectionUrlError(
    "must name one host, several are not supported: name the primary, or a proxy that leads to it",
  );
}
