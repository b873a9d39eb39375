import { lookup as resolve, type LookupOptions } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";
import { buildConnector } from "undici";

/**
 * Keeps webhooks out of the network that the service runs in (server-side request forgery): they connect to public
 * addresses, and to networks that the configuration allows, and nowhere else. The check stands where a socket is opened:
 * a name is resolved once, each of its addresses is checked, and the socket is given these very addresses, so a name that
 * answers otherwise the next time (DNS rebinding) gains nothing.
 * https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html
 */

/** An endpoint's address is not for webhooks: trying again would not help. */
export class BlockedAddressError extends Error {
  override readonly name = "BlockedAddressError";

  constructor(host: string, address: string) {
    const stands = host === address ? "" : ` (of ${host})`;
    super(`the address ${address}${stands} is neither public nor in WEBHOOK_ALLOWED_NETWORKS`);
  }
}

/** Says of an address, as text, whether webhooks may connect to it. */
export type AddressCheck = (address: string) => boolean;

/** All that is assigned for public use; the rest of IPv6 is special or reserved, whether it has a name or not. */
const globalUnicast = ipaddr.parseCIDR("2000::/3");

/** @param allowedNetworks in CIDR notation: allowed besides what is public */
export function addressCheck(allowedNetworks: readonly string[]): AddressCheck {
  const allowed = allowedNetworks.map((network) => ipaddr.parseCIDR(network));
  return (text) => {
    if (!ipaddr.isValid(text)) return false;
    // An IPv4 address in IPv6 clothes leads where the IPv4 address leads.
    const address = ipaddr.process(text);
    if (
      allowed.some(([network, bits]) => network.kind() === address.kind() && address.match(network, bits))
    ) {
      return true;
    }
    return address.range() === "unicast" && (address.kind() === "ipv4" || address.match(globalUnicast));
  };
}

/**
 * Opens the sockets of webhooks.
 * @param timeout until a socket is connected, its name resolved and its TLS agreed on, ms
 */
export function guardedConnector(isAllowed: AddressCheck, timeout: number): buildConnector.connector {
  const connect = buildConnector({ timeout, lookup: guardedLookup(isAllowed) });
  return (options, callback) => {
    const { hostname } = options;
    // What is an address already is never looked up.
    if (isIP(hostname) !== 0 && !isAllowed(hostname)) {
      callback(new BlockedAddressError(hostname, hostname), null);
    } else {
      connect(options, callback);
    }
  };
}

function guardedLookup(isAllowed: AddressCheck): LookupFunction {
  return (hostname, options: LookupOptions, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error !== null || first === undefined) {
        callback(error, "");
        return;
      }
      const blocked = addresses.find(({ address }) => !isAllowed(address));
      if (blocked !== undefined) callback(new BlockedAddressError(hostname, blocked.address), "");
      else if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}
