import {
  BrokenCircuitError,
  circuitBreaker,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleWhenResult,
} from "cockatiel";
import { RetryAfterError } from "../../broker/errors.js";
import { pause } from "../../scheduling/pause.js";
import type { Log } from "../../telemetry/log.js";
import type { Outcome } from "./outcome.js";
import { consumerStopping } from "./retry-policy.js";

/** The circuit opens after this many failures in a row, for a time that grows from the first to the longest, ms. */
const breaker = { failures: 5, firstPause: 1000, longestPause: 60_000 };
/** How often an event checks whether the circuit is still open, ms. */
const pollInterval = 500;
/** How long an event waits for an open circuit, ms; less than RabbitMQ's timeout of acknowledgements. */
const longestWait = 5 * 60_000;

/** Spares an endpoint that fails: while its circuit is open, it is called only now and then. */
export class EndpointCircuit {
  readonly #circuit = circuitBreaker(
    handleWhenResult((outcome) => isOutcome(outcome) && outcome.kind === "retry"),
    {
      breaker: new ConsecutiveBreaker(breaker.failures),
      halfOpenAfter: new ExponentialBackoff({
        initialDelay: breaker.firstPause,
        maxDelay: breaker.longestPause,
      }),
    },
  );

  constructor(log: Log) {
    this.#circuit.onBreak(() => log.warn("circuit opened: webhook endpoint failing"));
    this.#circuit.onReset(() => log.info("circuit closed: webhook endpoint recovered"));
  }

  /**
   * Makes the call, once the circuit lets it through.
   * @throws RetryAfterError, which does not count as an attempt, when that takes too long or the signal says that the consumer stops
   */
  async run(call: () => Promise<Outcome>, signal: AbortSignal): Promise<Outcome> {
    const until = performance.now() + longestWait;
    for (;;) {
      try {
        return await this.#circuit.execute(call);
      } catch (error) {
        if (!(error instanceof BrokenCircuitError)) throw error;
        if (signal.aborted) throw consumerStopping();
        if (performance.now() > until) {
          const delay = breaker.longestPause;
          throw new RetryAfterError("circuit open: the endpoint is failing", { delay, counts: false });
        }
        await pause(pollInterval, signal);
      }
    }
  }
}

function isOutcome(value: unknown): value is Outcome {
  return typeof value === "object" && value !== null && "kind" in value;
}
