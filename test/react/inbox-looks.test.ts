import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inboxOf, markRead, notify, notifyMany } from "../kit/backend.js";
import { eventually } from "../kit/eventually.js";
import { upTo } from "../kit/items.js";
import { waitUntil } from "../services/wait-until.js";
import type { InboxPage } from "./inbox-page.js";
import { openInboxFixture, type InboxFixture } from "./inbox-fixture.js";

describe("What <Inbox/> looks like", () => {
  let fixture: InboxFixture;
  beforeAll(async () => {
    fixture = await openInboxFixture();
  });
  afterAll(() => fixture[Symbol.asyncDispose]());

  it("scrolls through 10,000 notifications with a small document", { timeout: 300_000 }, async () => {
    for (const part of upTo(10)) {
      await notifyMany(
        fixture.url,
        upTo(1000).map((n) => ({
          userId: "many",
          title: `Number ${(part - 1) * 1000 + n}`,
          category: "test",
          body: "A text that is longer for some than it is for others. ".repeat(n % 4),
        })),
      );
    }
    await using inbox = await fixture.open({ users: ["many"], variant: "panel" });
    const { page } = inbox;
    await inbox.item("Number 10000").waitFor();
    const frames = await page.evaluate(scrollToTheEnd);
    await inbox.item("Number 1").waitFor();
    expect(frames.mostArticles).toBeLessThan(60);
    expect(frames.height).toBeGreaterThan(10_000 * 60);
    expect((await inbox.audit()).violations).toEqual([]);

    const smooth = await page.evaluate(scrollSmoothly);
    process.stdout.write(
      `10,000 notifications: ${frames.mostArticles} articles in the document at most; frames while it scrolls through loaded ` +
        `ones: ${smooth.count}, median ${smooth.median.toFixed(1)} ms, 95th percentile ${smooth.high.toFixed(1)} ms, longest ${smooth.longest.toFixed(1)} ms\n`,
    );

    // What is read stays where it is when something arrives above.
    await page.locator(".carillon-scroller").evaluate((scroller) => scroller.scrollTo(0, 5000));
    let before = await topmost(inbox);
    await waitUntil("the heights to be measured", async () => {
      const last = before;
      before = await topmost(inbox);
      return before.id === last.id && before.offset === last.offset;
    });
    await notify(fixture.url, "many", "Something new");
    await expectBellCount(inbox, 10_001);
    await eventually(async () => expect(await topmost(inbox)).toEqual(before));
    expect(inbox.consoleProblems).toEqual([]);
  });

  it.each([
    ["phone-light", { viewport: phone, theme: "light" }],
    ["phone-dark", { viewport: phone, theme: "dark" }],
    ["phone-rtl", { viewport: phone, dir: "rtl" }],
    ["desktop-dark", { theme: "dark" }],
    ["desktop-rtl", { dir: "rtl" }],
  ] as const)("has no violation that axe-core knows: %s", async (name, options) => {
    const userId = `looks-${name}`;
    const rtl = "dir" in options;
    for (const [title, body] of rtl ? hebrew : english) {
      await notify(fixture.url, userId, title, { body, actionUrl: "/orders/7", priority: priorityOf(title) });
    }
    const { notifications } = await inboxOf(fixture.url, userId);
    await markRead(
      fixture.url,
      userId,
      notifications.nodes.slice(2, 4).map(({ id }) => id),
    );
    const isPhone = "viewport" in options;
    await using inbox = await fixture.open({
      users: [userId],
      ...options,
      context: isPhone ? { hasTouch: true, isMobile: true } : {},
    });
    await inbox.bell.click();
    await eventually(async () => expect(await inbox.items.count()).toBe(english.length));
    await inbox.items.first().hover();
    const audit = await inbox.audit();
    expect(audit.violations).toEqual([]);
    expect(audit.passes).toBeGreaterThan(20);
    if (isPhone) {
      const sizes = await inbox.panel
        .getByRole("button")
        .evaluateAll((all) => all.map((button) => button.getBoundingClientRect().height));
      expect(Math.min(...sizes)).toBeGreaterThanOrEqual(44);
    }
    await fixture.shoot(inbox, name);
  });
});

