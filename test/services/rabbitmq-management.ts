/** Calls the management API at `url`, which has the user and the password. A path is relative to /api/. */
export async function callManagement(
  url: string,
  method: "GET" | "PUT" | "DELETE",
  path: string,
  body?: object,
): Promise<Response> {
  const { origin, username, password } = new URL(url);
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return fetch(`${origin}/api/${path}`, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(credentials).toString("base64")}`,
      "content-type": "application/json",
    },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  });
}

/** Whether there is a management API at this URL that takes its user. */
export async function answersManagement(url: string): Promise<boolean> {
  return callManagement(url, "GET", "vhosts").then(
    ({ ok }) => ok,
    () => false,
  );
}
