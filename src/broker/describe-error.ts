/**
 * One line on an error, for logs, health and messages. amqplib's errors name hosts, ports and reply texts, but never a URL
 * or a password; their other properties are left out all the same.
 */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Connecting to a name with several addresses fails with an AggregateError whose own message is empty.
  const text = error instanceof AggregateError ? error.errors.map(describeError).join("; ") : error.message;
  const code = "code" in error && typeof error.code === "string" ? error.code : error.name;
  return (text === "" ? code : text).replaceAll(/\s+/g, " ");
}
