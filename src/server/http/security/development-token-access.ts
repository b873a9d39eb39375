import { isIP } from "node:net";
import type { FastifyRequest } from "fastify";
import ipaddr from "ipaddr.js";

/** Headers that proxies add to requests. */
const proxyHeaders =
  /^(forwarded|via|x-forwarded(-.+)?|x-real-ip|x-client-ip|(cf|fastly|fly|true)-(connecting|client)-ip)$/;

/**
 * Whether a development token may be given in response to this request.
 *
 * Host names other than localhost are rejected: an attacker's DNS can point one here (DNS rebinding), and the attacker's page would
 * then be same-origin with ours. Proxied requests are rejected, because a proxy makes a service on a loopback address reachable from other
 * machines. Most proxies add a header; nginx by default sends HTTP/1.0.
 * @param loopbackOnly the service listens on a loopback address, so a legitimate request names one
 */
export function mayReceiveDevelopmentToken(
  { hostname, headers, raw }: FastifyRequest,
  loopbackOnly: boolean,
): boolean {
  if (raw.httpVersion === "1.0" || Object.keys(headers).some((name) => proxyHeaders.test(name))) return false;
  const name = hostname.replace(/^\[(.*)\]$/, "$1");
  if (name === "localhost" || name.endsWith(".localhost")) return true;
  return isIP(name) !== 0 && (!loopbackOnly || ipaddr.process(name).range() === "loopback");
}
