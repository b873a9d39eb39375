import type { Browser, Locator, Page } from "playwright-core";
import { launchChromium } from "../services/chromium.js";

/** The sandbox in a browser from which no other host can be reached. */
export interface SandboxPage extends AsyncDisposable {
  readonly page: Page;
  /** What was asked of other hosts. */
  readonly foreignRequests: readonly string[];
  /** Errors and warnings on the console, and uncaught ones. */
  readonly complaints: readonly string[];
  openTab(title: string): Promise<void>;
  /** Sends the operation of the open tab. */
  send(): Promise<void>;
  /** Text of the answers in the open tab: one for a query or mutation, one an event for a subscription. */
  answers(): Promise<readonly string[]>;
}

/** Opens the sandbox of the service at this URL and waits until its tabs are there. */
export async function openSandbox(url: string): Promise<SandboxPage> {
  const browser = await launchChromium();
  try {
    return await openPage(browser, url);
  } catch (error) {
    await browser.close();
    throw error;
  }
}

async function openPage(browser: Browser, url: string): Promise<SandboxPage> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const foreignRequests: string[] = [];
  const complaints: string[] = [];
  const { origin } = new URL(url);
  await page.context().route(
    (requested) => requested.origin !== origin && requested.protocol.startsWith("http"),
    async (route) => {
      foreignRequests.push(route.request().url());
      await route.abort();
    },
  );
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => void complaints.push(error.message));

  await page.goto(`${url}/graphql`);
  await tab(page, "Inbox").and(page.locator(activeTab)).waitFor();
  return {
    page,
    foreignRequests,
    complaints,
    async openTab(title) {
      await tab(page, title).click();
      await tab(page, title).and(page.locator(activeTab)).waitFor();
      await page.locator(".show-variables").waitFor();
    },
    async send() {
      await page.locator(".send-request__button").click();
    },
    answers: () => page.locator(".query-result-container .cm-content").allInnerTexts(),
    [Symbol.asyncDispose]: () => browser.close(),
  };
}

const activeTab = ".window-switcher__item--active";

function tab(page: Page, title: string): Locator {
  return page
    .locator(".window-switcher__item")
    .filter({ has: page.locator(".window-switcher__input").getByText(title, { exact: true }) });
}
