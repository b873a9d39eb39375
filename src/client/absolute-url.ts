/**
 * The http: or https: URL of an address, which may be a path of the page's own origin, or begin with ws: or wss:.
 * @throws TypeError
 */
export function absoluteUrl(url: string): string {
  const base = typeof location === "undefined" ? undefined : location.href;
  if (!URL.canParse(url, base))
    throw new TypeError(`url must be an absolute URL, or a path in a browser: ${url}`);
  const parsed = new URL(url, base);
  parsed.protocol = parsed.protocol.replace("ws", "http");
  return parsed.href;
}
