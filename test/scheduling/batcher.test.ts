import { expect, test } from "vitest";
import { Batcher, type BatchLimits, withoutResults } from "../../src/server/scheduling/batcher.js";
import { createGate } from "./gate.js";

const forLong = 1_000_000;

/** A batcher whose batches are handled at once, and listed. */
function listing(limits: BatchLimits) {
  const batches: (readonly string[])[] = [];
  const batcher = new Batcher<string, string>(limits, async (items) => {
    batches.push(items);
    return items.map((item) => item.toUpperCase());
  });
  return { batches, batcher };
}

test("items of one turn are handled together, and each gets its own result", async () => {
  const { batches, batcher } = listing({ maxItems: 10, maxAge: 0 });
  const results = ["a", "b", "c"].map((item) => batcher.add(item));
  expect(await Promise.all(results)).toEqual(["A", "B", "C"]);
  expect(batches).toEqual([["a", "b", "c"]]);
});

test("a batch that is full does not wait for its age: by its items, and by its bytes", async () => {
  const byItems = listing({ maxItems: 2, maxAge: forLong });
  await Promise.all(["a", "b", "c", "d"].map((item) => byItems.batcher.add(item)));
  expect(byItems.batches).toEqual([
    ["a", "b"],
    ["c", "d"],
  ]);

  const byBytes = listing({ maxItems: 10, maxBytes: 100, maxAge: forLong });
  await Promise.all([byBytes.batcher.add("a", 60), byBytes.batcher.add("b", 60)]);
  expect(byBytes.batches).toEqual([["a", "b"]]);
});

test("a batch that is not full is handled when its first item has the age, or at once on request", async () => {
  const aging = listing({ maxItems: 10, maxAge: 1 });
  expect(await aging.batcher.add("a")).toBe("A");

  const { batches, batcher } = listing({ maxItems: 10, maxAge: forLong });
  const results = ["a", "b"].map((item) => batcher.add(item));
  expect(batches).toEqual([]);
  batcher.handleNow();
  expect(await Promise.all(results)).toEqual(["A", "B"]);
  expect(batches).toEqual([["a", "b"]]);
});

test("while a batch is handled, items gather for the next", async () => {
  const first = createGate();
  const batches: (readonly string[])[] = [];
  const batcher = new Batcher<string>(
    { maxItems: 3, maxAge: 0 },
    withoutResults(async (items) => {
      batches.push(items);
      if (batches.length === 1) await first.promise;
    }),
  );
  const results = ["a", "b", "c", "d", "e"].map((item) => batcher.add(item));
  expect(batches).toEqual([["a", "b", "c"]]);
  await new Promise(setImmediate);
  expect(batches).toHaveLength(1);
  first.open();
  await Promise.all(results);
  expect(batches).toEqual([
    ["a", "b", "c"],
    ["d", "e"],
  ]);
});

test("a batch that fails, or has results missing, fails its own items and no other", async () => {
  const batcher = new Batcher<string, string>({ maxItems: 1, maxAge: forLong }, async ([item = ""]) => {
    if (item === "failing") throw new Error("fails");
    return item === "missing" ? [] : [item];
  });
  const settled = await Promise.allSettled(["failing", "missing", "good"].map((item) => batcher.add(item)));
  expect(settled).toEqual([
    { status: "rejected", reason: new Error("fails") },
    { status: "rejected", reason: new RangeError("a batch has another number of results than items") },
    { status: "fulfilled", value: "good" },
  ]);
});
