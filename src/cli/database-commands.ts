import type { Command } from "commander";
import { readConfig } from "../server/config/config.js";
import type { Database } from "../server/database/database.js";
import { ensureEpoch, renewEpoch } from "../server/database/epoch.js";
import { createLog } from "../server/telemetry/log.js";

/** `carillon migrate`: applies migrations. */
export function addMigrate(program: Command): void {
  program
    .command("migrate")
    .description("apply pending database migrations; every start of the service does this, too")
    .action(async () => {
      await withDatabase(async () => {});
      process.stdout.write("migrate: done\n");
    });
}

/** `carillon new-epoch`: invalidates all cursors. */
export function addNewEpoch(program: Command): void {
  program
    .command("new-epoch")
    .description("start a new epoch: all cursors become invalid, and every client reloads its inbox")
    .addHelpText(
      "after",
      "\nRequired after a backup was restored in place: cursors may refer to events that no longer exist.",
    )
    .action(async () => {
      await withDatabase(async (database) => {
        if (!(await ensureEpoch(database))) await renewEpoch(database);
      });
      process.stdout.write("new-epoch: done\n");
    });
}

/** Opens the database, which migrates it. */
async function withDatabase(work: (database: Database) => Promise<void>): Promise<void> {
  const { openDatabase } = await import("../server/database/open-database.js");
  await using database = await openDatabase(readConfig(process.env), createLog("silent"));
  await work(database);
}
