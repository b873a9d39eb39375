/**
 * Loaded before each test file. A worker whose runner is gone has nobody to report to, and ends: vitest leaves it to finish, and
 * what waits for an event that never comes would wait for ever.
 */
process.once("disconnect", () => process.exit(1));
