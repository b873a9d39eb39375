import { fileURLToPath } from "node:url";
import type { AxeResults } from "axe-core";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";

const axe = fileURLToPath(import.meta.resolve("axe-core/axe.min.js"));

/** The demo in a browser context of its own, from which no other host can be reached. */
export interface DemoPage extends AsyncDisposable {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What was asked of other hosts. */
  readonly foreignRequests: readonly string[];
  /** Errors and warnings on the console, and uncaught ones. */
  readonly consoleProblems: readonly string[];
  /** One of the two users. */
  user(name: string): DemoUser;
  /** Sends one to these, and waits until it is acknowledged. */
  send(to: string, title: string): Promise<void>;
  /** What axe-core finds wrong with the page as it is. */
  violations(): Promise<string[]>;
}

export interface DemoUser {
  readonly panel: Locator;
  /** The log, the oldest first, without the delays: `1 created: It is here, live`. */
  events(): Promise<string[]>;
  /** "live", "cut off" … */
  connection(): Promise<string>;
  /** What is counted to be 0. */
  sequenceCheck(): Promise<string>;
  unread(): Promise<string>;
  titles(): Promise<string[]>;
  press(button: string): Promise<void>;
}

/** Opens the demo of the service at this URL. @param prepare is called before the page is loaded */
export async function openDemo(
  browser: Browser,
  url: string,
  prepare: (context: BrowserContext) => Promise<void> = async () => undefined,
): Promise<DemoPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const foreignRequests: string[] = [];
  const consoleProblems: string[] = [];
  const { origin } = new URL(url);
  await context.route(
    (requested) => requested.origin !== origin && requested.protocol.startsWith("http"),
    async (route) => {
      foreignRequests.push(route.request().url());
      await route.abort();
    },
  );
  await context.addInitScript({ path: axe });
  await prepare(context);
  const page = await context.newPage();
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") consoleProblems.push(message.text());
  });
  page.on("pageerror", (error) => void consoleProblems.push(error.message));
  await page.goto(url);
  return {
    page,
    context,
    foreignRequests,
    consoleProblems,
    user: (name) => userOf(page, name),
    async send(to, title) {
      await page.getByLabel("To").selectOption({ label: to });
      await page.getByLabel("Title").fill(title);
      const acknowledged = page.waitForResponse((response) => response.url().endsWith("/graphql"));
      await page.getByRole("button", { name: "Send", exact: true }).click();
      await acknowledged;
    },
    async violations() {
      const { violations } = await page.evaluate<AxeResults>("axe.run()");
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(", ")}`);
    },
    [Symbol.asyncDispose]: () => context.close(),
  };
}

function userOf(page: Page, name: string): DemoUser {
  const panel = page.getByRole("region", { name, exact: true });
  const rows = panel.getByRole("region", { name: `Events of ${name}` }).locator("tbody tr");
  return {
    panel,
    async events() {
      const texts = await rows.evaluateAll((all) =>
        all.map((row) => [...row.children].map((cell) => cell.textContent)),
      );
      return texts
        .map(([number, event, , how]) => `${number} ${event}${how === undefined ? "" : `, ${how}`}`)
        .toReversed();
    },
    connection: () => panel.locator(".connection").innerText(),
    sequenceCheck: () => panel.locator(".sequence-check").innerText(),
    unread: async () => (await panel.locator(".badge").textContent()) ?? "",
    titles: () => panel.locator("li strong").allTextContents(),
    press: (button) => panel.getByRole("button", { name: button }).first().click(),
  };
}
