import { readFileSync } from "node:fs";
import { minVersion, satisfies } from "semver";
import { expect, it } from "vitest";
import { z } from "zod";

const manifestSchema = z.object({
  engines: z.object({ node: z.string() }).partial().optional(),
  optional: z.boolean().optional(),
});

it("every package that is installed takes the oldest Node.js that this project takes", () => {
  const manifest = manifestSchema.parse(read("package.json"));
  const oldest = minVersion(manifest.engines?.node ?? "");
  if (oldest === null) throw new Error("package.json names no version of Node.js");

  const { packages } = z
    .object({ packages: z.record(z.string(), manifestSchema) })
    .parse(read("package-lock.json"));
  const needed = Object.entries(packages).filter(([, { optional }]) => optional !== true);
  expect(needed.length).toBeGreaterThan(100);
  const refusing = needed.filter(([, { engines }]) => !satisfies(oldest, engines?.node ?? "*"));
  expect(refusing.map(([path]) => path)).toEqual([]);
});

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), "utf8"));
}
