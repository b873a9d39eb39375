import { get, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import type { WebSocket } from "playwright-core";
import { expect, test } from "vitest";
import { CreateNotificationDocument } from "../../src/client/generated.js";
import { startApp, token } from "../kit/app.js";
import { eventually } from "../kit/eventually.js";
import { request } from "../kit/requests.js";
import { openCutProxy } from "../services/cut-proxy.js";
import { openSandbox, type SandboxPage } from "./sandbox-page.js";

/** Without a secret the service makes its own, and with it the token that fills the page. */
const development = { AUTH_JWT_SECRET: "" };

const navigation = { headers: { accept: "text/html,application/xhtml+xml,*/*;q=0.8" } };

test("a new developer watches alice's events in one tab and creates a notification in another", async () => {
  await using app = await startApp(development);
  await using sandbox = await openSandbox(app.url);

  await sandbox.send();
  await eventually(async () => expect(await sandbox.answer()).toContain('"unreadCount": 0'));

  await sandbox.openExample("Watch");
  await sandbox.send();
  await expectEvents(sandbox, ["InboxReady 0"]);

  await sandbox.openExample("Create");
  await sandbox.send();
  await eventually(async () => expect(await sandbox.answer()).toContain("Your order is on its way"));

  await sandbox.openExample("Watch");
  await expectEvents(sandbox, ["InboxReady 0", "NotificationCreated 1"]);

  await sandbox.openExample("Mark all read");
  await sandbox.send();
  await sandbox.openExample("Watch");
  await expectEvents(sandbox, ["InboxReady 0", "NotificationCreated 1", "AllNotificationsRead 2"]);
});

test("a subscription ends with Stop, and with its tab", async () => {
  await using app = await startApp(development);
  await using sandbox = await openSandbox(app.url);
  const sockets: WebSocket[] = [];
  sandbox.page.on("websocket", (socket) => void sockets.push(socket));
  const isClosed = (index: number) => eventually(() => expect(sockets[index]?.isClosed()).toBe(true));

  await sandbox.openExample("Watch");
  await sandbox.send();
  await expectEvents(sandbox, ["InboxReady 0"]);
  await sandbox.page.getByRole("button", { name: /^Stop query/ }).click();
  await isClosed(0);

  await sandbox.send();
  await expectEvents(sandbox, ["InboxReady 0"]);
  await sandbox.openExample("Create");
  expect(sockets[1]?.isClosed()).toBe(false);
  const tab = sandbox.page.getByRole("tab", { name: "NotificationEvents" });
  await tab.hover();
  await tab.getByRole("button", { name: "Close Tab" }).click();
  await isClosed(1);
});

test("docs come from the schema, examples for each task are in a list, and nothing of any other host", async () => {
  await using app = await startApp(development);
  await using sandbox = await openSandbox(app.url);
  const { page } = sandbox;
  expect(await page.title()).toBe("Carillon sandbox");
  const tabs = await page.getByRole("tab").allInnerTexts();
  expect(tabs.map((text) => text.trim())).toEqual([
    "Inbox",
    "CreateNotification",
    "NotificationEvents",
    "MarkNotificationsRead",
    "MarkAllNotificationsRead",
    "DeleteNotifications",
    "ClearNotifications",
    "Notifications",
  ]);

  await page.getByRole("button", { name: "Show Documentation Explorer" }).click();
  const docs = page.getByRole("region", { name: "Documentation Explorer" });
  await docs.getByText("Subscription", { exact: true }).first().click();
  await docs.getByText("notificationEvents").first().waitFor();

  await sandbox.openExample("Endpoints");
  await sandbox.send();
  await eventually(async () => expect(await sandbox.answer()).toContain('"webhookEndpoints": []'));
  const groups = page.getByRole("navigation", { name: "Examples" }).getByRole("heading", { level: 3 });
  expect(await groups.allInnerTexts()).toEqual(["Inbox", "Webhooks", "Dead letters"]);
  await page.waitForLoadState("networkidle");

  expect(sandbox.foreignRequests).toEqual([]);
  expect(sandbox.complaints).toEqual([]);
});

test("a subscription in the sandbox resumes after its connection was lost", async () => {
  await using app = await startApp(development);
  await using line = await openCutProxy(app.url);
  await using sandbox = await openSandbox(line.url.replace(/\/$/, ""));
  await sandbox.openExample("Watch");
  await sandbox.send();
  await expectEvents(sandbox, ["InboxReady 0"]);

  const token = developmentToken(await pageAt(app.url)) ?? "";
  line.cut();
  await createNotification(app.url, token);
  await eventually(async () => expect(await sandbox.answer()).toContain('"reconnecting"'));
  line.heal();

  await expectEvents(sandbox, ["InboxReady 0", "NotificationCreated 1", "InboxReady 1"]);
  await createNotification(app.url, token);
  await expectEvents(sandbox, [
    "InboxReady 0",
    "NotificationCreated 1",
    "InboxReady 1",
    "NotificationCreated 2",
  ]);
  expect(await sandbox.answer()).not.toContain('"reconnecting"');
});

test("what a developer typed is there at the next visit, and the development token is always a new one", async () => {
  await using app = await startApp(development);
  await using sandbox = await openSandbox(app.url);

  await sandbox.openExample("Watch");
  await sandbox.type("variables.json", '{ "userId": "bob" }');
  const stored = (): Promise<string> => sandbox.page.evaluate(() => JSON.stringify(localStorage));
  await eventually(async () => expect(await stored()).toContain("bob"));
  expect(await stored()).not.toContain("eyJ");

  await sandbox.reload();
  expect(await sandbox.textOf("operation.graphql")).toContain("subscription NotificationEvents");
  expect(await sandbox.textOf("variables.json")).toContain("bob");
  const token = developmentToken(await sandbox.page.content());
  expect(token).toMatch(/^ey/);
  expect(await sandbox.textOf("request-headers.json")).toContain(`Bearer ${token}`);
  expect(await sandbox.page.getByRole("tab").count()).toBe(8);
});

test("without development tokens the page asks for one, and shows the docs when it has it", async () => {
  await using app = await startApp({ SANDBOX: "on" });
  await using sandbox = await openSandbox(app.url);
  await sandbox.page.getByText("This service needs a token of yours").waitFor();
  await sandbox.send();
  await eventually(async () => expect(await sandbox.answer()).toContain("UNAUTHENTICATED"));

  const authorization = `Bearer ${await token("alice")}`;
  await sandbox.type("request-headers.json", JSON.stringify({ authorization }));
  await sandbox.page.getByRole("button", { name: "Show Documentation Explorer" }).click();
  await sandbox.page.getByText("Root Types").waitFor();

  await sandbox.send();
  await eventually(async () => expect(await sandbox.answer()).toContain('"userId": "alice"'));
});

test("it can be used on a narrow screen", async () => {
  await using app = await startApp(development);
  await using sandbox = await openSandbox(app.url, 400);

  await sandbox.openExample("Endpoints");
  await sandbox.send();
  await eventually(async () => expect(await sandbox.answer()).toContain('"webhookEndpoints": []'));
  const editor = await sandbox.page.getByRole("region", { name: "Operation Editor" }).boundingBox();
  const result = await sandbox.page.getByRole("region", { name: "Result Window" }).boundingBox();
  expect(editor?.width).toBeGreaterThan(350);
  expect(result?.width).toBeGreaterThan(350);
});

test("only a page navigation gets the sandbox", async () => {
  await using app = await startApp(development);

  const page = await fetch(`${app.url}/graphql`, navigation);
  expect(page.headers.get("content-type")).toContain("text/html");
  expect(page.headers.get("content-security-policy")).toContain("script-src 'self';");
  expect(page.headers.get("cache-control")).toBe("no-store");

  const query = await fetch(`${app.url}/graphql?query={__typename}`, {
    headers: { accept: "application/json", "apollo-require-preflight": "1" },
  });
  expect(await query.json()).toEqual({ data: { __typename: "Query" } });
});

test("the development token is not given under a host name that someone else may own", async () => {
  await using app = await startApp(development);

  expect(developmentToken(await pageAt(app.url))).toMatch(/^ey/);
  expect(developmentToken(await pageAt(app.url, "rebound.example"))).toBeNull();
});

test("with a secret of one's own the page holds no token, and there is no demo", async () => {
  await using app = await startApp();
  expect(developmentToken(await pageAt(app.url))).toBeNull();
  await expectNoDemo(app.url);
});

test("the sandbox can be turned off, and the demo with it", async () => {
  await using app = await startApp({ ...development, SANDBOX: "off" });
  const answer = await fetch(`${app.url}/graphql`, navigation);
  expect(answer.headers.get("content-type")).not.toContain("text/html");
  await expectNoDemo(app.url);
});

async function expectNoDemo(url: string): Promise<void> {
  for (const path of ["/", "/demo/token?userId=alice"]) expect((await fetch(url + path)).status).toBe(404);
}

/** Waits until the answers of the open tab are these events and no others: their type and sequence. */
async function expectEvents(sandbox: SandboxPage, events: readonly string[]): Promise<void> {
  await eventually(async () => expect((await sandbox.events()).map(typeAndSequence)).toEqual(events));
}

function typeAndSequence(event: unknown): string {
  const { data } = event as { data: { notificationEvents: { __typename: string; sequence: number } } };
  return `${data.notificationEvents.__typename} ${data.notificationEvents.sequence}`;
}

/** The page as a browser gets it that knows the service by this host name. */
async function pageAt(url: string, host = new URL(url).host): Promise<string> {
  // Unlike fetch, this lets a test say the host.
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(`${url}/graphql`, { headers: { ...navigation.headers, host } }, resolve).on("error", reject);
  });
  return text(response);
}

/** The token that the page gives to its script; null: none. */
function developmentToken(page: string): string | null {
  const found = /"token":(null|"[^"]+")/.exec(page)?.[1];
  if (found === undefined) throw new Error("The page says nothing about a token");
  return found === "null" ? null : found.slice(1, -1);
}

async function createNotification(url: string, token: string): Promise<void> {
  const input = { userId: "alice", category: "order.shipped", title: "On its way" };
  await request(url, token, CreateNotificationDocument, { input });
}
