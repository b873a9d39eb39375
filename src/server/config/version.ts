import { readFileSync } from "node:fs";
import { z } from "zod";
import { packageFile } from "./package-files.js";

/** The version of this program. */
export function readVersion(): string {
  return z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(packageFile("package.json"), "utf8"))).version;
}
