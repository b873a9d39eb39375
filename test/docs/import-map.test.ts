/** The page without a bundler of docs/javascript.md runs in a browser as it stands there, against a real server. */
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { once } from "node:events";
import { extname } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, it } from "vitest";
import { startApp } from "../kit/app.js";
import { request } from "../kit/requests.js";
import { CreateNotificationDocument } from "../../src/client/generated.js";
import { launchChromium } from "../services/chromium.js";
import { freePort } from "../services/free-port.js";
import { blockToRun, root } from "./blocks.js";
import { demoToken } from "./demo-token.js";

const page = "docs/javascript.md";

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
});

it("works without a bundler", async () => {
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  await using app = await startApp({ AUTH_JWT_SECRET: "", CORS_ORIGINS: origin });
  const { text } = blockToRun(page, "import-map");
  const token = await demoToken(app.url, "userId=alice");
  const server = await serve(port, text.replace("http://127.0.0.1:4000", app.url).replace("eyJ…", token));
  try {
    await using tab = await browser.newPage();
    await tab.goto(origin);
    await tab.getByText("0 unread").waitFor();
    await createFor(app.url, "It is on its way");
    await tab.getByText("1 unread").waitFor();
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

async function createFor(url: string, title: string): Promise<void> {
  const input = { userId: "alice", category: "test", title };
  await request(url, await demoToken(url, "sender=true"), CreateNotificationDocument, { input });
}

/** Serves the page at /, and node_modules as an application has them: with this project among them. */
async function serve(port: number, html: string): Promise<Server> {
  const server = createServer(({ url = "/" }, response) => {
    const path = url.replace("/node_modules/@carillon/client/", "src/client/");
    const isScript = extname(path) === ".js";
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html; charset=utf-8");
    response.end(isScript ? readFileSync(root + path) : html);
  });
  server.listen(port, "localhost");
  await once(server, "listening");
  return server;
}
