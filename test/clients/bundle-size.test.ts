import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { bundle } from "../kit/bundle.js";

/** Bytes, gzipped, with graphql-ws. */
const bound = 15 * 1024;

const parts = [
  ["the client alone", `export { createClient } from "@carillon/client";`],
  [
    "the client and its inbox",
    `export { createClient, createInbox, cursorStorage } from "@carillon/client";`,
  ],
  ["all that the library exports", `export * from "@carillon/client";`],
  ["graphql-ws's own client, for comparison", `export { createClient } from "graphql-ws";`],
] as const;

it("the client library is small, shakes off what is not used, and knows nothing of React", async () => {
  const sizes = new Map<string, number>();
  for (const [name, source] of parts) {
    const code = await bundle(source);
    sizes.set(name, gzipSync(code).length);
    expect(code).not.toMatch(/react|node:/i);
  }
  process.stdout.write(
    `sizes, gzipped: ${[...sizes].map(([name, size]) => `${name} ${size} bytes`).join(", ")}\n`,
  );
  for (const size of sizes.values()) expect(size).toBeLessThan(bound);
  expect(sizes.get(parts[0][0])).toBeLessThan(sizes.get(parts[1][0]) ?? 0);
  expect(sizes.get(parts[1][0])).toBeLessThan(sizes.get(parts[2][0]) ?? 0);
});
