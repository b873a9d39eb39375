import ipaddr from "ipaddr.js";

/**
 * The address that limits per client are counted by: an IPv4 address (IPv4-mapped IPv6 addresses count as IPv4), or the /64 prefix
 * of an IPv6 address, which is what one subscriber line is assigned (RFC 6177). Behind a reverse proxy it is the proxy's address.
 */
export function clientAddress(remoteAddress: string | undefined): string {
  if (remoteAddress === undefined || !ipaddr.isValid(remoteAddress)) return "unknown";
  const address = ipaddr.process(remoteAddress);
  if (address instanceof ipaddr.IPv6) return `${address.parts.slice(0, 4).map(toHex).join(":")}::/64`;
  return address.toString();
}

function toHex(part: number): string {
  return part.toString(16);
}
