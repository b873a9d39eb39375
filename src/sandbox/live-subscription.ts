import { createResumingClient, type SocketState } from "@carillon/client";
import type { FetcherParams } from "@graphiql/toolkit";

/** How many results are shown. Older ones are dropped. */
const maxResults = 100;

const timeFormat = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
});

/** Takes the results to show: by number and time of receipt, the newest first. */
export type Show = (results: Record<string, unknown>, hasEnded: boolean) => void;

/** One subscription over a connection of its own, which resumes it after a loss, and the results that it has received. */
export class LiveSubscription {
  readonly #client: ReturnType<typeof createResumingClient>;
  #results: readonly { readonly label: string; readonly result: unknown }[] = [];
  #count = 0;
  /** Why there are no results at present; null: all is well. */
  #problem: string | null = null;
  /** Why it has ended; undefined: for no bad reason. */
  #errors: readonly unknown[] | undefined;
  #hasEnded = false;
  #show: Show | null = null;
  #isDrawing = false;

  /** @param headers sent in `connection_init` */
  constructor(
    url: string,
    { query, variables, operationName }: FetcherParams,
    headers: Record<string, string>,
  ) {
    this.#client = createResumingClient({
      url,
      connectionParams: headers,
      onStateChange: (state) => this.#followConnection(state),
    });
    this.#client.subscribe(
      { query, variables: recordOf(variables), operationName },
      {
        next: (result) => this.#take(result),
        error: (error) => this.#finish(Array.isArray(error) ? error : [messageOf(error)]),
        complete: () => this.#finish(),
      },
    );
  }

  /** Shows the results so far, soon, and those to come. */
  show(show: Show): void {
    this.#show = show;
    if (this.#count > 0 || this.#hasEnded || this.#problem !== null) this.#draw();
  }

  /** Goes on in the background. */
  hide(): void {
    this.#show = null;
  }

  end(): void {
    this.hide();
    void this.#client.dispose();
  }

  #take(result: unknown): void {
    this.#count += 1;
    const label = `${this.#count}, at ${timeFormat.format()}`;
    this.#results = [{ label, result }, ...this.#results.slice(0, maxResults - 1)];
    this.#draw();
  }

  #finish(errors?: readonly unknown[]): void {
    this.#errors = errors;
    this.#problem = null;
    this.#hasEnded = true;
    this.#draw();
  }

  #followConnection({ status, error }: SocketState): void {
    if (status === "connecting") return;
    this.#problem = status === "offline" ? (error?.message ?? "The connection is lost") : null;
    this.#draw();
  }

  /** At most once a frame: many events may arrive at the same time. */
  #draw(): void {
    if (this.#isDrawing) return;
    this.#isDrawing = true;
    requestAnimationFrame(() => {
      this.#isDrawing = false;
      this.#show?.(this.#shown(), this.#hasEnded);
    });
  }

  #shown(): Record<string, unknown> {
    return {
      ...(this.#errors !== undefined && { errors: this.#errors }),
      ...(this.#problem !== null && { reconnecting: this.#problem }),
      ...Object.fromEntries(this.#results.map(({ label, result }) => [label, result])),
    };
  }
}

function recordOf(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null ? { ...value } : undefined;
}

function messageOf(error: unknown): unknown {
  return error instanceof Error ? { message: error.message } : error;
}
