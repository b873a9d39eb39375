/**
 * The demo: a page on which two users watch their inboxes while someone sends, at the root of the service, in development.
 * Its files are built from src/demo into dist/demo. Like the sandbox it needs no other host, and its policy allows none.
 */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FastifyInstance } from "fastify";
import { setPageHeaders } from "../pages/page-headers.js";
import { listFiles, registerFiles } from "../pages/static-files.js";
import { type DemoTokenOptions, registerDemoTokens } from "./tokens.js";

// The same from src/http/demo and from dist/http/demo.
const builtFiles = fileURLToPath(new URL("../../../dist/demo/", import.meta.url));

/** Serves the demo at /, its files below /demo/assets/, and its tokens at /demo/token. */
export async function registerDemo(app: FastifyInstance, tokens: DemoTokenOptions): Promise<void> {
  registerDemoTokens(app, tokens);
  if (!existsSync(builtFiles)) {
    app.get("/", (_request, reply) => reply.code(404).send("The demo is not built: npm run build\n"));
    return;
  }
  const page = await readFile(join(builtFiles, "index.html"));
  app.get("/", (_request, reply) => setPageHeaders(reply).send(page));
  registerFiles(app, "/demo/assets/", await listFiles({ "": join(builtFiles, "assets") }));
}
