/** What the server writes into both pages. */
export interface PageData {
  /** Where GraphQL is served, over HTTP and WebSocket. */
  readonly path: string;
  /** A development token; null: the developer brings their own. */
  readonly token: string | null;
}

/** The JSON that the server wrote into the page. */
export function readPageData(): string {
  return document.querySelector("#sandbox-data")?.textContent ?? "";
}

/** The absolute URL for WebSockets at this path of our own origin. */
export function webSocketUrl(path: string): string {
  return new URL(path, location.origin.replace(/^http/, "ws")).href;
}
