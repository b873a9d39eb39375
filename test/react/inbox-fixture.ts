import { mkdir } from "node:fs/promises";
import { startApp } from "../kit/app.js";
import { launchChromium } from "../services/chromium.js";
import { bundlePage, type InboxPage, openInboxPage, type PageOptions } from "./inbox-page.js";

/** What the tests of a file share: the service, a browser, and the application's script. */
export interface InboxFixture extends AsyncDisposable {
  readonly url: string;
  /** Opens the application. @param url of another instance than the fixture's own */
  open(options: PageOptions, url?: string): Promise<InboxPage>;
  /** Takes a screenshot into the folder SCREENSHOTS, to be looked at; without it, takes none. */
  shoot(inbox: InboxPage, name: string): Promise<void>;
}

export async function openInboxFixture(): Promise<InboxFixture> {
  const screenshots = process.env["SCREENSHOTS"];
  if (screenshots !== undefined) await mkdir(screenshots, { recursive: true });
  const [app, browser, script] = await Promise.all([startApp(), launchChromium(), bundlePage()]);
  return {
    url: app.url,
    open: (options, url = app.url) => openInboxPage(browser, script, url, options),
    async shoot({ page }, name) {
      if (screenshots !== undefined) await page.screenshot({ path: `${screenshots}/${name}.png` });
    },
    async [Symbol.asyncDispose]() {
      await browser.close();
      await app[Symbol.asyncDispose]();
    },
  };
}
