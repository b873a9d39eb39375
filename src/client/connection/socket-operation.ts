import type {
  Client,
  FormattedExecutionResult,
  JSONTransform,
  Sink,
  SubscribePayload,
} from "./graphql-ws-types.js";
import { callSafely } from "../call-safely.js";
import { CarillonError } from "../carillon-error.js";
import { messageBytes } from "./message-size.js";
import { type OperationKind, operationKind } from "./operation-kind.js";

/** Refusals in a row after which a subscription fails: a single one may have been another operation's fault. */
const maxRefusals = 2;

/** Connections lost in a row before its answer after which a query fails: it may be what ends them. */
const maxLosses = 3;

export interface SocketOperationOptions<D, E> {
  readonly payload: SubscribePayload;
  readonly sink: Sink<FormattedExecutionResult<D, E>>;
  readonly replacer: JSONTransform | undefined;
  readonly onResult: () => void;
  /** It has completed, failed or been unsubscribed. */
  readonly onEnd: () => void;
}

/** How an operation's connection was lost. */
export interface Loss {
  /** The close code and reason, for an error message. */
  readonly reason: string;
  /** Whether the server may have received the operation. */
  readonly wasSent: boolean;
  /** Why the message of the operation is refused, when it is the one to blame. */
  readonly refusal: CarillonError | null;
}

/**
 * A GraphQL operation that outlives its connections:
 *
 *     waiting ──open──▶ on a connection ──result, error, complete──▶ ended
 *        ▲                   │
 *        └───────lose────────┘   unless sending it again would repeat a mutation or a refused message: then it fails
 */
export class SocketOperation<D = unknown, E = unknown> {
  readonly kind: OperationKind;
  readonly #options: SocketOperationOptions<D, E>;
  #payload: SubscribePayload;
  /** Detaches it from its connection; null while it waits for one. */
  #detach: (() => void) | null = null;
  #hasEnded = false;
  /** Has a result arrived over the present connection? Then its message was accepted. */
  #isAnswered = false;
  #refusals = 0;
  #losses = 0;

  constructor(options: SocketOperationOptions<D, E>) {
    this.#options = options;
    this.#payload = options.payload;
    this.kind = operationKind(options.payload);
  }

  /** Is it on a connection? */
  get isOpen(): boolean {
    return this.#detach !== null;
  }

  /** Is it on a connection, but not answered there yet? */
  get isUnanswered(): boolean {
    return this.isOpen && !this.#isAnswered;
  }

  /** The size of its message, which grows and shrinks with the cursor in it. */
  get bytes(): number {
    return messageBytes(this.#payload, this.#options.replacer);
  }

  /** Sends it over the client's connection. */
  open(client: Client): void {
    const { sink } = this.#options;
    let isAttached = true;
    this.#isAnswered = false;
    const unsubscribe = client.subscribe<D, E>(this.#payload, {
      next: (result) => {
        if (isAttached) this.#take(result);
      },
      error: (error) => {
        // Any other error is the connection's, and `lose` follows.
        if (isAttached && Array.isArray(error)) this.#end(() => sink.error(error));
      },
      complete: () => {
        if (isAttached) this.complete();
      },
    });
    this.#detach = () => {
      isAttached = false;
      this.#detach = null;
      unsubscribe();
    };
  }

  /** Its connection is lost. */
  lose({ reason, wasSent, refusal }: Loss): void {
    const mayHaveArrived = wasSent && this.isOpen;
    this.#detach?.();
    if (this.kind === "subscription") {
      if (refusal === null) return;
      this.#refusals += 1;
      if (this.#refusals >= maxRefusals) this.fail(refusal);
    } else if (refusal !== null) this.fail(refusal);
    else if (mayHaveArrived) this.#failUnanswered(reason);
  }

  fail(error: unknown): void {
    this.#end(() => this.#options.sink.error(error));
  }

  complete(): void {
    this.#end(() => this.#options.sink.complete());
  }

  #failUnanswered(reason: string): void {
    this.#losses += 1;
    const lost = `The connection was closed before the answer (${reason})`;
    if (this.#isAnswered) this.complete();
    else if (this.kind === "mutation")
      this.fail(new CarillonError("NETWORK", `${lost}: the mutation may or may not have happened`));
    else if (this.#losses >= maxLosses) this.fail(new CarillonError("NETWORK", lost));
  }

  #take(result: FormattedExecutionResult<D, E>): void {
    this.#isAnswered = true;
    this.#refusals = 0;
    this.#options.onResult();
    const after = this.kind === "subscription" ? cursorOf(result.data) : null;
    // On the next connection it resumes there.
    if (after !== null)
      this.#payload = { ...this.#payload, variables: { ...this.#payload.variables, after } };
    callSafely(() => this.#options.sink.next(result));
  }

  /** Notifies in a microtask, as graphql-ws does: the sink may subscribe again, and a connection may be closing right now. */
  #end(notify: () => void): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#detach?.();
    this.#options.onEnd();
    queueMicrotask(notify);
  }
}

/** The cursor of the event in a result; null when there is none. */
function cursorOf(data: unknown): string | null {
  for (const field of Object.values<unknown>(typeof data === "object" ? { ...data } : {})) {
    if (typeof field !== "object" || field === null || !("cursor" in field)) continue;
    if (typeof field.cursor === "string") return field.cursor;
  }
  return null;
}
