import { randomBytes } from "node:crypto";
import { startApp } from "../../src/server/app.js";
import { readConfig } from "../../src/server/config/config.js";
import { StartupError } from "../../src/server/config/startup-error.js";
import { createLog } from "../../src/server/telemetry/log.js";
import { makeDirectory } from "./scratch-directory.js";

/**
 * Starts the service in this process with these variables, which is to fail.
 * @returns the line for the operator
 */
export async function failingStart(environment: NodeJS.ProcessEnv): Promise<string> {
  await using folder = await makeDirectory();
  const given = { PORT: "0", DATA_DIR: folder.path, AUTH_JWT_SECRET: randomBytes(32).toString("hex") };
  const config = readConfig({ ...given, ...environment });
  try {
    await using app = await startApp(config, createLog("silent"));
    throw new Error(`it started at ${app.url}`);
  } catch (error) {
    if (error instanceof StartupError) return error.message;
    throw error;
  }
}
