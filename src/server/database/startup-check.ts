/** Explains to the operator why the program cannot start on a PostgreSQL server. */
import { z } from "zod";
import { ConnectionUrlError, parseConnectionUrl } from "../config/connection-url.js";
import { StartupError } from "../config/startup-error.js";
import type { RunScript } from "./migrate.js";
import { codesOf } from "./postgres-errors.js";

/** What is wrong, and what to do. Neither contains a secret. */
export interface Explanation {
  readonly reason: string;
  readonly remedy: string;
}

/** The oldest supported major version: gen_random_uuid() is built in. */
const oldestVersion = 13;

export const serverFacts = z.object({
  version: z.string(),
  versionNumber: z.number(),
  encoding: z.string(),
  isStandby: z.boolean(),
  readOnly: z.boolean(),
});

/** Members of a JSON object with serverFacts, for statements that may add others. */
export const serverFactsSql = `
  'version', current_setting('server_version'),
  'versionNumber', current_setting('server_version_num')::int,
  'encoding', getdatabaseencoding(),
  'isStandby', pg_is_in_recovery(),
  'readOnly', current_setting('transaction_read_only')::boolean`;

const answer = z.tuple([z.object({ facts: serverFacts })]);

/**
 * Checks that the server can be used, before the first write.
 * @throws StartupError
 */
export async function checkServer(run: RunScript): Promise<void> {
  const [{ facts }] = answer.parse(await run(`select json_build_object(${serverFactsSql}) as "facts"`));
  const [problem] = explainServer(facts);
  if (problem !== undefined) throw new StartupError(`the database cannot be used: ${inOneLine(problem)}`);
}

/** What is wrong with a server that accepts connections. */
export function explainServer(facts: z.infer<typeof serverFacts>): Explanation[] {
  const found: Explanation[] = [];
  if (facts.versionNumber < oldestVersion * 10_000) {
    found.push({
      reason: `it is PostgreSQL ${facts.version}, which is too old`,
      remedy: `upgrade it to PostgreSQL ${oldestVersion} or later, or correct DATABASE_URL`,
    });
  }
  if (facts.encoding !== "UTF8") {
    found.push({
      reason: `it has the encoding ${facts.encoding}, which cannot hold every text`,
      remedy: "create one with ENCODING 'UTF8' TEMPLATE template0, and name it in DATABASE_URL",
    });
  }
  if (facts.isStandby) {
    found.push({
      reason: "it is a standby, which is read-only",
      remedy: "point DATABASE_URL at the primary, or promote this one",
    });
  } else if (facts.readOnly) {
    found.push({
      reason: "it is read-only",
      remedy: "point DATABASE_URL at the primary, or end default_transaction_read_only",
    });
  }
  return found;
}

/** An error of connecting or migrating as a StartupError, if the operator can solve it; other errors unchanged. */
export function explainStartupFailure(error: unknown, url: string): unknown {
  const explanation = explainConnection(error, url);
  return explanation === null ? error : new StartupError(inOneLine(explanation), { cause: error });
}

/** Why a server cannot be used, from the error of connecting; null: another error. */
export function explainConnection(error: unknown, url: string): Explanation | null {
  // Its message says what is wrong, and what is allowed.
  if (error instanceof ConnectionUrlError) return null;
  const codes = codesOf(error);
  const code = codes.at(-1) ?? "";
  const place = placeOf(url);
  const found = explanations.find(({ pattern }) => pattern.test(code));
  if (found === undefined) return null;
  const { reason, remedy } = found.explain({ ...place, code, error: innermost(error) });
  return { reason, remedy };
}

function inOneLine({ reason, remedy }: Explanation): string {
  return `${reason}: ${remedy}`;
}

interface Place {
  readonly server: string;
  readonly host: string;
  readonly user: string;
  readonly database: string;
  /** TLS is required. */
  readonly tls: boolean;
  /** TLS starts without a request for it. */
  readonly direct: boolean;
}

interface Failure extends Place {
  readonly code: string;
  readonly error: unknown;
}

interface Case {
  readonly pattern: RegExp;
  explain(failure: Failure): Explanation;
}

