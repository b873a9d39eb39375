import { openPostgresPool } from "../../src/server/database/postgres-pool.js";
import { explainConnection } from "../../src/server/database/startup-check.js";
import { createLog } from "../../src/server/telemetry/log.js";

/** The first row of a statement on a connection by this URL. */
export async function askBy(url: string, statement: string): Promise<unknown> {
  const pool = openPostgresPool({ url, poolSize: 1, log: createLog("silent") });
  try {
    const [row] = await pool.execute(statement, []);
    return row;
  } finally {
    await pool.close(0);
  }
}

/** Whether a connection by this URL is "encrypted" or "plain"; or why there is none, as an operator is told. */
export async function outcomeOf(url: string): Promise<string> {
  try {
    const row = await askBy(url, "select ssl from pg_stat_ssl where pid = pg_backend_pid()");
    return JSON.stringify(row) === '{"ssl":true}' ? "encrypted" : "plain";
  } catch (error) {
    const explained = explainConnection(error, url);
    if (explained !== null) return `${explained.reason}: ${explained.remedy}`;
    return error instanceof Error ? error.message : String(error);
  }
}
