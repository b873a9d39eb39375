import { expect, test } from "vitest";
import { retry } from "../../src/server/scheduling/retry.js";

const forLong = 1_000_000;

/** Work that fails with these messages, one an attempt, and succeeds then. */
function failing(...messages: string[]) {
  const attempts: number[] = [];
  return {
    attempts,
    attempt: async (): Promise<string> => {
      const message = messages[attempts.length];
      attempts.push(attempts.length + 1);
      if (message !== undefined) throw new Error(message);
      return "done";
    },
  };
}

test("work is repeated until it succeeds, with the delay of each number of failures", async () => {
  const { attempt, attempts } = failing("first", "second");
  const failures: number[] = [];
  const delay = (count: number): number => {
    failures.push(count);
    return 0;
  };
  expect(await retry(attempt, { isRetryable: () => true, delay })).toBe("done");
  expect(attempts).toEqual([1, 2, 3]);
  expect(failures).toEqual([1, 2]);
});

test("an error that cannot be retried ends it", async () => {
  const { attempt, attempts } = failing("retry me", "give up", "never");
  const isRetryable = (error: unknown): boolean => error instanceof Error && error.message === "retry me";
  await expect(retry(attempt, { isRetryable, delay: () => 0 })).rejects.toThrow("give up");
  expect(attempts).toEqual([1, 2]);
});

test("an abort ends the wait with the error of the last attempt", async () => {
  const { attempt, attempts } = failing("first", "second");
  const stopping = new AbortController();
  const delay = (): number => {
    setImmediate(() => stopping.abort());
    return forLong;
  };
  const options = { isRetryable: () => true, delay, signal: stopping.signal };
  await expect(retry(attempt, options)).rejects.toThrow("first");
  expect(attempts).toEqual([1]);
});

test("the first attempt is made although the signal is aborted already", async () => {
  const { attempt, attempts } = failing("first");
  const options = { isRetryable: () => true, delay: () => forLong, signal: AbortSignal.abort() };
  await expect(retry(attempt, options)).rejects.toThrow("first");
  expect(attempts).toEqual([1]);
});
