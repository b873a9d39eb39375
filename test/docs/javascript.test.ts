/** The pages of docs/javascript.md run in a browser as they stand there, against a real server. */
import { readFileSync } from "node:fs";
import { createServer as createHttpServer, type Server } from "node:http";
import { once } from "node:events";
import { extname } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createServer as createViteServer } from "vite";
import { startApp } from "../kit/app.js";
import { eventually } from "../kit/eventually.js";
import { request } from "../kit/requests.js";
import { CreateNotificationDocument } from "../../src/client/generated.js";
import { launchChromium } from "../services/chromium.js";
import { freePort } from "../services/free-port.js";
import { blocksOf, blockToRun, root } from "./blocks.js";
import { type Consumer, makeConsumer } from "./consumer.js";

const page = "docs/javascript.md";

let browser: Browser;
let consumer: Consumer;

beforeAll(async () => {
  [browser, consumer] = await Promise.all([launchChromium(), makeConsumer()]);
});
afterAll(async () => {
  await Promise.all([browser.close(), consumer[Symbol.asyncDispose]()]);
});

it("shows a live inbox in five minutes", async () => {
  await using app = await startApp({ AUTH_JWT_SECRET: "" });
  for (const { info, text } of blocksOf(page)) {
    if (info["file"] !== undefined) await consumer.write(info["file"], text);
  }
  const vite = await createViteServer({
    root: consumer.folder,
    logLevel: "silent",
    server: {
      port: await freePort(),
      proxy: { "/graphql": { target: app.url, ws: true }, "/demo/token": app.url },
      // The project is linked here, not installed.
      fs: { strict: false },
    },
  });
  try {
    await vite.listen();
    await using tab = await browser.newPage();
    await tab.goto(vite.resolvedUrls?.local[0] ?? "");
    await tab.getByText("live").waitFor();

    await createFor(app.url, "It is on its way");
    await tab.getByText("It is on its way (new)").click();
    await tab.getByText("It is on its way", { exact: true }).waitFor();
    await eventually(async () => expect(await tab.locator("#unread").innerText()).toBe("0 unread"));
  } finally {
    await vite.close();
  }
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

async function demoToken(url: string, who: string): Promise<string> {
  const { token } = (await (await fetch(`${url}/demo/token?${who}`)).json()) as { token: string };
  return token;
}

/** Serves the page at /, and node_modules as an application has them: with this project among them. */
async function serve(port: number, html: string): Promise<Server> {
  const server = createHttpServer(({ url = "/" }, response) => {
    const path = url.replace("/node_modules/carillon/", "/");
    const isScript = extname(path) === ".js";
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html; charset=utf-8");
    response.end(isScript ? readFileSync(root + path) : html);
  });
  server.listen(port, "localhost");
  await once(server, "listening");
  return server;
}
