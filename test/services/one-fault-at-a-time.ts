/** Loaded before each file of the fault suite, of which one runs at a time: two systems under load would delay each other. */
import postgres from "postgres";
import { afterAll, inject } from "vitest";

/** Any number that nothing else on the shared server locks. */
const key = 72_001;

const sql = postgres(inject("postgresUrl"), { max: 1, max_lifetime: null });
await sql`SELECT pg_advisory_lock(${key})`;
// Or when this worker ends, with its connection.
afterAll(() => sql.end());
