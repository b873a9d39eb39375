import { CarillonError, graphqlError } from "./carillon-error.js";
import { warnInDevelopment } from "./development-warning.js";
import type { TypedDocumentString } from "./generated-text.js";
import type { TokenSource } from "./connection/token-source.js";

export interface HttpOptions {
  readonly url: string;
  readonly tokens: TokenSource;
  readonly fetch: typeof fetch;
  /** Milliseconds in which the server has to answer. */
  readonly timeout: number;
  /** Aborts requests in progress. */
  readonly signal: AbortSignal;
}

/**
 * Sends a query or mutation (GraphQL over HTTP). A token that is refused is renewed once.
 * @throws CarillonError
 */
export async function sendRequest<R, V>(
  options: HttpOptions,
  document: TypedDocumentString<R, V>,
  variables: V,
): Promise<R> {
  const body = JSON.stringify({ query: document.toString(), variables });
  try {
    return await sendOnce<R>(options, body, await options.tokens.current());
  } catch (error) {
    if (!(error instanceof CarillonError) || error.code !== "UNAUTHENTICATED") throw error;
    return await sendOnce<R>(options, body, await options.tokens.renew());
  }
}

async function sendOnce<R>(options: HttpOptions, body: string, token: string): Promise<R> {
  const answer = await post(options, body, token).catch((error: unknown) => {
    if (options.signal.aborted) throw disposed();
    if (error instanceof CarillonError) throw error;
    throw new CarillonError("NETWORK", `No answer from ${options.url}`, { cause: error });
  });
  if (!isAnswer<R>(answer)) throw notGraphQL(options.url, 200, null);
  if (answer.errors?.[0] !== undefined || answer.data === undefined || answer.data === null)
    throw graphqlError(answer.errors ?? []);
  return answer.data;
}

/** What GraphQL over HTTP answers. */
interface Answer<R> {
  readonly data?: R | null;
  readonly errors?: readonly unknown[];
}

/** The shape of the data was checked when the document was compiled against the schema. */
function isAnswer<R>(value: unknown): value is Answer<R> {
  return typeof value === "object" && value !== null && ("data" in value || "errors" in value);
}

async function post(options: HttpOptions, body: string, token: string): Promise<unknown> {
  // Browsers refuse a fetch that is called as a method of something else.
  const { fetch } = options;
  const response = await fetch(options.url, {
    method: "POST",
    headers: {
      accept: "application/graphql-response+json, application/json",
      "content-type": "application/json",
      authorization: `Bearer ${token}`,
    },
    body,
    signal: AbortSignal.any([options.signal, AbortSignal.timeout(options.timeout)]),
  });
  const answer = await response.text();
  try {
    return JSON.parse(answer);
  } catch (error) {
    if (response.status === 413) throw tooLarge(body.length, error);
    throw notGraphQL(options.url, response.status, error);
  }
}

/** What the console has been told: a failed load is retried, and fails in the same way. */
const reported = new Set<string>();

/** A proxy, or another server, has answered with a page of its own. */
function notGraphQL(url: string, status: number, cause: unknown): CarillonError {
  const code = { 401: "UNAUTHENTICATED", 403: "FORBIDDEN" }[status] ?? "NETWORK";
  const isElsewhere = [200, 404, 405].includes(status);
  const hint = isElsewhere ? "; is this the URL of Carillon, and does the proxy forward it?" : "";
  const message = `The answer from ${url} is not GraphQL (status ${status})${hint}`;
  if (isElsewhere && !reported.has(message)) {
    reported.add(message);
    warnInDevelopment(message);
  }
  return new CarillonError(code, message, { cause });
}

function tooLarge(length: number, cause: unknown): CarillonError {
  const message = `The request has about ${length} bytes, and a proxy before the server accepts less (status 413). Send it in parts.`;
  return new CarillonError("MESSAGE_TOO_LARGE", message, { cause });
}

export function disposed(): CarillonError {
  return new CarillonError("DISPOSED", "The client was disposed of");
}
