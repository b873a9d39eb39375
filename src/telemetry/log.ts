import { type Logger, pino } from "pino";

/** Structured log. Every line is one JSON object; bind context with `log.child({ part: "relay" })`. */
export type Log = Logger;

/** Pino's levels, from the most to the least talkative, and `silent`. */
export const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

export type LogLevel = (typeof logLevels)[number];

/** Fields that may carry a credential: they are cut out wherever they stand in a logged object. */
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
 * Makes the process's log, written to standard output.
 * Secrets are removed by name, up to three levels deep (OWASP Logging Cheat Sheet, "Data to exclude").
 */
export function createLog(level: LogLevel): Log {
  return pino({
    level,
    base: { pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: describe },
    formatters: { level: (label) => ({ level: label }) },
    redact: {
      paths: secretFields.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]),
      censor: "[removed]",
    },
  });
}

/**
 * What may be logged of an error: a driver's error also bears the statement's parameters, which are what users wrote.
 */
function describe(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name, message, stack, cause } = error;
  const code = "code" in error ? error.code : undefined;
  return { type: name, message, code, stack, ...(cause !== undefined && { cause: describe(cause) }) };
}

/** The part of a URL that may be logged: scheme, host, port and path, never the credentials or the query. */
export function withoutCredentials(url: string): string {
  if (!URL.canParse(url)) return "[unreadable URL]";
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}
