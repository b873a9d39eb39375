import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { AxeResults } from "axe-core";
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from "playwright-core";
import { token } from "../kit/app.js";
import { bundle } from "../kit/bundle.js";
import type { mountInbox as mount } from "./page.js";

declare global {
  var mountInbox: typeof mount;
}

const axe = fileURLToPath(import.meta.resolve("axe-core/axe.min.js"));
const css = fileURLToPath(import.meta.resolve("@carillon/react/inbox.css"));

/** What the page runs. */
export async function bundlePage(): Promise<string> {
  return await bundle(`import { mountInbox } from "../react/page.tsx"; globalThis.mountInbox = mountInbox;`);
}

export interface PageOptions {
  /** The first is shown; a button changes to the next. */
  readonly users: readonly string[];
  readonly variant?: "popover" | "panel";
  readonly theme?: "light" | "dark";
  readonly dir?: "ltr" | "rtl";
  readonly viewport?: { readonly width: number; readonly height: number };
  /** The time at which its clock stands, in milliseconds since 1970; undefined: it goes. */
  readonly now?: number;
  /** Seconds that its tokens last. */
  readonly tokenLife?: number;
  readonly context?: BrowserContextOptions;
}

/** An application with the inbox, in a context of its own. */
export interface InboxPage extends AsyncDisposable {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly bell: Locator;
  readonly panel: Locator;
  readonly items: Locator;
  /** Errors and warnings on the console, and uncaught ones. */
  readonly consoleProblems: readonly string[];
  /** How many tokens it asked for. */
  readonly tokens: () => number;
  titles(): Promise<string[]>;
  item(title: string): Locator;
  /** What axe-core finds wrong with the page as it is, and how many of its checks passed. */
  audit(): Promise<{ violations: string[]; passes: number }>;
}

/** Opens the page with the origin of the service. */
export async function openInboxPage(
  browser: Browser,
  script: string,
  url: string,
  { users, variant, theme, dir = "ltr", viewport, now, tokenLife = 3600, context: more }: PageOptions,
): Promise<InboxPage> {
  const context = await browser.newContext({
    bypassCSP: true,
    viewport: viewport ?? { width: 1280, height: 800 },
    ...more,
  });
  await context.route("**/favicon.ico", (route) => route.fulfill({ status: 204 }));
  if (now !== undefined) await context.clock.setFixedTime(now);
  const page = await context.newPage();
  const consoleProblems: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") consoleProblems.push(message.text());
  });
  page.on("pageerror", (error) => void consoleProblems.push(error.message));
  let asked = 0;
  await page.exposeFunction("askToken", async (userId: string) => {
    asked += 1;
    return await token(userId, "", tokenLife);
  });

  // Any page of this origin serves; its content is replaced.
  await page.goto(`${url}/health/live`);
  await page.setContent(
    `<!doctype html><html lang="en" dir="${dir}"><head><meta name="viewport" content="width=device-width"><title>Inbox</title></head>` +
      `<body><div id="app"></div></body></html>`,
  );
  await page.addStyleTag({ content: (await readFile(css, "utf8")) + pageStyle(theme) });
  await page.addScriptTag({ content: script });
  await page.addScriptTag({ path: axe });
  await page.evaluate(({ users, props }) => mountInbox(users, props), {
    users,
    props: { ...(variant !== undefined && { variant }), ...(theme !== undefined && { theme }) },
  });
  await page.getByLabel("Connection", { exact: true }).getByText("live").waitFor();
  const items = page.getByRole("article");
  return {
    page,
    context,
    bell: page.getByRole("button", { name: /^Notifications/ }),
    panel: page.locator(".carillon-panel"),
    items,
    consoleProblems,
    tokens: () => asked,
    titles: () => page.locator(".carillon-title").allInnerTexts(),
    item: (title) => items.filter({ has: page.getByText(title, { exact: true }) }),
    async audit() {
      const { violations, passes } = await page.evaluate<AxeResults>("axe.run()");
      return {
        violations: violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(", ")}`),
        passes: passes.length,
      };
    },
    [Symbol.asyncDispose]: () => context.close(),
  };
}

function pageStyle(theme: "light" | "dark" | undefined): string {
  const colors =
    theme === "dark" ? "background: #101114; color: #eceef3" : "background: #fafafb; color: #16181d";
  return `
    body { margin: 0; font: 15px system-ui; ${colors} }
    header { display: flex; align-items: center; gap: 12px; padding: 8px 16px; }
    header h1 { margin: 0; margin-inline-end: auto; font-size: 18px; }
    main { block-size: calc(100dvh - 62px); }
  `;
}
