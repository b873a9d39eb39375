import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AxeResults } from "axe-core";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { build, preview } from "vite";
import { token } from "../kit/app.js";

const axe = fileURLToPath(import.meta.resolve("axe-core/axe.min.js"));

/** An example, built and served as its README says, but for its tokens, which are short-lived. */
export interface Example extends AsyncDisposable {
  readonly url: string;
  /** How many tokens were asked for. */
  readonly tokens: () => number;
}

/** Builds and serves the example. @param service where Carillon is. @param tokenLife in seconds */
export async function serveExample(name: string, service: string, tokenLife: number): Promise<Example> {
  const outDir = await mkdtemp(join(tmpdir(), "carillon-example-"));
  const root = fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));
  await build({ root, logLevel: "silent", build: { outDir, emptyOutDir: true } });
  let tokens = 0;
  const server = await preview({
    root,
    logLevel: "silent",
    build: { outDir },
    preview: { port: 0, host: "127.0.0.1", proxy: { "/graphql": { target: service, ws: true } } },
    plugins: [
      {
        name: "tokens",
        configurePreviewServer({ middlewares }) {
          middlewares.use("/demo/token", (request, response) => {
            const userId = new URLSearchParams(request.url?.split("?")[1]).get("userId") ?? "";
            tokens += 1;
            void token(userId, "", tokenLife).then((signed) => {
              response.setHeader("content-type", "application/json");
              response.end(JSON.stringify({ token: signed }));
            });
          });
        },
      },
    ],
  });
  return {
    url: server.resolvedUrls?.local[0] ?? "",
    tokens: () => tokens,
    async [Symbol.asyncDispose]() {
      await server.close();
      await rm(outDir, { recursive: true, force: true });
    },
  };
}

/** The page of an example in a browser of its own. */
export interface ExamplePage extends AsyncDisposable {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors and warnings on the console but for requests that failed, and uncaught ones. */
  readonly consoleProblems: readonly string[];
  titles(): Promise<string[]>;
  unread(): Promise<string>;
  press(name: string): Promise<void>;
  /** What axe-core finds wrong with the page as it is. */
  violations(): Promise<string[]>;
}

export async function openExample(browser: Browser, url: string, userId: string): Promise<ExamplePage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const consoleProblems: string[] = [];
  page.on("console", (message) => {
    const isTrouble = message.type() === "error" || message.type() === "warning";
    if (isTrouble && !/Failed to load resource|WebSocket connection/.test(message.text())) {
      consoleProblems.push(message.text());
    }
  });
  page.on("pageerror", (error) => void consoleProblems.push(error.message));
  await page.goto(`${url}?userId=${userId}`);
  await page.getByRole("heading", { name: "Inbox" }).waitFor();
  await page.addScriptTag({ path: axe });
  return {
    page,
    context,
    consoleProblems,
    titles: () => page.locator(".title").allInnerTexts(),
    unread: () => page.getByLabel("Unread", { exact: true }).innerText(),
    press: (name) => page.getByRole("button", { name, exact: true }).click(),
    async violations() {
      const { violations } = await page.evaluate<AxeResults>("axe.run()");
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(", ")}`);
    },
    [Symbol.asyncDispose]: () => context.close(),
  };
}
