import { vi } from "vitest";

/** Asks again and again until nothing fails any more: long enough for a machine that is busy with other tests. */
export async function eventually(check: () => void | Promise<void>): Promise<void> {
  await vi.waitFor(check, { timeout: 30_000, interval: 50 });
}
