/**
 * Takes the pictures of the front page: `npm run build && npx tsx docs/images/screenshots.ts`. It needs Chromium, at CHROMIUM_PATH or
 * /usr/bin/chromium.
 */
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { createServer } from "vite";
import { blocksOf, root } from "../../test/docs/blocks.js";
import { makeConsumer } from "../../test/docs/consumer.js";
import { demoToken } from "../../test/docs/demo-token.js";
import { CreateNotificationsDocument, MarkNotificationsReadDocument } from "../../src/client/generated.js";
import { startInstance } from "../../test/kit/instance.js";
import { request } from "../../test/kit/requests.js";

const hour = 3_600_000;

/** The oldest first. `age` in ms: the pictures show notifications of several days, and the service has them all from now. */
const notifications = [
  { title: "Welcome to the shop", category: "account.created", age: 50 * hour, read: true },
  {
    title: "Your invoice for October",
    category: "invoice.new",
    body: "The PDF is in your account.",
    age: 26 * hour,
    read: true,
  },
  {
    title: "Mia has answered your question",
    category: "comment.new",
    body: "Yes, it fits the older model, too.",
    age: 5 * hour,
    read: false,
  },
  {
    title: "Payment received",
    category: "payment.received",
    body: "Thank you! We are packing your order 4711.",
    age: 2 * hour,
    read: false,
  },
  {
    title: "It is on its way",
    category: "order.shipped",
    body: "Order 4711 arrives tomorrow between 9 and 12.",
    age: hour / 5,
    read: false,
  },
];

await using instance = await startInstance({ AUTH_JWT_SECRET: "" });
const browser = await chromium.launch({
  executablePath: process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
await fillInbox();
await takeInbox();
await takeDemo();
await browser.close();
// The process guard of the tests would keep this process alive.
await instance[Symbol.asyncDispose]();
process.exit(0);

async function fillInbox(): Promise<void> {
  const inputs = notifications.map(({ title, category, body }) => ({
    userId: "alice",
    title,
    category,
    body,
    actionUrl: "/orders/4711",
  }));
  const sender = await demoToken(instance.url, "sender=true");
  const { createNotifications } = await request(instance.url, sender, CreateNotificationsDocument, {
    inputs,
  });
  const ids = createNotifications.notifications
    .filter((_, index) => notifications[index]?.read)
    .map(({ id }) => id);
  const alice = await demoToken(instance.url, "userId=alice");
  await request(instance.url, alice, MarkNotificationsReadDocument, { userId: "alice", ids });
}

/** The application of docs/react.md, with the inbox open. */
async function takeInbox(): Promise<void> {
  await using consumer = await makeConsumer();
  await consumer.write(
    "index.html",
    `<!doctype html><meta charset="utf-8"><style>:root { color-scheme: light dark } body { margin: 12px; display: flex; justify-content: end; font-family: sans-serif; background: light-dark(#fff, #0d1117) }</style>
    <div id="root"></div><script type="module" src="/src/main.tsx"></script>`,
  );
  await consumer.write(
    "src/main.tsx",
    `import { createRoot } from "react-dom/client"; import App from "./App";
    createRoot(document.getElementById("root")).render(<App />);`,
  );
  for (const { info, text } of blocksOf("docs/react.md")) {
    const { file } = info;
    if (file !== undefined) await consumer.write(file, text.replace("http://127.0.0.1:4000", instance.url));
  }
  const vite = await createServer({
    root: consumer.folder,
    logLevel: "error",
    server: { port: 0, fs: { strict: false } },
  });
  await vite.listen();
  for (const colorScheme of ["light", "dark"] as const) {
    await using context = await browser.newContext({
      viewport: { width: 420, height: 500 },
      deviceScaleFactor: 2,
      colorScheme,
      locale: "en-US",
    });
    await spreadOut(context);
    const page = await context.newPage();
    await page.goto(vite.resolvedUrls?.local[0] ?? "");
    await page.locator(".carillon-inbox button").first().click();
    await page.getByText("It is on its way").waitFor();
    await save(page, `inbox-${colorScheme}`);
  }
  await vite.close();
}

/** Gives the notifications of the inbox's snapshot their ages. */
async function spreadOut(context: BrowserContext): Promise<void> {
  await context.route("**/graphql", async (route) => {
    const response = await route.fetch();
    const json = await response.text();
    const changed = json.replaceAll(/\{[^{}]*"title":"([^"]+)"[^{}]*\}/g, (item, title) => {
      const { age = 0 } = notifications.find((one) => one.title === title) ?? {};
      return item.replace(
        /"createdAt":"[^"]+"/,
        `"createdAt":"${new Date(Date.now() - age - 60_000).toISOString()}"`,
      );
    });
    await route.fulfill({ response, body: changed });
  });
}

/** The demo, after one of its users was away and is back. */
async function takeDemo(): Promise<void> {
  await using context = await browser.newContext({ viewport: { width: 1200, height: 690 }, locale: "en-US" });
  const page = await context.newPage();
  await page.goto(instance.url);
  const titles = ["Your order is packed", "It is on its way", "It has arrived"];
  await page.getByLabel("Title", { exact: true }).waitFor();
  await page.waitForTimeout(1000);
  await sendAll(page, titles.slice(0, 2));
  const cut = page.getByRole("button", { name: /cut/i });
  await cut.last().click();
  await sendAll(page, titles.slice(2));
  await page.getByRole("button", { name: "Reconnect" }).click();
  await page.getByText("live", { exact: true }).nth(1).waitFor();
  await save(page, "demo");
}

async function sendAll(page: Page, titles: readonly string[]): Promise<void> {
  for (const title of titles) {
    const options = await page.getByRole("combobox").first().locator("option").allInnerTexts();
    await page
      .getByRole("combobox")
      .first()
      .selectOption({ label: options.at(-1) ?? "" });
    await page.getByLabel("Title", { exact: true }).fill(title);
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await page.waitForTimeout(300);
  }
}

async function save(page: Page, name: string): Promise<void> {
  await page.waitForTimeout(500);
  await page.screenshot({ path: `${root}docs/images/${name}.png` });
}
