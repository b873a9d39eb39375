import { setImmediate as nextTurn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { startPeriodicTask } from "../../src/server/scheduling/periodic-task.js";
import { createLog } from "../../src/server/telemetry/log.js";
import { waitUntil } from "../services/wait-until.js";

const log = createLog("silent");
const forLong = 1_000_000;

test("a loop waits between its rounds, and can be woken", async () => {
  let rounds = 0;
  const loop = startPeriodicTask("a loop", log, async () => {
    rounds += 1;
    return forLong;
  });
  await waitUntil("The first round", () => rounds === 1, { interval: 1 });
  loop.wake();
  await waitUntil("The second round", () => rounds === 2, { interval: 1 });
  await loop.stop();
  expect(rounds).toBe(2);
});

test("a loop that is woken during a round runs another at once", async () => {
  let rounds = 0;
  const loop = startPeriodicTask("a loop", log, async () => {
    await nextTurn();
    rounds += 1;
    if (rounds === 1) loop.wake();
    return forLong;
  });
  await waitUntil("The second round", () => rounds === 2, { interval: 1 });
  await loop.stop();
});

test("a round that fails is tried again", async () => {
  let rounds = 0;
  const round = async () => {
    rounds += 1;
    if (rounds < 3) throw new Error("fails");
    return forLong;
  };
  const loop = startPeriodicTask("a loop", log, round, 1);
  await waitUntil("The third round", () => rounds === 3, { interval: 1 });
  await loop.stop();
});

test("a loop stops while it waits, and after the round that runs", async () => {
  const waiting = startPeriodicTask("a loop", log, async () => forLong);
  await waiting.stop();

  let ended = false;
  const running = startPeriodicTask("a loop", log, async (signal) => {
    await new Promise<void>((resolve) => {
      signal.addEventListener("abort", () => setImmediate(resolve));
    });
    ended = true;
    return 0;
  });
  await running.stop();
  expect(ended).toBe(true);
  await running.stop();
});

test("a loop that has run for long costs no more than a new one", async () => {
  let rounds = 0;
  const loop = startPeriodicTask("a loop", log, async () => {
    rounds += 1;
    setImmediate(() => loop.wake());
    return forLong;
  });
  await waitUntil("Warming up", () => rounds > 5000, { interval: 5 });
  const [heap, begin] = [heapInUse(), rounds];
  await waitUntil("Many rounds", () => rounds > begin + 30_000, { interval: 5 });
  expect((heapInUse() - heap) / (rounds - begin)).toBeLessThan(10);
  await loop.stop();
});

function heapInUse(): number {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect !== "function") throw new Error("the collector cannot be called");
  Reflect.apply(collect, undefined, []);
  return process.memoryUsage().heapUsed;
}
