import type { Browser, Page } from "playwright-core";
import { launchChromium } from "../services/chromium.js";

/** The sandbox in a browser from which no other host can be reached. */
export interface SandboxPage extends AsyncDisposable {
  readonly page: Page;
  /** What was asked of other hosts. */
  readonly foreignRequests: readonly string[];
  /** Errors and warnings on the console, and uncaught ones. */
  readonly complaints: readonly string[];
  /** Opens the tab of this example, from the list of examples. */
  openExample(title: string): Promise<void>;
  /** Sends the operation of the open tab. */
  send(): Promise<void>;
  /** Text of the answer in the open tab. */
  answer(): Promise<string>;
  /** The answers to the subscription of the open tab, the first one first. */
  events(): Promise<readonly unknown[]>;
  /** Text of one of the editors of the open tab. */
  textOf(editor: Editor): Promise<string>;
  /** Replaces the text of one of the editors, as a person would. */
  type(editor: Editor, text: string): Promise<void>;
  reload(): Promise<void>;
}

export type Editor = "operation.graphql" | "variables.json" | "request-headers.json" | "response.json";

/** Opens the sandbox of the service at this URL and waits until its editors are there. */
export async function openSandbox(url: string, width = 1280): Promise<SandboxPage> {
  const browser = await launchChromium();
  try {
    return await openPage(browser, url, width);
  } catch (error) {
    await browser.close();
    throw error;
  }
}

async function openPage(browser: Browser, url: string, width: number): Promise<SandboxPage> {
  const page = await browser.newPage({ viewport: { width, height: 800 } });
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
  await editorsAreFilled(page);
  return {
    page,
    foreignRequests,
    complaints,
    async openExample(title) {
      const show = page.getByRole("button", { name: "Show Examples" });
      if (await show.isVisible()) await show.click();
      await page.getByRole("navigation", { name: "Examples" }).getByText(title, { exact: true }).click();
    },
    send: () => page.getByRole("button", { name: /^Execute query/ }).click(),
    answer: () => textOf(page, "response.json"),
    async events() {
      const answers = Object.entries(parseAnswers((await textOf(page, "response.json")) || "{}"));
      return answers
        .filter(([label]) => /^\d+, at /.test(label))
        .map(([, answer]) => answer)
        .toReversed();
    },
    textOf: (editor) => textOf(page, editor),
    async type(editor, text) {
      await page.locator(`[data-uri$="${editor}"]`).click();
      await page.keyboard.press("ControlOrMeta+A");
      // With something selected, the editor puts it between brackets that are typed.
      await page.keyboard.press("Delete");
      await page.keyboard.insertText(text);
    },
    async reload() {
      await page.reload();
      await editorsAreFilled(page);
    },
    [Symbol.asyncDispose]: () => browser.close(),
  };
}

const parseAnswers: (text: string) => Record<string, unknown> = JSON.parse;

/** The variables are filled in last. */
async function editorsAreFilled(page: Page): Promise<void> {
  await page
    .getByRole("region", { name: /^(Variables|Headers)$/ })
    .getByText("}", { exact: true })
    .waitFor();
}

/** The whole text: of what the editor contains, the page has only what is in view. */
async function textOf(page: Page, editor: Editor): Promise<string> {
  return page.evaluate((editor) => {
    const { __MONACO } = globalThis as unknown as { __MONACO: Monaco };
    return (
      __MONACO.editor
        .getModels()
        .find(({ uri }) => uri.path.endsWith(editor))
        ?.getValue() ?? ""
    );
  }, editor);
}

/** What of the editor's library, which GraphiQL makes a global, is used here. */
interface Monaco {
  readonly editor: {
    getModels(): readonly { readonly uri: { readonly path: string }; getValue(): string }[];
  };
}
