import { CarillonError } from "./errors.js";
import type { TypedDocumentString } from "./generated-text.js";
import type { Tokens } from "./tokens.js";

/** Milliseconds after which a request counts as lost. */
const requestTimeout = 30_000;

export interface HttpOptions {
  readonly url: string;
  readonly tokens: Tokens;
  readonly fetch: typeof fetch;
  /** Ends what is under way. */
  readonly signal: AbortSignal;
}

/**
 * Sends a query or mutation (GraphQL over HTTP). A token that is refused is renewed, once.
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
    throw new CarillonError("NETWORK", "There was no answer", { cause: error });
  });
  if (!isAnswer<R>(answer)) throw new CarillonError("NETWORK", "The answer is not one of GraphQL");
  const failure = answer.errors?.[0];
  if (failure !== undefined) {
    throw new CarillonError(failure.extensions?.code ?? "INTERNAL_SERVER_ERROR", failure.message);
  }
  if (answer.data === undefined || answer.data === null) {
    throw new CarillonError("NETWORK", "The answer has no data");
  }
  return answer.data;
}

/** What GraphQL over HTTP answers. */
interface Answer<R> {
  readonly data?: R | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

/** What the data is like was checked when the document was compiled against the schema. */
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
    signal: AbortSignal.any([options.signal, AbortSignal.timeout(requestTimeout)]),
  });
  return await response.json();
}

export function disposed(): CarillonError {
  return new CarillonError("DISPOSED", "The client was disposed of");
}
