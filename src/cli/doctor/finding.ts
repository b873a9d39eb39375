import { settlesWithin } from "../../server/scheduling/timeout.js";
import { describeInOneLine } from "../command-failure.js";
import type { Colors } from "../terminal-text.js";

/** The result of a check. A problem keeps the service from working. */
export interface Finding {
  readonly level: "ok" | "warning" | "problem";
  readonly text: string;
  /** What to do. */
  readonly remedy?: string;
}

export function ok(text: string): Finding {
  return { level: "ok", text };
}

export function warning(text: string, remedy: string): Finding {
  return { level: "warning", text, remedy };
}

export function problem(text: string, remedy: string): Finding {
  return { level: "problem", text, remedy };
}

/** Checks one part of an installation without changing it. */
export interface Check {
  /** The part of the installation that it checks. */
  readonly name: string;
  readonly run: () => Finding[] | Promise<Finding[]>;
}

/** Runs a check with a time limit in milliseconds. A check that throws or takes too long is a problem. */
export async function runCheck({ name, run }: Check, limit: number): Promise<Finding[]> {
  const found = Promise.resolve()
    .then(run)
    .catch((error: unknown) => [
      problem(`${name}: ${describeInOneLine(error)}`, "Correct what the message says"),
    ]);
  if (await settlesWithin(limit, found)) return await found;
  const text = `${name}: no response within ${limit / 1000} s`;
  return [problem(text, "Check whether it is overloaded or unreachable")];
}

/** Formats a finding: a mark and the text, and the remedy on a second line. */
export function formatFinding({ level, text, remedy }: Finding, colors: Colors): string {
  const mark = { ok: colors.green("✓"), warning: colors.yellow("!"), problem: colors.red("✗") }[level];
  return `${mark} ${text}\n${remedy === undefined ? "" : `  ${colors.dim(remedy)}\n`}`;
}
