import { setTimeout as sleep } from "node:timers/promises";
import { BrokerUnavailableError, RetryLaterError } from "../broker/broker.js";
import { DatabaseUnavailableError } from "../database/database.js";

/** Milliseconds between two attempts, give or take a half. */
const pause = 1000;

/**
 * Does it, and waits where the database or the broker is away: whoever handles a message then holds it, rather than send all
 * that waits in the queue through the retry queues.
 * @throws RetryLaterError, which does not count as an attempt, when the signal says that the worker stops
 */
export async function patiently<T>(signal: AbortSignal, attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      const isAway = error instanceof DatabaseUnavailableError || error instanceof BrokerUnavailableError;
      if (!isAway) throw error;
      if (signal.aborted) throw new RetryLaterError("the worker stops", { delay: 0, counts: false });
      await sleep(pause * (0.5 + Math.random()), undefined, { signal }).catch(() => undefined);
    }
  }
}
