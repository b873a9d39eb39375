import { z } from "zod";
import { databaseUrl, duration } from "./parsers.js";
import { variable } from "./variable.js";
import { wholeNumber } from "./whole-number.js";

export const databaseSection = z.object({
  /** null: PGlite, embedded, in the data directory. */
  databaseUrl: variable("DATABASE_URL", databaseUrl, null),
  /** Connections to PostgreSQL. */
  databasePoolSize: variable("DATABASE_POOL_SIZE", wholeNumber(2, 500), 10),
  /** How long events are kept, ms. */
  eventRetention: variable("EVENT_RETENTION", duration, duration.parse("7d")),
});
