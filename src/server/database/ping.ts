import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Database } from "./database.js";

/** Resolves when the database responds. @throws DatabaseUnavailableError */
export async function ping(database: Pick<Database, "one">): Promise<void> {
  await database.one(sql`select to_json(1) as result`, z.literal(1));
}
