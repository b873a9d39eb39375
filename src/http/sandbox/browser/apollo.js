// @ts-check
/**
 * Embeds Apollo's sandbox. It runs in a frame of Apollo's host, and has this page send what it asks for. The development token
 * is added here, so that it never leaves for that host, unless the person has set an authorization header of their own.
 */
import { ResumingSocket } from "./resuming-socket.js";

/** @typedef {{ path: string, token: string | null, document: string, variables: Record<string, unknown> }} Data */
/** @type {(data: string) => Data} What the server wrote. */
const parse = JSON.parse;
const {
  path,
  token,
  document: operations,
  variables,
} = parse(document.querySelector("#sandbox-data")?.textContent ?? "");
/** @type {Record<string, string>} */
const own = token === null ? {} : { authorization: `Bearer ${token}` };

/** @type {(data: string) => { type: string, payload?: Record<string, unknown> }} A message of graphql-transport-ws. */
const parseMessage = JSON.parse;

class AuthorizedSocket extends ResumingSocket {
  /**
   * @override
   * @param {string} data
   */
  send(data) {
    const message = parseMessage(data);
    if (message.type === "connection_init" && !new Headers(stringsOf(message.payload)).has("authorization")) {
      super.send(JSON.stringify({ ...message, payload: { ...message.payload, ...own } }));
    } else super.send(data);
  }
}

globalThis.WebSocket = new Proxy(globalThis.WebSocket, {
  construct(Target, /** @type {[string | URL, string?]} */ [url, protocol]) {
    return protocol === "graphql-transport-ws"
      ? new AuthorizedSocket(url, protocol)
      : new Target(url, protocol);
  },
});

/** @type {typeof globalThis & { EmbeddedSandbox?: new (options: unknown) => unknown }} Apollo's script has run before. */
const page = globalThis;
const target = document.querySelector("#sandbox");
const endpoint = new URL(path, location.origin).href;

if (page.EmbeddedSandbox === undefined) {
  target?.replaceChildren(
    message("Apollo's sandbox cannot be loaded: is there no internet? SANDBOX=on needs none."),
  );
} else {
  target?.replaceChildren();
  // oxlint-disable-next-line eslint/no-new -- what it makes is in the page
  new page.EmbeddedSandbox({
    target: "#sandbox",
    initialEndpoint: endpoint,
    initialSubscriptionEndpoint: endpoint.replace(/^http/, "ws"),
    endpointIsEditable: false,
    hideCookieToggle: true,
    runTelemetry: false,
    allowDynamicStyles: false,
    initialState: { document: operations, variables, includeCookies: false },
    handleRequest,
  });
}

/**
 * Sends what the frame asks for, and nowhere but here.
 * @param {string} _url
 * @param {RequestInit} options
 */
async function handleRequest(_url, options) {
  const headers = new Headers(own);
  for (const [name, value] of new Headers(options.headers)) headers.set(name, value);
  return await fetch(endpoint, { ...options, headers });
}

/**
 * Those entries that can be headers.
 * @param {Record<string, unknown> | undefined} entries
 * @returns {[string, string][]}
 */
function stringsOf(entries) {
  return Object.entries(entries ?? {}).flatMap(([name, value]) =>
    typeof value === "string" ? [[name, value]] : [],
  );
}

/** @param {string} text */
function message(text) {
  const paragraph = document.createElement("p");
  paragraph.textContent = text;
  return paragraph;
}
