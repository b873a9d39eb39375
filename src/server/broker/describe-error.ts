/**
 * Describes an error in one line, for logs, health and messages. The messages of amqplib's errors contain hosts, ports and
 * reply texts, but no URL and no password; other properties are left out.
 */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // A failed connection to a name with several addresses is an AggregateError with an empty message.
  const text = error instanceof AggregateError ? error.errors.map(describeError).join("; ") : error.message;
  const code = "code" in error && typeof error.code === "string" ? error.code : error.name;
  return (text === "" ? code : text).replaceAll(/\s+/g, " ");
}
