import { readdir, readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { notify } from "../kit/backend.js";
import { eventually } from "../kit/eventually.js";
import type { InboxPage, PageOptions } from "./inbox-page.js";
import { changesOfLook, rememberLook, setPageStyle } from "./page-look.js";
import { openInboxFixture, type InboxFixture } from "./inbox-fixture.js";

const folder = new URL("page-styles/", import.meta.url);
const names = (await readdir(folder)).map((file) => file.replace(".css", ""));

/** Where the inbox stands and how large it is, is the page's own matter: here always the same. */
const place = `
  .carillon-inbox { position: fixed !important; float: none !important; margin: 0 !important; padding: 0 !important; border: 0 !important; transition: none !important; inset: 20px 20px auto auto !important; }
  .carillon-inbox[data-variant=panel] { inline-size: 400px !important; block-size: 560px !important; }`;

/** What a person does with it: each changes how a part of it looks. */
const states: Readonly<Record<string, (inbox: InboxPage) => Promise<void>>> = {
  "at rest": ({ page }) => page.mouse.move(0, 700),
  "under the mouse": ({ page }) =>
    page
      .getByRole("button", { name: /^Delete: / })
      .first()
      .hover(),
  "over a link": ({ page }) => page.getByRole("link").first().hover(),
  "after a click": ({ page }) => page.locator(".carillon-scroller").click({ position: { x: 90, y: 12 } }),
  "with the focus on a button": async ({ page }) => {
    await page.locator(".carillon-panel").focus();
    await page.keyboard.press("Tab");
  },
};

const looks: readonly PageOptions[] = [
  { users: ["full"], variant: "panel", theme: "light" },
  { users: ["full"], variant: "panel", theme: "dark", dir: "rtl" },
  { users: ["full"], variant: "popover", theme: "light" },
  { users: ["full"], variant: "popover", theme: "dark", viewport: { width: 390, height: 844 } },
  { users: ["empty"], variant: "panel", theme: "dark" },
];

/** So that the times on the list do not change while it is looked at. */
const inAnHour = Date.now() + 60 * 60 * 1000;

describe("<Inbox/> in the page of another", () => {
  let fixture: InboxFixture;
  beforeAll(async () => {
    fixture = await openInboxFixture();
    await notify(fixture.url, "full", "An order is on its way", { body: "It should arrive on Thursday." });
    await notify(
      fixture.url,
      "full",
      "A title that is long enough to need a second line in a list that is 400 pixels wide",
    );
    await notify(fixture.url, "full", "A link", {
      actionUrl: "/orders/7",
      priority: "URGENT",
      body: "And a text",
    });
  });
  afterAll(() => fixture[Symbol.asyncDispose]());

  it.each(looks)("looks as it does in an empty one: $users $variant $theme $dir", async (options) => {
    await using inbox = await fixture.open({ ...options, now: inAnHour });
    await settle(inbox, options);
    for (const [state, enter] of Object.entries(states)) {
      if (state !== "at rest" && options.theme === "dark") continue;
      await enter(inbox);
      await setPageStyle(inbox.page, place);
      await rememberLook(inbox.page);
      for (const name of names) {
        await setPageStyle(inbox.page, (await styleOf(name)) + place);
        expect(await changesOfLook(inbox.page), `${name}, ${state}`).toEqual([]);
        if (state === "at rest") await fixture.shoot(inbox, `isolation-${looks.indexOf(options)}-${name}`);
      }
    }
  });

  it("takes the page's direction, visibility and variables, and rules of its own that follow the style sheet", async () => {
    await using inbox = await fixture.open({ users: ["full"], variant: "panel", theme: "light" });
    await settle(inbox, { users: ["full"], variant: "panel" });
    const { page } = inbox;
    await setPageStyle(
      page,
      `${(await styleOf("vite")) + place}
      body { direction: rtl; }
      .app { --carillon-accent: #0a7d55; --carillon-font-size: 20px; --carillon-font: serif; }
      .carillon-inbox .carillon-item-title { font-style: italic; }
      .carillon-inbox .carillon-button { text-transform: uppercase; }`,
    );
    expect(await styleAt(page, ".carillon-panel", "direction", "font-family", "font-size")).toEqual([
      "rtl",
      "serif",
      "20px",
    ]);
    expect(await styleAt(page, ".carillon-item-title", "font-style")).toEqual(["italic"]);
    expect(await styleAt(page, ".carillon-button", "text-transform", "color")).toEqual([
      "uppercase",
      "rgb(10, 125, 85)",
    ]);
    await setPageStyle(page, "main { visibility: hidden; pointer-events: none; }");
    expect(await styleAt(page, ".carillon-item", "visibility", "pointer-events")).toEqual(["hidden", "none"]);
  });

  it("leaves to the page what the application renders within it", async () => {
    await using inbox = await fixture.open({ users: ["full"], variant: "panel", theme: "light" });
    await settle(inbox, { users: ["full"], variant: "panel" });
    const { page } = inbox;
    await setPageStyle(
      page,
      "p { margin: 7px; } .mine { color: rgb(1, 2, 3); } button { border: 2px solid; }",
    );
    await page
      .locator(".carillon-item")
      .first()
      .evaluate((item) => {
        item.insertAdjacentHTML(
          "beforeend",
          `<p class="mine">Mine</p><button class="mine-too">Mine</button>`,
        );
      });
    expect(await styleAt(page, ".mine", "margin-top", "color")).toEqual(["7px", "rgb(1, 2, 3)"]);
    expect(await styleAt(page, ".mine-too", "border-top-width")).toEqual(["2px"]);
  });
});

/** Opens the list where it has to be opened, and waits for what is on it. */
async function settle(inbox: InboxPage, { users, variant }: PageOptions): Promise<void> {
  const { page } = inbox;
  await page.evaluate(() => document.body.classList.add("app"));
  if (variant === "popover") await inbox.bell.click();
  if (users[0] === "empty") await page.getByText("You are all caught up").waitFor();
  else await eventually(async () => expect(await inbox.items.count()).toBe(3));
}

async function styleOf(name: string): Promise<string> {
  return await readFile(new URL(`${name}.css`, folder), "utf8");
}

async function styleAt(page: Page, selector: string, ...properties: string[]): Promise<string[]> {
  return await page
    .locator(selector)
    .first()
    .evaluate(
      (element, properties) =>
        properties.map((property) => getComputedStyle(element).getPropertyValue(property)),
      properties,
    );
}
