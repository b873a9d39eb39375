import { writeFileSync } from "node:fs";
import { test } from "vitest";
import { startCommand } from "../../cli/carillon.js";
import { jwtSecret } from "../../kit/app.js";
import { startInstance } from "../../kit/instance.js";
import { launchChromium } from "../chromium.js";
import { createDatabase } from "../database.js";
import { openCutProxy } from "../cut-proxy.js";
import { startPostgres } from "../postgres-server.js";

/**
 * Starts what tests start, with HOLD_ALL one of everything, says so in the file HOLD_FILE, and waits for its end, which comes from
 * outside.
 */
test("holds what tests start", { timeout: 600_000 }, async () => {
  const database = await createDatabase();
  const environment = { DATABASE_URL: database.url, AUTH_JWT_SECRET: jwtSecret };
  const [instance, stopped] = await Promise.all([startInstance(environment), startInstance(environment)]);
  if (process.env["HOLD_ALL"] === "yes") {
    const [browser] = await Promise.all([launchChromium(), startPostgres()]);
    await (await browser.newPage()).goto(`${instance.url}/health/live`);
  }
  const line = await openCutProxy(instance.url);
  const tail = startCommand({ AUTH_JWT_SECRET: jwtSecret, CARILLON_URL: line.url }, "tail", "alice");
  await tail.saw(/^live at/);
  // It answers no signal but SIGKILL any more.
  stopped.process.kill("SIGSTOP");
  writeFileSync(process.env["HOLD_FILE"] ?? "", String(process.pid));
  await new Promise(() => undefined);
});
