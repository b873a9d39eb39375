import { fileURLToPath } from "node:url";

/** Where the generated SQL lies: beside this file, in src/ and, copied by the build, in dist/. */
export const migrationsFolder = fileURLToPath(new URL("migrations", import.meta.url));
