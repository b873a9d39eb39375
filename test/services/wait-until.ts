import { setTimeout as delay } from "node:timers/promises";

interface WaitOptions {
  /** Milliseconds. */
  readonly timeout?: number;
  readonly interval?: number;
  /** What to say of the state in which it got stuck. */
  readonly detail?: () => string;
}

/**
 * Asks again and again until the answer is true.
 * @throws after `timeout` milliseconds, with `what` and whatever `detail` then says.
 */
export async function waitUntil(
  what: string,
  check: () => boolean | Promise<boolean>,
  { timeout = 60_000, interval = 50, detail = noDetail }: WaitOptions = {},
): Promise<void> {
  const deadline = Date.now() + timeout;
  while (!(await check())) {
    if (Date.now() > deadline) throw new Error(`${what} took more than ${timeout} ms. ${detail()}`);
    await delay(interval);
  }
}

function noDetail(): string {
  return "";
}
