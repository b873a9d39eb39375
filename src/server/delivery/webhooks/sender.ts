import type { Dispatcher } from "undici";
import { settlesWithin } from "../../scheduling/timeout.js";
import { EndpointPools } from "./endpoint-pools.js";
import type { WebhookEndpoint } from "./endpoint.js";
import { addressCheck, guardedConnector } from "./address-guard.js";
import { type WebhookResponse, type Outcome, outcomeOf, outcomeOfFailure } from "./outcome.js";
import { signatures } from "./signature.js";

export interface SenderOptions {
  /** Networks in CIDR notation that webhooks may connect to besides public addresses. */
  readonly allowedNetworks: readonly string[];
  /** Until a socket is open, ms. */
  readonly connectTimeout: number;
  /** Until the response, including the wait for a socket and the connection, ms. */
  readonly timeout: number;
  /** Concurrent calls to one endpoint; further calls wait. */
  readonly concurrency: number;
  /** The header `user-agent`. */
  readonly userAgent: string;
}

/** One call of a webhook. */
export interface WebhookCall {
  readonly endpoint: Pick<WebhookEndpoint, "id" | "url" | "secrets">;
  /** The same in each attempt: receivers recognize repeats by it. */
  readonly messageId: string;
  /** JSON in UTF-8. */
  readonly body: Buffer;
}

/** Bytes that are read of a response: its first line may say what is wrong. */
const maxResponseBytes = 1024;

/** How long the body is read after the status, which is all that matters, ms. */
const bodyTimeout = 1000;

/**
 * Posts to webhooks, signed by the Standard Webhooks specification. A call is one request: it follows no redirect, is not
 * repeated, and ends within its time limit, whatever the endpoint does. Disposing cancels calls in progress.
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
   * Makes a call.
   * @throws only the reason of `signal`, when it cancels the call: whether the endpoint received it is unknown
   */
  async send(call: WebhookCall, signal?: AbortSignal): Promise<Outcome> {
    signal?.throwIfAborted();
    const begin = performance.now();
    const latency = () => Math.round(performance.now() - begin);
    // One signal for each call: AbortSignal.any would leave an entry for each in the long-lived signal.
    const limit = new AbortController();
    const cancel = () => limit.abort(signal?.reason);
    signal?.addEventListener("abort", cancel, { once: true });
    const outcome = this.#makeCall(call, limit.signal, latency);
    try {
      const { timeout } = this.#options;
      if (!(await settlesWithin(timeout, outcome))) limit.abort(new Error(`no answer within ${timeout} ms`));
      return await outcome;
    } catch (error) {
      signal?.throwIfAborted();
      return outcomeOfFailure(error, latency());
    } finally {
      signal?.removeEventListener("abort", cancel);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pools.destroy();
  }

  async #makeCall(call: WebhookCall, signal: AbortSignal, latency: () => number): Promise<Outcome> {
    const response = await this.#post(call, signal);
    const respondedAfter = latency();
    return outcomeOf(await readResponse(response), respondedAfter);
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
      // The signal limits the call.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }
}

async function readResponse({
  statusCode,
  headers,
  body,
}: Dispatcher.ResponseData): Promise<WebhookResponse> {
  const retryAfter = headers["retry-after"];
  return {
    status: statusCode,
    retryAfter: typeof retryAfter === "string" ? retryAfter : null,
    body: await beginningOf(body),
  };
}

/** The first bytes, or fewer when the body fails or is slow; the rest is dropped with the socket. */
async function beginningOf(body: Dispatcher.ResponseData["body"]): Promise<string> {
  const chunks = readChunks(body);
  if (!(await settlesWithin(bodyTimeout, chunks))) body.destroy();
  return Buffer.concat(await chunks).toString("utf8", 0, maxResponseBytes);
}

/** Never rejects. */
async function readChunks(body: Dispatcher.ResponseData["body"]): Promise<readonly Buffer[]> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    // Without an encoding the chunks are Buffers; the type of a stream does not say so.
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.byteLength;
      if (bytes >= maxResponseBytes) break;
    }
  } catch {
    // The status is known, which is all that matters.
  }
  return chunks;
}
