/**
 * May a page of this origin open a socket here? Browsers ask no preflight for a WebSocket, so the server has to look itself
 * (CWE-1385; OWASP WebSocket Security Cheat Sheet). Other clients send no Origin, and prove themselves with a token.
 * The scheme of our own origin is not compared: behind a proxy that ends TLS the server does not know it.
 */
export function mayConnect(
  origin: string | undefined,
  host: string | undefined,
  corsOrigins: readonly string[],
): boolean {
  if (origin === undefined) return true;
  if (corsOrigins.includes(origin)) return true;
  return host !== undefined && URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}
