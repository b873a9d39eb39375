import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "../telemetry/log.js";

/** A loop in the background. `wake` ends the present wait; `stop` ends the loop and resolves when its last round is over. */
export interface Periodic {
  wake(): void;
  stop(): Promise<void>;
}

/**
 * Runs `round` again and again, never twice at once: after each, waits for as many milliseconds as `round` answered, give or
 * take a tenth, so that instances do not beat in time. A round that fails is logged, and tried again after `retry` ms.
 */
export function periodically(
  name: string,
  log: Log,
  round: (signal: AbortSignal) => Promise<number>,
  retry = 1000,
): Periodic {
  const stopping = new AbortController();
  let waiting = new AbortController();
  let woken = false;

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      woken = false;
      let delay = retry;
      try {
        delay = await round(stopping.signal);
      } catch (error) {
        log.warn({ err: error }, `${name} failed; it is tried again`);
      }
      if (!woken && !stopping.signal.aborted) await wait(delay);
    }
  }

  async function wait(delay: number): Promise<void> {
    // One for each wait: AbortSignal.any would leave a trace of each in the signal that lives on.
    waiting = new AbortController();
    const { signal } = waiting;
    await sleep(delay * (0.9 + Math.random() * 0.2), undefined, { signal }).catch(() => undefined);
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
