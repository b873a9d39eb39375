// @ts-check
/** Starts Altair with the options that the page bears, and puts in order what its options cannot say. */
import { saveCollections } from "./collections.js";
import { ResumingSocket } from "./resuming-socket.js";

/** @import { Collection } from "./collections.js" */
/** @type {(data: string) => { options: { initialWindows: unknown[] }, collections: Collection[] }} What the server wrote. */
const parse = JSON.parse;
const { options, collections } = parse(document.querySelector("#sandbox-data")?.textContent ?? "");

globalThis.WebSocket = new Proxy(globalThis.WebSocket, {
  construct(Target, /** @type {[string | URL, string?]} */ [url, protocol]) {
    return protocol === "graphql-transport-ws"
      ? new ResumingSocket(url, protocol)
      : new Target(url, protocol);
  },
});

// Without storage, which a browser may forbid, there are only the tabs.
await saveCollections(collections).catch(() => undefined);

/** @type {typeof globalThis & { AltairGraphQL?: { init(options: unknown): void } }} Altair's scripts have run before. */
const page = globalThis;
page.AltairGraphQL?.init(options);

// Until the first click every success is that of loading, which nobody asked for. The style sheet hides them until then.
addEventListener("pointerdown", showSuccessFromNowOn, { once: true, capture: true });

let firstTabShown = false;
/** Tabs whose variables were opened. Each once: who closes them wants them closed. */
const opened = new WeakSet();

new MutationObserver(arrange).observe(document.body, {
  subtree: true,
  childList: true,
  attributeFilter: ["class"],
});

/** Altair opens its tabs one after the other and stays at the last; it keeps the variables folded away. */
function arrange() {
  const tabs = [...document.querySelectorAll(".window-switcher__item:has(.window-switcher__close)")];
  const active = tabs.find((tab) => tab.classList.contains("window-switcher__item--active"));
  if (!firstTabShown) {
    if (tabs.length < options.initialWindows.length || active !== tabs.at(-1)) return;
    firstTabShown = true;
    click(tabs[0]);
    return;
  }
  const variables = document.querySelector(".variables-editor-container");
  if (active === undefined || variables === null || opened.has(active)) return;
  opened.add(active);
  if (!variables.classList.contains("show-variables"))
    click(variables.querySelector(".variables-editor--title"));
}

function showSuccessFromNowOn() {
  for (const toast of document.querySelectorAll(".toast-success")) toast.setAttribute("data-unasked", "");
  document.documentElement.classList.add("in-use");
}

/** @param {Element | null | undefined} element */
function click(element) {
  if (element instanceof HTMLElement) element.click();
}
