import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FastifyInstance } from "fastify";
import { packageFile } from "../../config/package-files.js";
import { registerFiles } from "../html/static-files.js";
import { setPageHeaders } from "../security/security-headers.js";
import { type DemoTokenOptions, registerDemoTokens } from "./demo-tokens.js";

const builtFiles = fileURLToPath(packageFile("src/demo/dist/"));

/**
 * Serves the demo at the root of the service, in development: a page on which two users watch their inboxes while a third
 * sends. Its files, built by src/demo, are below /demo/assets/, its tokens at /demo/token. It loads nothing from other hosts.
 */
export async function registerDemo(server: FastifyInstance, tokens: DemoTokenOptions): Promise<void> {
  registerDemoTokens(server, tokens);
  if (!existsSync(builtFiles)) {
    server.get("/", (_request, reply) => reply.code(404).send("The demo is not built. Run: npm run build\n"));
    return;
  }
  const page = await readFile(join(builtFiles, "index.html"));
  server.get("/", (_request, reply) => setPageHeaders(reply).send(page));
  registerFiles(server, "/demo/assets/", join(builtFiles, "assets"));
}
