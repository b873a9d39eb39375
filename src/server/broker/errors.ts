import { StartupError } from "../config/startup-error.js";

/** The broker did not take the message, or it is unknown whether it did. Retry later; a repeat is harmless. */
export class BrokerUnavailableError extends Error {
  override readonly name = "BrokerUnavailableError";
}

/** Thrown by a handler: the message can never be understood. It becomes a dead letter at once. */
export class PoisonMessageError extends Error {
  override readonly name = "PoisonMessageError";
}

/** Thrown by a handler: the message was understood, and a retry cannot succeed. It becomes a dead letter at once. */
export class PermanentError extends Error {
  override readonly name = "PermanentError";
}

/**
 * Thrown by a handler: the message is to be delivered again, not before `delay` ms; earlier only where that exceeds the
 * broker's longest retry delay (an hour).
 */
export class RetryAfterError extends Error {
  override readonly name = "RetryAfterError";
  readonly delay: number;
  /** Whether it counts as an attempt. */
  readonly counts: boolean;

  constructor(
    message: string,
    { delay, counts }: { readonly delay: number; readonly counts: boolean },
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.delay = delay;
    this.counts = counts;
  }
}

/** The broker refuses the configured credentials, virtual host or protocol. The message tells the operator what to do. */
export class BrokerRefusedError extends StartupError {
  override readonly name = "BrokerRefusedError";
}

/** An exchange or queue exists with other arguments than ours. The message tells the operator what to do. */
export class BrokerTopologyError extends StartupError {
  override readonly name = "BrokerTopologyError";
}
