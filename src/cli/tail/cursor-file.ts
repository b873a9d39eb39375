import { readFileSync, renameSync, writeFileSync } from "node:fs";
import type { CursorStorage } from "@carillon/client";
import { CommandFailure, describeInOneLine } from "../command-failure.js";

/**
 * Stores the cursor in a file, so that a restarted command continues where it stopped. The file is replaced atomically. It is written
 * after the event has been printed, so the event is printed again if the process is killed in between.
 * @param fail is called when the file cannot be written
 */
export function cursorFile(path: string, fail: (reason: CommandFailure) => void): CursorStorage {
  return {
    load: () => read(path),
    save(_key, cursor) {
      try {
        replace(path, `${cursor}\n`);
      } catch (error) {
        fail(new CommandFailure(`The cursor file cannot be written: ${describeInOneLine(error)}`));
      }
    },
  };
}

function replace(path: string, text: string): void {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, text);
  renameSync(draft, path);
}

/** @returns null when there is no such file yet */
function read(path: string): string | null {
  try {
    return readFileSync(path, "utf8").trim() || null;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw new CommandFailure(`The cursor file cannot be read: ${describeInOneLine(error)}`);
  }
}
