/** A statement that the server did not answer, or was not sent. `cause` is the reason, where it is known. */
export class PostgresFault extends Error {
  override readonly name = "PostgresFault";

  constructor(
    readonly code:
      | "CONNECT_FAILED"
      | "CONNECTION_LOST"
      | "QUERY_TIMEOUT"
      | "QUEUE_TIMEOUT"
      | "QUEUE_FULL"
      | "READ_ONLY"
      | "POOL_CLOSED",
    options?: ErrorOptions,
  ) {
    super(`PostgreSQL: ${code}`, options);
  }
}

/**
 * First SQLSTATEs: connection faults (class 08), lack of resources (53), serialization, deadlock, locks, shutdown (57P), cancel,
 * read-only, a failing disk, and a question to a standby that only a primary answers (55000). Then codes of the operating system;
 * then codes of postgres.js and PostgresFault.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const transientCodes = [
  /^(08...|53...|40001|40P01|55000|55P03|57P0[1-5]|57014|25006|25P03|58030)$/,
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|ENOTFOUND)$/,
  /^(CONNECT_TIMEOUT|CONNECTION_(CLOSED|DESTROYED|ENDED|LOST)|CONNECT_FAILED|QU(ERY|EUE)_TIMEOUT|QUEUE_FULL|READ_ONLY|POOL_CLOSED)$/,
];

/** The transient codes after which the statement certainly had no effect: the server rolled it back, or never received it. */
const abortedCodes = [
  /^(40001|40P01|55000|55P03|57014|57P03|53...|25006)$/,
  /^(ECONNREFUSED|CONNECT_TIMEOUT|CONNECTION_ENDED|CONNECT_FAILED|QUEUE_TIMEOUT|QUEUE_FULL|READ_ONLY)$/,
];

/** Whether the same statement may succeed later. */
export function isTransient(error: unknown): boolean {
  // The innermost code is the reason: a CONNECT_FAILED with a wrong password (28P01) is permanent.
  const code = codesOf(error).at(-1) ?? "";
  return transientCodes.some((pattern) => pattern.test(code));
}

/** Whether the error is transient and the statement certainly had no effect, so that it can be sent again. */
export function isAborted(error: unknown): boolean {
  return (
    isTransient(error) && codesOf(error).some((code) => abortedCodes.some((pattern) => pattern.test(code)))
  );
}

/** Whether the server chose this statement to end a deadlock. */
export function isDeadlock(error: unknown): boolean {
  return codesOf(error).at(-1) === "40P01";
}

/** The codes of an error and of its causes, the outermost first. They contain no secret. */
export function codesOf(error: unknown): string[] {
  const codes: string[] = [];
  for (let link = error; link instanceof Error; link = link.cause) {
    if ("code" in link && typeof link.code === "string") codes.push(link.code);
  }
  return codes;
}
