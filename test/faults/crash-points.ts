import { fileURLToPath } from "node:url";

/*
 * Crashes of an instance at a point that nothing outside can aim at. The point is put into the process by a program of the tests:
 * there is no switch for it in the product that could be left on.
 */

/**
 * after-commit: an event is committed, and nobody has been told, neither the broker nor whoever asked for it.
 * after-confirm: the broker has confirmed it, and the log does not know yet.
 * after-put-back: a dead letter is in its queue again, and still in the table.
 */
export type CrashPoint = "after-commit" | "after-confirm" | "after-put-back";

/** An instance that kills itself with -9 when it comes to this point for the `count`th time: its variables and its program. */
export function crashAt(
  point: CrashPoint,
  count: number,
): [environment: NodeJS.ProcessEnv, program: readonly string[]] {
  return [{ CRASH_POINT: point, CRASH_COUNT: String(count) }, ["--import", "tsx", crashingInstance]];
}

const crashingInstance = fileURLToPath(new URL("crashing-instance.ts", import.meta.url));
