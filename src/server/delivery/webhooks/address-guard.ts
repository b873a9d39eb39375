import { lookup as resolve, type LookupOptions } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";
import { buildConnector } from "undici";

/**
 * Protects the service's own network against server-side request forgery: webhooks connect to public addresses, and to
 * networks that the configuration allows. The check happens where a socket is opened: a name is resolved once, each of its
 * addresses is checked, and the socket connects to one of these addresses. So a name that resolves differently the next
 * time (DNS rebinding) gains nothing.
 * https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html
 */

/** Webhooks must not connect to the address of an endpoint. A retry does not help. */
export class BlockedAddressError extends Error {
  override readonly name = "BlockedAddressError";

  constructor(host: string, address: string) {
    const source = host === address ? "" : ` (of ${host})`;
    super(`the address ${address}${source} is neither public nor in WEBHOOK_ALLOWED_NETWORKS`);
  }
}

/** Whether webhooks may connect to an address. */
export type AddressCheck = (address: string) => boolean;

/** The global unicast addresses; all other IPv6 ranges are special or reserved. */
const globalUnicast = ipaddr.parseCIDR("2000::/3");

/** @param allowedNetworks in CIDR notation: allowed besides public addresses */
export function addressCheck(allowedNetworks: readonly string[]): AddressCheck {
  const allowed = allowedNetworks.map((network) => ipaddr.parseCIDR(network));
  return (text) => {
    if (!ipaddr.isValid(text)) return false;
    // IPv4-mapped IPv6 addresses are checked as IPv4.
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
 * @param timeout of the connection, including DNS and TLS, ms
 */
export function guardedConnector(isAllowed: AddressCheck, timeout: number): buildConnector.connector {
  const connect = buildConnector({ timeout, lookup: guardedLookup(isAllowed) });
  return (options, callback) => {
    const { hostname } = options;
    // An address is not looked up, so the check is here.
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
