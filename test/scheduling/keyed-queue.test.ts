import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { KeyedQueue, QueueRefusal } from "../../src/server/scheduling/keyed-queue.js";
import { createGate } from "./gate.js";

const forLong = 1_000_000;

/** Starts tasks that run until their gates are opened, and lists those that have started. */
function openTasks(queue: KeyedQueue) {
  const started: string[] = [];
  return {
    started,
    run: (key: string, name: string) => {
      const gate = createGate();
      const done = queue.run(key, async () => {
        started.push(name);
        await gate.promise;
      });
      return { ...gate, done };
    },
  };
}

test("tasks of one key run one after the other, in order, and other keys meanwhile", async () => {
  const queue = new KeyedQueue(1);
  const { run, started } = openTasks(queue);
  const [first, second, third] = [run("a", "first"), run("a", "second"), run("a", "third")];
  const other = run("b", "other");
  expect(started).toEqual(["first", "other"]);
  expect(queue.waiting).toBe(2);
  first.open();
  await first.done;
  await nextTurn();
  expect(started).toEqual(["first", "other", "second"]);
  for (const { open } of [second, third, other]) open();
  await Promise.all([second.done, third.done, other.done]);
  expect(started).toEqual(["first", "other", "second", "third"]);
  expect(queue.waiting).toBe(0);
});

test("as many tasks of a key run as its concurrency, and one that ends lets one more start", async () => {
  const queue = new KeyedQueue(2);
  const { run, started } = openTasks(queue);
  const [first, second, third, fourth] = ["1", "2", "3", "4"].map((name) => run("a", name));
  expect(started).toEqual(["1", "2"]);
  second?.open();
  await second?.done;
  await nextTurn();
  expect(started).toEqual(["1", "2", "3"]);
  for (const task of [first, third, fourth]) task?.open();
  await Promise.all([first?.done, third?.done, fourth?.done]);
  expect(started).toEqual(["1", "2", "3", "4"]);
});

test("a task that fails tells its own caller alone, and the next one runs", async () => {
  const queue = new KeyedQueue(1);
  const failing = queue.run("a", () => Promise.reject(new Error("fails")));
  const next = queue.run("a", async () => "done");
  await expect(failing).rejects.toThrow("fails");
  expect(await next).toBe("done");
});

test("a task for which the line of its key is full is refused, and that of another key runs", async () => {
  const queue = new KeyedQueue(1);
  const { run, started } = openTasks(queue);
  const limits = { maxWaiting: 1, timeout: forLong };
  const [first, second] = [run("a", "first"), run("a", "second")];
  const refused = queue.run("a", async () => started.push("refused"), limits);
  await expect(refused).rejects.toMatchObject({ name: "QueueRefusal", code: "QUEUE_FULL" });
  await queue.run("b", async () => started.push("other"), limits);
  for (const { open } of [first, second]) open();
  await Promise.all([first.done, second.done]);
  expect(started).toEqual(["first", "other", "second"]);
  await queue.run("a", async () => started.push("later"), limits);
  expect(started.at(-1)).toBe("later");
});

test("a task that waits too long is refused, never starts, and leaves its place to the next", async () => {
  const queue = new KeyedQueue(1);
  const { run, started } = openTasks(queue);
  const first = run("a", "first");
  const late = queue.run("a", async () => started.push("late"), { maxWaiting: 5, timeout: 1 });
  const next = run("a", "next");
  await expect(late).rejects.toEqual(new QueueRefusal("QUEUE_TIMEOUT"));
  expect(queue.waiting).toBe(1);
  for (const { open } of [first, next]) open();
  await Promise.all([first.done, next.done]);
  expect(started).toEqual(["first", "next"]);
});
