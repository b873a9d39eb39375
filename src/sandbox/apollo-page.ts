/**
 * Embeds Apollo's sandbox. It runs in a frame of Apollo's host, and has this page send what it asks for. The development token
 * is added here, so that it never leaves for that host, unless the person has set an authorization header of their own.
 */
import { type PageData, readPageData, webSocketUrl } from "./page-data.js";
import { ResumingSocket } from "./resuming-socket.js";

interface ApolloPageData extends PageData {
  readonly document: string;
  readonly variables: Record<string, unknown>;
}

const parse: (json: string) => ApolloPageData = JSON.parse;
const { path, token, document: operations, variables } = parse(readPageData());
const own: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
const endpoint = new URL(path, location.origin).href;

// Apollo's script makes the sockets: it is given ours for GraphQL.
globalThis.WebSocket = new Proxy(globalThis.WebSocket, {
  construct: (Target, [url, protocol]: [string | URL, string?]) =>
    protocol === "graphql-transport-ws"
      ? new ResumingSocket(webSocketUrl(path), own)
      : new Target(url, protocol),
});

// Apollo's script has run before, or could not be loaded.
const page: typeof globalThis & { EmbeddedSandbox?: new (options: unknown) => unknown } = globalThis;
const target = document.querySelector("#sandbox");

if (page.EmbeddedSandbox === undefined) {
  const notice = document.createElement("p");
  notice.textContent = "Apollo's sandbox cannot be loaded: is there no internet? SANDBOX=on needs none.";
  target?.replaceChildren(notice);
} else {
  target?.replaceChildren();
  // oxlint-disable-next-line eslint/no-new -- what it makes is in the page
  new page.EmbeddedSandbox({
    target: "#sandbox",
    initialEndpoint: endpoint,
    initialSubscriptionEndpoint: webSocketUrl(path),
    endpointIsEditable: false,
    hideCookieToggle: true,
    runTelemetry: false,
    allowDynamicStyles: false,
    initialState: { document: operations, variables, includeCookies: false },
    handleRequest,
  });
}

/** Sends what the frame asks for, and nowhere but here. */
async function handleRequest(_url: string, options: RequestInit): Promise<Response> {
  const headers = new Headers(own);
  for (const [name, value] of new Headers(options.headers)) headers.set(name, value);
  return await fetch(endpoint, { ...options, headers });
}
