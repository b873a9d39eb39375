import { vi } from "vitest";

/**
 * Collects what is thrown in microtasks, where nobody can catch it and the process would end. Ends with `vi.restoreAllMocks()`.
 * @returns the errors so far
 */
export function collectUncaughtErrors(): readonly unknown[] {
  const uncaught: unknown[] = [];
  const { queueMicrotask: original } = globalThis;
  vi.spyOn(globalThis, "queueMicrotask").mockImplementation((task) =>
    original(() => {
      try {
        task();
      } catch (error) {
        uncaught.push(error);
      }
    }),
  );
  return uncaught;
}
