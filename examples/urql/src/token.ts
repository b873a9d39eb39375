/**
 * In your application, your backend signs a token for the user who is logged in. Here the service does so itself, as it does in
 * development only.
 */
export async function fetchToken(userId: string): Promise<string> {
  const response = await fetch(`/demo/token?${new URLSearchParams({ userId }).toString()}`);
  if (!response.ok) throw new Error(`There is no token: ${response.status}`);
  const answer: unknown = await response.json();
  if (
    typeof answer === "object" &&
    answer !== null &&
    "token" in answer &&
    typeof answer.token === "string"
  ) {
    return answer.token;
  }
  throw new Error("The answer has no token");
}
