import { get, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { CreateNotificationDocument } from "../../src/client/generated.js";
import { startApp } from "../kit/app.js";
import { eventually } from "../kit/eventually.js";
import { request } from "../kit/requests.js";
import { openCutProxy } from "../services/cut-proxy.js";
import { openSandbox, type SandboxPage } from "./sandbox-page.js";

/** Without a secret the service makes its own, and with it the token that fills the page. */
const development = { AUTH_JWT_SECRET: "" };

const navigation = { headers: { accept: "text/html,application/xhtml+xml,*/*;q=0.8" } };

test("a newcomer watches alice's events in one tab and creates a notification in another", async () => {
  await using app = await startApp(development);
  await using sandbox = await openSandbox(app.url);

  await sandbox.send();
  await eventually(async () => expect((await sandbox.answers())[0]).toContain('"unreadCount": 0'));

  await sandbox.openTab("Watch");
  await sandbox.send();
  await expectEvents(sandbox, ["InboxReady 0"]);

  await sandbox.openTab("Create");
  await sandbox.send();
  await eventually(async () => expect((await sandbox.answers())[0]).toContain("Your order is on its way"));

  await sandbox.openTab("Watch");
  await expectEvents(sandbox, ["InboxReady 0", "NotificationCreated 1"]);

  await sandbox.openTab("Mark all read");
  await sandbox.send();
  await sandbox.openTab("Watch");
  await expectEvents(sandbox, ["InboxReady 0", "NotificationCreated 1", "AllNotificationsRead 2"]);
});

test("docs come from the schema, operations for each task are among the collections, and nothing of any other host", async () => {
  await using app = await startApp(development);
  await using sandbox = await openSandbox(app.url);

  await sandbox.page.getByRole("button", { name: "Docs" }).click();
  const docs = sandbox.page.locator("app-doc-viewer");
  await docs.getByText("Subscription", { exact: true }).first().click();
  await docs.getByText("notificationEvents").first().waitFor();

  // A second visit finds what the first has saved.
  await sandbox.page.reload();
  await sandbox.page.getByLabel("Collections").click();
  await sandbox.page.getByText("Carillon: webhooks").click();
  await sandbox.page.getByText("Endpoints", { exact: true }).click();
  await sandbox.openTab("Endpoints");
  await sandbox.send();
  await eventually(async () => expect((await sandbox.answers())[0]).toContain('"webhookEndpoints": []'));
  const collections = await sandbox.page.locator("app-query-collection-item").allInnerTexts();
  expect(collections.map((text) => text.split("\n")[0])).toEqual([
    "Carillon: inbox",
    "Carillon: webhooks",
    "Carillon: dead letters",
  ]);
  await sandbox.page.waitForLoadState("networkidle");

  expect(sandbox.foreignRequests).toEqual([]);
  expect(sandbox.complaints).toEqual([]);
});

test("a subscription in the sandbox goes on where it was after its connection was lost", async () => {
  await using app = await startApp(development);
  await using line = await openCutProxy(app.url);
  await using sandbox = await openSandbox(line.url.replace(/\/$/, ""));
  await sandbox.openTab("Create");
  await sandbox.openTab("Watch");
  await sandbox.send();
  await expectEvents(sandbox, ["InboxReady 0"]);

  const token = developmentToken(await pageAt(app.url));
  line.cut();
  await createNotification(app.url, token);
  await eventually(() => expect(sandbox.complaints.join("\n")).toContain("WebSocket connection"));
  line.heal();

  await expectEvents(sandbox, ["InboxReady 0", "NotificationCreated 1", "InboxReady 1"]);
  await createNotification(app.url, token);
  await expectEvents(sandbox, [
    "InboxReady 0",
    "NotificationCreated 1",
    "InboxReady 1",
    "NotificationCreated 2",
  ]);
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
  expect(developmentToken(await pageAt(app.url, "rebound.example"))).toBe("");
});

test("with a secret of one's own the page holds no token, and there is no demo", async () => {
  await using app = await startApp();
  expect(developmentToken(await pageAt(app.url))).toBe("");
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
  await eventually(async () => expect((await sandbox.answers()).map(typeAndSequence)).toEqual(events));
}

function typeAndSequence(answer: string): string {
  const type = /"__typename": "(\w+)"/.exec(answer)?.[1];
  const sequence = /"sequence": (\d+)/.exec(answer)?.[1];
  return `${type} ${sequence}`;
}

/** The page as a browser gets it that knows the service by this host name. */
async function pageAt(url: string, host = new URL(url).host): Promise<string> {
  // Unlike fetch, this lets a test say the host.
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(`${url}/graphql`, { headers: { ...navigation.headers, host } }, resolve).on("error", reject);
  });
  return text(response);
}

function developmentToken(page: string): string | undefined {
  return /"token":"([^"]*)"/.exec(page)?.[1];
}

async function createNotification(url: string, token = ""): Promise<void> {
  const input = { userId: "alice", category: "order.shipped", title: "On its way" };
  await request(url, token, CreateNotificationDocument, { input });
}
