import type { Command } from "commander";
import { readConfig } from "../config.js";
import type { Database } from "../database/database.js";
import { ensureEpoch, renewEpoch } from "../database/epoch.js";
import { createLog } from "../telemetry/log.js";

/** What an operator does to the database by hand. */

export function addMigrate(program: Command): void {
  program
    .command("migrate")
    .description("apply the migrations that the database lacks; every start of the service does so too")
    .action(async () => {
      await withDatabase(async () => {});
      process.stdout.write("migrate: done\n");
    });
}

export function addNewEpoch(program: Command): void {
  program
    .command("new-epoch")
    .description("begin a new epoch: every client reads its inbox anew")
    .addHelpText(
      "after",
      "\nNeeded after a backup was restored in place, so that no cursor names an event that is gone.",
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
  const { openDatabase } = await import("../app.js");
  await using database = await openDatabase(readConfig(process.env), createLog("silent"));
  await work(database);
}
