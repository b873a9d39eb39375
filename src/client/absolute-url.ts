/**
 * The http: or https: URL of an address, which may be a path of the page's own origin, or begin with ws: or wss:.
 * @throws TypeError
 */
export function absoluteUrl(url: string): string {
  const base = typeof location === "undefined" ? undefined : location.href;
  const parsed = URL.canParse(url, base) ? new URL(url, base) : null;
  if (parsed !== null) parsed.protocol = parsed.protocol.replace("ws", "http");
  if (parsed === null || !/^https?:$/.test(parsed.protocol))
    throw new TypeError(`url must be an absolute URL, or a path in a browser: ${url}`);
  return parsed.href;
}