/** By the code of the innermost error: SQLSTATE, or a code of the operating system, OpenSSL, postgres.js or PostgresFault. */
const explanations: readonly Case[] = [
  {
    pattern: /^(ECONNREFUSED|ENOENT)$/,
    explain: ({ server, code }) => ({
      reason: `no database server listens at ${server} (${code})`,
      remedy: "start PostgreSQL, or correct DATABASE_URL",
    }),
  },
  {
    pattern: /^(ENOTFOUND|EAI_\w+)$/,
    explain: ({ host, code }) => ({
      reason: `the host of the database, ${host}, is unknown (${code})`,
      remedy: "correct DATABASE_URL, or see to the name server",
    }),
  },
  {
    pattern: /^(ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|CONNECT_TIMEOUT|QUERY_TIMEOUT)$/,
    explain: ({ server, code }) => ({
      reason: `the database server at ${server} does not answer (${code})`,
      remedy: "see whether PostgreSQL runs there and a firewall lets it be reached, or correct DATABASE_URL",
    }),
  },
  {
    pattern: /^(ECONNRESET|EPIPE|EPROTO|ERR_SSL_\w+|CONNECTION_(LOST|CLOSED|ENDED|DESTROYED))$/,
    explain: ({ server, code, tls, direct }) => ({
      reason: `what listens at ${server} closed the connection${tls ? " when asked for TLS" : ""} (${code})`,
      remedy: direct
        ? "take sslnegotiation out of DATABASE_URL where the server is older than PostgreSQL 17, or configure TLS there (ssl = on)"
        : tls
          ? "configure TLS in PostgreSQL (ssl = on), or take sslmode out of DATABASE_URL"
          : "see whether it is PostgreSQL, or correct DATABASE_URL",
    }),
  },
  {
    pattern: /^TLS_NOT_OFFERED$/,
    explain: ({ server }) => ({
      reason: `the database server at ${server} does not offer TLS, which sslmode in DATABASE_URL demands`,
      remedy: "configure TLS in PostgreSQL (ssl = on), or take sslmode out of DATABASE_URL",
    }),
  },
  {
    pattern: /^(CERT_\w+|ERR_TLS_CERT_ALTNAME_INVALID|UNABLE_TO_\w+|\w+_SIGNED_\w+|HOSTNAME_MISMATCH)$/,
    explain: ({ server, code }) => ({
      reason: `the certificate of the database server at ${server} is not trusted (${code})`,
      remedy:
        "name the file of its authority in sslrootcert of DATABASE_URL, and its host as the certificate does, or set sslmode=require without sslrootcert, which checks neither",
    }),
  },
  {
    pattern: /^3D000$/,
    explain: ({ database, server }) => ({
      reason: `there is no database ${database} at ${server}`,
      remedy: "create the database, or correct its name in DATABASE_URL",
    }),
  },
  {
    pattern: /^(28P01|28000|SASL_SIGNATURE_MISMATCH|AUTH_TYPE_NOT_IMPLEMENTED)$/,
    explain: explainLogin,
  },
  {
    pattern: /^53300$/,
    explain: ({ server }) => ({
      reason: `the database server at ${server} has too many connections already`,
      remedy: "raise max_connections of PostgreSQL, or lower DATABASE_POOL_SIZE of its instances",
    }),
  },
  {
    pattern: /^57P0[1-5]$/,
    explain: ({ server, code }) => ({
      reason: `the database server at ${server} is starting, stopping or in recovery (${code})`,
      remedy: "start again once PostgreSQL accepts connections",
    }),
  },
  {
    pattern: /^42501$/,
    explain: ({ user, database }) => ({
      reason: `the user ${user} may not create or use the tables in the database ${database}`,
      remedy:
        `GRANT CREATE ON DATABASE ${database} and ON SCHEMA public to that user, ` +
        "or run carillon migrate with a DATABASE_URL of the owner and GRANT the use of its tables",
    }),
  },
  {
    pattern: /^(25006|READ_ONLY)$/,
    explain: () => ({
      reason: "the database is read-only",
      remedy: "point DATABASE_URL at the primary, or end default_transaction_read_only",
    }),
  },
  {
    pattern: /^(53\w{3}|58030)$/,
    explain: ({ server, code }) => ({
      reason: `the database server at ${server} is out of disk space or memory (${code})`,
      remedy: "see its log",
    }),
  },
  {
    pattern: /^(55P03|57014)$/,
    explain: ({ code }) => ({
      reason: `another program has held a lock in the database for too long (${code})`,
      remedy: "see what other instances do, or pg_stat_activity, and start again",
    }),
  },
];

/** The source routine in the error tells why the login failed; the message may be in any language. */
function explainLogin({ user, database, code, error, server, tls }: Failure): Explanation {
  const remedy = "correct the user and the password in DATABASE_URL";
  const { routine, message } = loginError(error);
  if (routine === "InitializeSessionUserId") {
    return {
      reason: `there is no user ${user} in the database server at ${server}, or it may not log in`,
      remedy,
    };
  }
  if (routine === "ClientAuthentication" && !tls && /no encryption|SSL off/i.test(message)) {
    return {
      reason: `the database server at ${server} does not let the user ${user} in without TLS, or not from this address (${code})`,
      remedy: "add sslmode=require to DATABASE_URL, or allow it in pg_hba.conf",
    };
  }
  if (routine === "ClientAuthentication") {
    return {
      reason: `the database server at ${server} does not let the user ${user} into the database ${database} from this address (${code})`,
      remedy: "allow it in pg_hba.conf, or correct DATABASE_URL",
    };
  }
  return {
    reason: `the database server at ${server} refuses the password of the user ${user} (${code})`,
    remedy,
  };
}

function loginError(error: unknown): { routine: string; message: string } {
  if (!(error instanceof Error)) return { routine: "", message: "" };
  return { routine: "routine" in error ? String(error.routine) : "", message: error.message };
}

function innermost(error: unknown): unknown {
  let link = error;
  while (link instanceof Error && link.cause instanceof Error) link = link.cause;
  return link;
}

function placeOf(url: string): Place {
  const { host, port, user, database, tls } = parseConnectionUrl(url);
  const isFile = host.startsWith("/");
  const name = user ?? "of this process";
  return {
    host,
    server: isFile ? host : `${host.includes(":") ? `[${host}]` : host}:${port}`,
    user: name,
    database: database ?? name,
    tls: !isFile && !["disable", "allow", "prefer"].includes(tls.mode),
    direct: tls.direct,
  };
}
