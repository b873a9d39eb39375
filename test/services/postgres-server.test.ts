import postgres from "postgres";
import { expect, test } from "vitest";
import { startPostgres } from "./postgres-server.js";

async function count(url: string): Promise<number> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await sql`CREATE TABLE IF NOT EXISTS letters (id int)`;
    await sql`INSERT INTO letters VALUES (1)`;
    return (await sql`SELECT id FROM letters`).length;
  } finally {
    await sql.end();
  }
}

test("a private server keeps its data through kill -9 and both ways of stopping", async () => {
  await using server = await startPostgres();
  expect(await count(server.url)).toBe(1);
  await server.kill();
  await expect(count(server.url)).rejects.toThrow("ECONNREFUSED");
  await server.start();
  expect(await count(server.url)).toBe(2);
  await server.stop("immediate");
  await server.start();
  expect(await count(server.url)).toBe(3);
  await server.stop("fast");
  await server.start();
  expect(await count(server.url)).toBe(4);
});
