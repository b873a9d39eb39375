import { once } from "node:events";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import postgres from "postgres";
import { expect, test } from "vitest";
import { guarded } from "./process-guard.js";
import { waitUntil } from "./wait-until.js";

const program = `
  import { startPostgres } from ${JSON.stringify(new URL("postgres-server.ts", import.meta.url).href)};
  const server = await startPostgres();
  console.log(server.url);
  setInterval(() => {}, 1000);
`;

async function dataFolder(url: string): Promise<string> {
  const sql = postgres(url, { max: 1 });
  try {
    const [row] = await sql<{ data_directory: string }[]>`SHOW data_directory`;
    return row?.data_directory ?? "";
  } finally {
    await sql.end();
  }
}

test("a server does not outlive a test process that was killed, and leaves no folder behind", async () => {
  const owner = guarded(
    spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", program], {
      stdio: ["ignore", "pipe", "inherit"],
      detached: true,
    }),
  );
  const url = String(await once(owner.stdout, "data")).trim();
  const scratch = dirname(await dataFolder(url));
  expect(existsSync(scratch)).toBe(true);
  owner.kill("SIGKILL");
  await waitUntil("Deleting the folder", () => !existsSync(scratch), { timeout: 20_000 });
  await expect(dataFolder(url)).rejects.toThrow("ECONNREFUSED");
});
