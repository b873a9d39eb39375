/**
 * Fetches a token from this server, which issues them in development. A real application asks its own backend, which knows who is
 * logged in.
 * @param who `userId=alice` or `sender=true`
 */
export async function demoToken(who: Record<string, string>): Promise<string> {
  const response = await fetch(`/demo/token?${new URLSearchParams(who).toString()}`);
  const answer: unknown = await response.json();
  if (
    typeof answer === "object" &&
    answer !== null &&
    "token" in answer &&
    typeof answer.token === "string"
  ) {
    return answer.token;
  }
  throw new Error(`The server gave no token (status ${response.status})`);
}
