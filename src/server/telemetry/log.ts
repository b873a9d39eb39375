import { type Logger, pino } from "pino";

/** A structured log: each line is a JSON object. Use `log.child({ part: "relay" })` to add fields to all lines. */
export type Log = Logger;

/** Pino's levels, from most to least verbose, and `silent`. */
export const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

export type LogLevel = (typeof logLevels)[number];

/** Fields that may contain credentials. Their values are removed from logged objects. */
const secretFields = [
  "authorization",
  "password",
  "token",
  "secret",
  "secrets",
  "connectionParams",
  "cookie",
];

/**
 * Creates the log of the process, written to standard output.
 * Secrets are removed by name, up to three levels deep (OWASP Logging Cheat Sheet, "Data to exclude").
 */
export function createLog(level: LogLevel): Log {
  return pino({
    level,
    base: { pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: serializeError },
    formatters: { level: (label) => ({ level: label }) },
    redact: {
      paths: secretFields.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]),
      censor: "[removed]",
    },
  });
}

/** Selects the fields of an error to be logged. Errors of database drivers also contain the statement's parameters, i.e. user content. */
function serializeError(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name, message, stack, cause } = error;
  const code = "code" in error ? error.code : undefined;
  return { type: name, message, code, stack, ...(cause !== undefined && { cause: serializeError(cause) }) };
}

/** Removes credentials and the query from a URL, so that it may be logged. */
export function withoutCredentials(url: string): string {
  if (!URL.canParse(url)) return "[unreadable URL]";
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}