async function expectBellCount(inbox: InboxPage, unread: number): Promise<void> {
  await inbox.page.getByLabel("Unread", { exact: true }).getByText(`${unread}`, { exact: true }).waitFor();
}

const phone = { width: 390, height: 844 };

const english = [
  ["Welcome to Carillon", "Everything that happens appears here, at once and once."],
  ["Your weekly summary is ready", "12 orders, 3 returns."],
  ["Your password was changed", null],
  [
    "A title that is long enough to need a second line on a telephone, and perhaps on a desktop too",
    "And a body that goes on for a while, so that one can see how it is cut off after three lines, as it should be in a list that is to be read at a glance and not from the beginning to the end by everyone.",
  ],
  ["Your order is on its way", "It should arrive on Thursday."],
  ["Payment failed", "We will try again tomorrow."],
] as const;

const hebrew = [
  ["ברוכים הבאים", "כל מה שקורה מופיע כאן."],
  ["הסיכום השבועי שלך מוכן", "12 הזמנות, 3 החזרות."],
  ["הסיסמה שלך שונתה", null],
  ["Mixed: הזמנה מספר 1042 בדרך", "It should arrive on Thursday."],
  ["ההזמנה שלך בדרך", "היא אמורה להגיע ביום חמישי."],
  ["התשלום נכשל", "ננסה שוב מחר."],
] as const;

function priorityOf(title: string): "URGENT" | "NORMAL" {
  return ["Payment failed", "התשלום נכשל"].includes(title) ? "URGENT" : "NORMAL";
}

/** The article at the top of what is seen, and where it is. */
async function topmost({ page }: InboxPage): Promise<{ id: string | undefined; offset: number }> {
  return await page.locator(".carillon-scroller").evaluate((scroller) => {
    const { top } = scroller.getBoundingClientRect();
    const articles = [...scroller.querySelectorAll<HTMLElement>("article")];
    const article = articles.find((one) => one.getBoundingClientRect().bottom > top + 1);
    return {
      id: article?.dataset["id"],
      offset: Math.round((article?.getBoundingClientRect().top ?? 0) - top),
    };
  });
}

/** Scrolls down until everything is loaded. Runs in the page. */
async function scrollToTheEnd(): Promise<{ mostArticles: number; height: number }> {
  const scroller = document.querySelector(".carillon-scroller");
  if (scroller === null) throw new Error("There is no list");
  let mostArticles = 0;
  const feed = scroller.querySelector("[role=feed]");
  while (document.querySelector('[aria-posinset="10000"]') === null) {
    scroller.scrollTo(0, scroller.scrollHeight);
    await new Promise((resolve) => requestAnimationFrame(resolve));
    mostArticles = Math.max(mostArticles, scroller.querySelectorAll("article").length);
  }
  return { mostArticles, height: feed?.clientHeight ?? 0 };
}

/** Scrolls up by 120 pixels a frame, and measures the frames in milliseconds. Runs in the page. */
async function scrollSmoothly(): Promise<{ count: number; median: number; high: number; longest: number }> {
  const scroller = document.querySelector(".carillon-scroller");
  if (scroller === null) throw new Error("There is no list");
  const times: number[] = [];
  let last = performance.now();
  for (let frame = 0; frame < 180; frame += 1) {
    scroller.scrollBy(0, -120);
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const now = performance.now();
    times.push(now - last);
    last = now;
  }
  const sorted = times.toSorted((a, b) => a - b);
  return {
    count: sorted.length,
    median: sorted[Math.floor(sorted.length / 2)] ?? 0,
    high: sorted[Math.floor(sorted.length * 0.95)] ?? 0,
    longest: sorted.at(-1) ?? 0,
  };
}
