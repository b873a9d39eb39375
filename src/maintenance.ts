import { openDatabase } from "./app.js";
import { ConfigError, readConfig } from "./config.js";
import { DatabaseUnavailableError } from "./database/database.js";
import { renewEpoch } from "./database/epoch.js";
import { createLog } from "./telemetry/log.js";

/** `node dist/maintenance.js <command>`: what an operator does to the database by hand. */
const commands: Record<string, string> = {
  migrate: "applies the migrations that are missing; every start does so too",
  "new-epoch": "after a backup was restored in place: every client reads its inbox anew",
};

const [command = ""] = process.argv.slice(2);
if (!(command in commands)) {
  const lines = Object.entries(commands).map(([name, what]) => `  ${name}: ${what}`);
  fail(`Say what to do:\n${lines.join("\n")}`);
}
try {
  const config = readConfig(process.env);
  const database = await openDatabase(config, createLog("warn"));
  if (command === "new-epoch") await renewEpoch(database);
  await database[Symbol.asyncDispose]();
  process.stdout.write(`${command}: done\n`);
} catch (error) {
  if (error instanceof ConfigError || error instanceof DatabaseUnavailableError) fail(error.message);
  throw error;
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
