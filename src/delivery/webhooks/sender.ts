import type { Dispatcher } from "undici";
import { EndpointPools } from "./endpoint-pools.js";
import type { WebhookEndpoint } from "./endpoint.js";
import { addressCheck, guardedConnector } from "./guard.js";
import { type Answer, type Outcome, outcomeOf, outcomeWithoutAnswer } from "./outcome.js";
import { signatures } from "./secret.js";

export interface SenderOptions {
  /** Networks in CIDR notation that webhooks may connect to besides public addresses. */
  readonly allowedNetworks: readonly string[];
  /** Until a socket is open, ms. */
  readonly connectTimeout: number;
  /** Until the answer, ms, the wait for a free socket and its opening included. */
  readonly timeout: number;
  /** Calls to one endpoint that may be under way at once; more wait. */
  readonly concurrency: number;
  /** How it introduces itself. */
  readonly userAgent: string;
}

/** One call of a webhook. */
export interface WebhookCall {
  readonly endpoint: Pick<WebhookEndpoint, "id" | "url" | "secrets">;
  /** The same in each attempt: receivers tell repeats by it. */
  readonly messageId: string;
  /** JSON in UTF-8. */
  readonly body: Buffer;
}

/** So much is read of an answer: its first line may say what was wrong. */
const maxAnswerBytes = 1024;

/** The status is the answer: whoever drips a body after it is not listened to for longer than this, ms. */
const bodyTimeout = 1000;

/**
 * Posts to webhooks, signed by the Standard Webhooks specification. A call is one request: it follows no redirect, repeats
 * nothing, and takes its time limit and no longer, whatever the endpoint does. Disposing it ends what is under way.
 */
export class WebhookSender implements AsyncDisposable {
  readonly #options: SenderOptions;
  readonly #pools: EndpointPools;

  constructor(options: SenderOptions) {
    const connect = guardedConnector(addressCheck(options.allowedNetworks), options.connectTimeout);
    this.#options = options;
    this.#pools = new EndpointPools(connect, options.concurrency);
  }

  /**
   * Makes a call, and says what became of it.
   * @throws only the reason of `signal`, when that ends the call: what the endpoint made of it is unknown
   */
  async send(call: WebhookCall, signal?: AbortSignal): Promise<Outcome> {
    signal?.throwIfAborted();
    const begin = performance.now();
    const latency = () => Math.round(performance.now() - begin);
    const ending = endOf(this.#options.timeout, signal);
    try {
      const response = await this.#post(call, ending.signal);
      const answeredAfter = latency();
      return outcomeOf(await readAnswer(response), answeredAfter);
    } catch (error) {
      signal?.throwIfAborted();
      return outcomeWithoutAnswer(error, latency());
    } finally {
      ending.release();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pools.destroy();
  }

  #post({ endpoint, messageId, body }: WebhookCall, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    const { origin, pathname, search } = new URL(endpoint.url);
    const timestamp = Math.floor(Date.now() / 1000);
    return this.#pools.get(endpoint.id, origin).request({
      path: `${pathname}${search}`,
      method: "POST",
      headers: {
        "content-type": "application/json",
        "user-agent": this.#options.userAgent,
        "webhook-id": messageId,
        "webhook-timestamp": String(timestamp),
        "webhook-signature": signatures(endpoint.secrets, { messageId, timestamp, body }),
      },
      body,
      signal,
      // The signal ends the call.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }
}

/** A signal for one call: AbortSignal.any would leave a trace of each in the signal that lives on. */
function endOf(timeout: number, outer: AbortSignal | undefined) {
  const ending = new AbortController();
  const abort = () => ending.abort(outer?.reason);
  const timer = setTimeout(() => ending.abort(new Error(`no answer within ${timeout} ms`)), timeout);
  outer?.addEventListener("abort", abort, { once: true });
  return {
    signal: ending.signal,
    release() {
      clearTimeout(timer);
      outer?.removeEventListener("abort", abort);
    },
  };
}

async function readAnswer({ statusCode, headers, body }: Dispatcher.ResponseData): Promise<Answer> {
  const retryAfter = headers["retry-after"];
  return {
    status: statusCode,
    retryAfter: typeof retryAfter === "string" ? retryAfter : null,
    body: await beginningOf(body),
  };
}

/** Its first bytes, or what came of them; the rest is dropped with its socket. */
async function beginningOf(body: Dispatcher.ResponseData["body"]): Promise<string> {
  const timer = setTimeout(() => body.destroy(), bodyTimeout);
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    // Without an encoding the chunks are Buffers; the type of a stream does not say so.
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.byteLength;
      if (bytes >= maxAnswerBytes) break;
    }
  } catch {
    // The status has come, and says what matters.
  } finally {
    clearTimeout(timer);
  }
  return Buffer.concat(chunks).toString("utf8", 0, maxAnswerBytes);
}
