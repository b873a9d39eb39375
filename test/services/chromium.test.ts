import { expect, test } from "vitest";
import { launchChromium } from "./chromium.js";

test("a browser runs a page's script", async () => {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.setContent("<title>Carillon</title>");
    expect(await page.title()).toBe("Carillon");
  } finally {
    await browser.close();
  }
});
