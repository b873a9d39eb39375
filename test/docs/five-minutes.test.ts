/** Each page that promises a live inbox in five minutes keeps it: its files run in a browser as they stand there, against a real server. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createServer } from "vite";
import { CreateNotificationDocument } from "../../src/client/generated.js";
import { startApp, type TestApp } from "../kit/app.js";
import { eventually } from "../kit/eventually.js";
import { request } from "../kit/requests.js";
import { launchChromium } from "../services/chromium.js";
import { freePort } from "../services/free-port.js";
import { blocksOf } from "./blocks.js";
import { makeConsumer } from "./consumer.js";
import { demoToken } from "./demo-token.js";

/** What `npm create vite@latest -- --template react-ts` makes, as far as the pages do not replace it. */
const template = {
  "index.html": `<!doctype html><div id="root"></div><script type="module" src="/src/main.tsx"></script>`,
  "src/main.tsx": `import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import App from "./App.tsx";

createRoot(document.getElementById("root")!).render(<StrictMode><App /></StrictMode>);`,
};

let browser: Browser;
let app: TestApp;

beforeAll(async () => {
  [browser, app] = await Promise.all([launchChromium(), startApp({ AUTH_JWT_SECRET: "" })]);
});
afterAll(async () => {
  await Promise.all([browser.close(), app[Symbol.asyncDispose]()]);
});

it("docs/javascript.md", async () => {
  await using site = await serveFilesOf("docs/javascript.md", {});
  await using tab = await browser.newPage();
  await tab.goto(site.url);
  await tab.getByText("live").waitFor();
  await sendToAlice("Plain");
  await tab.getByText("Plain (new)").click();
  await tab.getByText("Plain", { exact: true }).waitFor();
  await eventually(async () => expect(await tab.locator("#unread").innerText()).toBe("0 unread"));
});

it("docs/react.md", async () => {
  await using site = await serveFilesOf("docs/react.md", template);
  await using tab = await browser.newPage();
  await tab.goto(site.url);
  await tab.locator(".carillon-inbox button").first().click();
  await sendToAlice("React");
  await tab.getByText("React", { exact: true }).waitFor();
});

it.each(["docs/apollo.md", "docs/urql.md"])("%s", async (page) => {
  await using site = await serveFilesOf(page, template);
  await using tab = await browser.newPage();
  await tab.goto(site.url);
  const unread = Number.parseInt(await tab.getByRole("heading", { name: "unread" }).innerText(), 10);
  await sendToAlice(page);
  const item = tab.getByRole("listitem").filter({ hasText: page });
  await item.waitFor();
  await tab.getByRole("heading", { name: `${unread + 1} unread` }).waitFor();
  await item.getByRole("button", { name: "Delete" }).click();
  await tab.getByRole("heading", { name: `${unread} unread` }).waitFor();
  await item.waitFor({ state: "detached" });
});

interface Site extends AsyncDisposable {
  readonly url: string;
}

/** Serves an application of a page's files, and of these others, by Vite with the page's own configuration. */
async function serveFilesOf(page: string, others: Readonly<Record<string, string>>): Promise<Site> {
  const consumer = await makeConsumer();
  for (const [name, text] of Object.entries(others)) await consumer.write(name, text);
  for (const { info, text } of blocksOf(page)) {
    const { file } = info;
    if (file !== undefined) await consumer.write(file, text.replace("http://127.0.0.1:4000", app.url));
  }
  const vite = await createServer({
    root: consumer.folder,
    logLevel: "silent",
    // The packages are linked here, not installed.
    server: { port: await freePort(), fs: { strict: false } },
  });
  await vite.listen();
  return {
    url: vite.resolvedUrls?.local[0] ?? "",
    async [Symbol.asyncDispose]() {
      await vite.close();
      await consumer[Symbol.asyncDispose]();
    },
  };
}

async function sendToAlice(title: string): Promise<void> {
  const input = { userId: "alice", category: "test", title };
  await request(app.url, await demoToken(app.url, "sender=true"), CreateNotificationDocument, { input });
}
