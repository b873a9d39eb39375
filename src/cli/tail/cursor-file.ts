import { readFileSync, renameSync, writeFileSync } from "node:fs";
import type { CursorStorage } from "../../client/cursor-storage.js";
import { CommandFailure, inOneLine } from "../failure.js";

/**
 * Keeps the cursor in a file, so that a command that was stopped goes on where it was. The file is replaced as a whole: it
 * never holds half a cursor. It is written after the event was, so a kill in between brings that event again.
 * @param fail is told when it cannot be written
 */
export function cursorFile(path: string, fail: (reason: CommandFailure) => void): CursorStorage {
  return {
    load: () => read(path),
    save(_key, cursor) {
      try {
        replace(path, `${cursor}\n`);
      } catch (error) {
        fail(new CommandFailure(`The cursor file cannot be written: ${inOneLine(error)}`));
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
    throw new CommandFailure(`The cursor file cannot be read: ${inOneLine(error)}`);
  }
}
