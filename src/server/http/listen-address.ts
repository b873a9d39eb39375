import { once } from "node:events";
import { createServer } from "node:net";
import { StartupError } from "../config/startup-error.js";

interface Address {
  readonly host: string;
  readonly port: number;
}

const explanations: Readonly<Record<string, (address: Address) => string>> = {
  EADDRINUSE: ({ host, port }) =>
    `PORT ${port} is already in use on HOST ${host}: stop the other process, or set PORT to a free port`,
  EACCES: ({ port }) => `PORT ${port} is not permitted for this user: set PORT to 1024 or higher`,
  EADDRNOTAVAIL: ({ host }) =>
    `HOST ${host} is not an address of this machine: set HOST to one of its addresses, or to 127.0.0.1`,
  ENOTFOUND: ({ host }) => `HOST ${host} is unknown: set HOST to an address of this machine`,
  EAI_AGAIN: ({ host }) => `HOST ${host} cannot be looked up: set HOST to an address of this machine`,
  EAFNOSUPPORT: ({ host }) =>
    `HOST ${host} has an address family that this machine does not support: set HOST to another address`,
  EINVAL: ({ host }) => `HOST ${host} cannot be used to listen: set HOST to another address of this machine`,
};

/** Converts an error of listening, or of looking the host up, into a StartupError for the operator; returns other errors unchanged. */
export function explainListenError(error: unknown, address: Address): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const explain = explanations[code];
  return explain === undefined ? error : new StartupError(`${explain(address)} (${code})`, { cause: error });
}

/**
 * Checks that the address is free before anything else is opened. Another process may still take it before the server listens.
 * @throws StartupError
 */
export async function checkListenAddress({ host, port }: Address): Promise<void> {
  const server = createServer();
  try {
    server.listen({ host, port });
    await once(server, "listening");
  } catch (error) {
    throw explainListenError(error, { host, port });
  }
  await new Promise((resolve) => server.close(resolve));
}
