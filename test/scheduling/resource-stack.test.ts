import { expect, test } from "vitest";
import { ResourceStack } from "../../src/server/scheduling/resource-stack.js";

function resource(name: string, closed: string[], error?: Error): AsyncDisposable {
  return {
    async [Symbol.asyncDispose]() {
      await new Promise(setImmediate);
      closed.push(name);
      if (error !== undefined) throw error;
    },
  };
}

test("resources are closed one after the other, the last one first, and once only", async () => {
  const closed: string[] = [];
  const stack = new ResourceStack();
  const first = resource("first", closed);
  expect(stack.use(first)).toBe(first);
  stack.defer(async () => void closed.push("second"));
  stack.use(resource("third", closed));
  await stack[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
  expect(closed).toEqual(["third", "second", "first"]);
});

test("a resource that cannot be closed does not keep the others open, and every failure is told", async () => {
  const closed: string[] = [];
  const errors = [new Error("the third"), new Error("the first")];
  const stack = new ResourceStack();
  stack.use(resource("first", closed, errors[1]));
  stack.use(resource("second", closed));
  stack.use(resource("third", closed, errors[0]));
  await expect(stack[Symbol.asyncDispose]()).rejects.toMatchObject({ name: "AggregateError", errors });
  expect(closed).toEqual(["third", "second", "first"]);
});
