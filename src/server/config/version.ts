import { readFileSync } from "node:fs";
import { z } from "zod";

/** package.json is beside src/, and in dist/. */
const packageFile = new URL("../../../package.json", import.meta.url);

/** The version of this program. */
export function readVersion(): string {
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(packageFile, "utf8"))).version;
}
