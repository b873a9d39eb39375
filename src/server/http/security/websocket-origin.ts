/**
 * Whether a page of this origin may open a WebSocket. Browsers send no preflight for WebSockets, so the server must check the origin
 * itself (CWE-1385; OWASP WebSocket Security Cheat Sheet). Clients other than browsers send no Origin.
 * The scheme is not compared with our own, because behind a proxy that terminates TLS the server does not know it.
 */
export function isOriginAllowed(
  origin: string | undefined,
  host: string | undefined,
  corsOrigins: readonly string[],
): boolean {
  if (origin === undefined) return true;
  if (corsOrigins.includes(origin)) return true;
  return host !== undefined && URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}
