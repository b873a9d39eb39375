import type { Log } from "../telemetry/log.js";
import { pause } from "./pause.js";

/** A running background loop. */
export interface PeriodicTask {
  /** Ends the present wait; during a round, the next round follows without a wait. */
  wake(): void;
  /** Ends the loop. Resolves when its last round has finished. May be called twice. */
  stop(): Promise<void>;
}

/**
 * Starts a loop that runs `round` again and again, never concurrently with itself:
 *
 *   running ──round resolved to n──▶ waiting n ms ± 10 % ──time passed, or wake()──▶ running
 *      └──────round rejected───────▶ waiting `retryDelay` ms ± 10 %
 *   stop(): no further round, from either state
 *
 * The jitter keeps instances from running in lockstep. A failed round is logged.
 *
 * @param name of the task, for the log
 * @param round resolves to the milliseconds until the next; its signal is aborted when the task is to stop
 */
export function startPeriodicTask(
  name: string,
  log: Log,
  round: (signal: AbortSignal) => Promise<number>,
  retryDelay = 1000,
): PeriodicTask {
  const stopping = new AbortController();
  let waiting = new AbortController();
  let woken = false;

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      woken = false;
      let delay = retryDelay;
      try {
        delay = await round(stopping.signal);
      } catch (error) {
        log.warn({ task: name, err: error, delayMs: retryDelay }, "periodic task failed");
      }
      if (!woken && !stopping.signal.aborted) await wait(delay);
    }
  }

  async function wait(delay: number): Promise<void> {
    // A controller for each wait: AbortSignal.any would leave an entry for each in the long-lived signal.
    waiting = new AbortController();
    await pause(withJitter(delay), waiting.signal);
  }

  const running = run();
  return {
    wake() {
      woken = true;
      waiting.abort();
    },
    async stop() {
      stopping.abort();
      waiting.abort();
      await running;
    },
  };
}

/** The delay, give or take a tenth. */
export function withJitter(delay: number, random: number = Math.random()): number {
  return delay * (0.9 + random * 0.2);
}
