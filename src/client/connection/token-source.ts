import { CarillonError } from "../carillon-error.js";
import { warnInDevelopment } from "../development-warning.js";
import { defaultTimeouts, withTimeout } from "./timeout.js";

/** Gives the server's users a token, see ClientOptions.token. */
export type TokenCallback = () => string | Promise<string>;

/** Caches what the token callback returns until the token is refused. */
export class TokenSource {
  readonly #callback: TokenCallback;
  readonly #timeout: number;
  #token: Promise<string> | null = null;
  /** The last problem that was reported: repeating it on every attempt would flood the console. */
  #reported = "";

  /** @param timeout milliseconds in which the callback has to answer */
  constructor(callback: TokenCallback, timeout = defaultTimeouts.token) {
    this.#callback = callback;
    this.#timeout = timeout;
  }

  /** The cached token, or a new one. @throws CarillonError TOKEN when the callback fails */
  async current(): Promise<string> {
    return await (this.#token ?? this.renew());
  }

  /** A new token. @throws CarillonError TOKEN when the callback fails */
  async renew(): Promise<string> {
    const renewal = this.#call();
    this.#token = renewal;
    try {
      return await renewal;
    } catch (error) {
      if (this.#token === renewal) this.#token = null;
      throw error;
    }
  }

  /** The parameters of a connection, with a new token. @throws CarillonError TOKEN when the callback fails */
  readonly connectionParams = async (): Promise<{ authorization: string }> => ({
    authorization: `Bearer ${await this.renew()}`,
  });

  async #call(): Promise<string> {
    try {
      const late = new TokenProblem(`it did not answer within ${this.#timeout} ms`);
      const token = requireToken(await withTimeout(callAsync(this.#callback), this.#timeout, late));
      this.#reported = "";
      return token;
    } catch (cause) {
      const message = `The token callback gave no token: ${describeTokenProblem(cause)}`;
      if (message !== this.#reported) warnInDevelopment(message);
      this.#reported = message;
      throw new CarillonError("TOKEN", message, { cause });
    }
  }
}

async function callAsync(callback: TokenCallback): Promise<unknown> {
  return await callback();
}

/** What a bearer token consists of (RFC 6750, section 2.1). */
const bearerToken = /^[\w\-.~+/]+=*$/;

function requireToken(value: unknown): string {
  if (typeof value === "string" && bearerToken.test(value)) return value;
  throw new TokenProblem(describeValue(value));
}

/** What came in the place of a token, and what to do. Never contains the value itself, which may contain a token. */
function describeValue(value: unknown): string {
  if (typeof value !== "string")
    return `it returned ${value === null ? "null" : typeof value}; return the token as a string`;
  const text = value.trim();
  if (text === "") return "it returned an empty string";
  if (text.startsWith("<")) return `it returned an HTML page; ${checkUrl}`;
  return "it returned text that is not a token; return the JWT alone, without Bearer";
}

/** Something that a token callback returned, or failed to return. Its message may be shown to anyone. */
class TokenProblem extends Error {
  override readonly name = "TokenProblem";
}

/** A development server or a proxy sends an HTML page for a path that it does not know. */
const checkUrl = "does the URL that it fetches exist, and does the proxy forward it?";

/** Longer runs of these characters may be a token, or a part of one. */
const possibleToken = /[\w\-.~+/=]{24,}/g;

/** What went wrong in a token callback, in words that contain no token. */
function describeTokenProblem(cause: unknown): string {
  if (cause instanceof TokenProblem) return cause.message;
  if (!(cause instanceof Error)) return "it threw no Error";
  // The message of JSON.parse quotes the text, which may be a token.
  if (cause.name === "SyntaxError") return `it got text that is not JSON; ${checkUrl}`;
  return `it threw ${cause.name}: ${cause.message.replaceAll(possibleToken, "…")}`;
}
