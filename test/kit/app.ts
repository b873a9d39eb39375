import { randomBytes } from "node:crypto";
import { startApp as start } from "../../src/server/app.js";
import { signToken } from "../../src/server/auth/development-secret.js";
import { adminScope, sendScope } from "../../src/server/auth/viewer.js";
import { readConfig } from "../../src/server/config/config.js";
import { createLog } from "../../src/server/telemetry/log.js";
import { makeDataDirectoryFor } from "./data-directory.js";

/** The whole service in this process, on a free port. */
export interface TestApp extends AsyncDisposable {
  readonly url: string;
  /** A token of this user, with these scopes. */
  token(userId: string, scope?: string): Promise<string>;
}

/** What every instance of these tests accepts. */
export const jwtSecret = randomBytes(32).toString("base64url");

/** Signs a token that the instances of these tests accept. */
export function token(userId: string, scope = "", expiresInSeconds = 3600): Promise<string> {
  const scopes = scope.split(" ").filter((name) => name !== "");
  return signToken(jwtSecret, { userId, scopes, expiresInSeconds }, { issuer: null, audience: null });
}

/** A token of a backend that sends, and of an operator. */
export function backendToken(): Promise<string> {
  return token("backend", `${sendScope} ${adminScope}`);
}

/** Starts the service with these environment variables: without any, on PGlite and the in-process broker. */
export async function startApp(environment: NodeJS.ProcessEnv = {}): Promise<TestApp> {
  const directory = await makeDataDirectoryFor(environment);
  const config = readConfig({
    PORT: "0",
    DATA_DIR: directory.path,
    AUTH_JWT_SECRET: jwtSecret,
    LOG_LEVEL: "silent",
    ...environment,
  });
  const app = await start(config, createLog(config.logLevel));
  return {
    url: app.url,
    token,
    async [Symbol.asyncDispose]() {
      await app[Symbol.asyncDispose]();
      await directory[Symbol.asyncDispose]();
    },
  };
}
