import { fileURLToPath } from "node:url";

/** Where the generated SQL lies: seen from src/database/ and from dist/database/ alike. */
export const migrationsFolder = fileURLToPath(new URL("../../src/database/migrations", import.meta.url));
