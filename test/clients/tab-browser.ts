import type { Browser, BrowserContext, Page } from "playwright-core";
import type { HeartbeatOptions } from "../../src/client/connection/heartbeat.js";
import type { NotificationEvent } from "../../src/client/index.js";
import { startApp, type TestApp, token } from "../kit/app.js";
import { bundle } from "../kit/bundle.js";
import { launchChromium } from "../services/chromium.js";
// The globals of the pages.
import "./tab-globals.js";

/** A service, and a browser whose pages can make clients of it. */
export class TabBrowser implements AsyncDisposable {
  readonly app: TestApp;
  /** The client package, bundled: it sets the global `createClient`. */
  readonly script: string;
  readonly #browser: Browser;

  private constructor(app: TestApp, browser: Browser, script: string) {
    this.app = app;
    this.#browser = browser;
    this.script = script;
  }

  static async start(): Promise<TabBrowser> {
    const [app, browser, script] = await Promise.all([
      startApp(),
      launchChromium(),
      bundle(`import { createClient } from "@carillon/client"; globalThis.createClient = createClient;`),
    ]);
    return new TabBrowser(app, browser, script);
  }

  /** A context has storage, locks and channels of its own, as a person's browser has. */
  async openContext(): Promise<BrowserContext> {
    return await this.#browser.newContext({ bypassCSP: true });
  }

  /** A page with the service's origin, without a client. */
  async openPage(context: BrowserContext): Promise<Page> {
    const page = await context.newPage();
    // Any page of this origin will do.
    await page.goto(`${this.app.url}/health/live`);
    await page.addScriptTag({ content: this.script });
    return page;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
    await this.app[Symbol.asyncDispose]();
  }
}

export interface TabClientOptions {
  readonly userId: string;
  readonly after?: string | undefined;
  readonly heartbeat: HeartbeatOptions;
}

/** Starts a client in a page, which records its events. */
export async function openTabClient(
  page: Page,
  { userId, after, heartbeat }: TabClientOptions,
): Promise<void> {
  await page.evaluate(
    ({ userId, bearer, after, heartbeat }) => {
      globalThis.events = [];
      globalThis.client = globalThis.createClient({
        url: "/graphql",
        userId,
        token: () => bearer,
        after: after ?? null,
        heartbeat,
        retry: { first: 50, longest: 200 },
      });
      globalThis.statuses = [];
      client.connection.subscribe(({ status }) => statuses.push(status));
      client.listen((event) => events.push(event));
      client.start();
    },
    { userId, bearer: await token(userId), after, heartbeat },
  );
}

export async function eventsOf(page: Page): Promise<NotificationEvent[]> {
  return await page.evaluate(() => events);
}

export async function isShared(page: Page): Promise<boolean> {
  return await page.evaluate(() => client.connection.get().shared);
}
