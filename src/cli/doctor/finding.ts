import { inOneLine } from "../failure.js";
import type { Colors } from "../style.js";

/** What a check found: all well, something to know, or something that keeps the service from working. */
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

/** A part of the doctor's round. It changes nothing. */
export interface Check {
  /** What it looks at, in a word. */
  readonly name: string;
  readonly run: () => Finding[] | Promise<Finding[]>;
}

/** The findings of a check, within a time limit (ms). A check that fails, or takes too long, is a problem. */
export async function runCheck({ name, run }: Check, limit: number): Promise<Finding[]> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<Finding[]>((resolve) => {
    const late = problem(
      `${name}: no answer within ${limit / 1000} s`,
      "See whether it is overloaded, or the line broken",
    );
    timer = setTimeout(() => resolve([late]), limit);
  });
  const found = Promise.resolve()
    .then(run)
    .catch((error: unknown) => [problem(`${name}: ${inOneLine(error)}`, "See what it says")]);
  return await Promise.race([found, tooLate]).finally(() => clearTimeout(timer));
}

/** A finding as the doctor says it: a mark and the text, and below it what to do. */
export function lineOf({ level, text, remedy }: Finding, colors: Colors): string {
  const mark = { ok: colors.green("✓"), warning: colors.yellow("!"), problem: colors.red("✗") }[level];
  return `${mark} ${text}\n${remedy === undefined ? "" : `  ${colors.dim(remedy)}\n`}`;
}
