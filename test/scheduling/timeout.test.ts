import { expect, test } from "vitest";
import { settlesWithin } from "../../src/server/scheduling/timeout.js";

const forLong = 1_000_000;
const never = new Promise<never>(() => {});

test("a promise settles in time, whether it is fulfilled or rejected", async () => {
  expect(await settlesWithin(forLong, Promise.resolve())).toBe(true);
  expect(await settlesWithin(forLong, Promise.reject(new Error("fails")))).toBe(true);
});

test("a promise that is still pending does not", async () => {
  expect(await settlesWithin(1, never)).toBe(false);
});

test("a rejection after the time is no unhandled one, and its promise can still be awaited", async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on("unhandledRejection", note);
  let fail = (_error: Error): void => {};
  const failing = new Promise<never>((_resolve, reject) => {
    fail = reject;
  });
  expect(await settlesWithin(1, failing)).toBe(false);
  fail(new Error("fails late"));
  await new Promise(setImmediate);
  process.off("unhandledRejection", note);
  expect(unhandled).toEqual([]);
  await expect(failing).rejects.toThrow("fails late");
});

test("no timer is left once it has settled", async () => {
  const before = timers();
  await settlesWithin(forLong, Promise.resolve());
  expect(timers()).toBe(before);
});

function timers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
}
