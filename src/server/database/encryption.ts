import { once } from "node:events";
import type { Socket } from "node:net";
import { connect, type TLSSocket } from "node:tls";
import { ConnectionUrlError, type ConnectionTarget, type SslMode } from "../config/connection-url.js";
import { PostgresFault } from "./postgres-errors.js";

/**
 * How one attempt connects: with TLS, with TLS if the server offers it, or without. An sslmode means one or two attempts;
 * the second is made when TLS or the server's pg_hba.conf rejects the first.
 * https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION
 */
export type Encryption = "tls" | "tls-if-offered" | "plain";

const attempts: Readonly<Record<SslMode, readonly [Encryption, ...Encryption[]]>> = {
  disable: ["plain"],
  allow: ["plain", "tls"],
  prefer: ["tls-if-offered", "plain"],
  require: ["tls"],
  "verify-ca": ["tls"],
  "verify-full": ["tls"],
};

/** The attempts for a target, in order. A Unix domain socket has no TLS. */
export function encryptionsOf({ host, tls }: ConnectionTarget): readonly [Encryption, ...Encryption[]] {
  return host.startsWith("/") ? ["plain"] : attempts[tls.mode];
}

/** TLS could not be established; `code` is the reason. */
export class EncryptionError extends Error {
  override readonly name = "EncryptionError";

  constructor(
    readonly code: "TLS_NOT_OFFERED" | "TLS_FAILED",
    options?: ErrorOptions,
  ) {
    super(`PostgreSQL: ${code}`, options);
  }
}

const sslRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

/**
 * Encrypts a socket that is connecting, and returns the encrypted socket.
 * @throws EncryptionError, the socket's error, or ConnectionUrlError when certificates in files cannot be used
 */
export async function encrypt(
  socket: Socket,
  target: ConnectionTarget,
  encryption: Encryption,
): Promise<Socket> {
  if (encryption === "plain") return socket;
  await occurs(socket, "connect");
  if (!target.tls.direct) {
    socket.write(sslRequest);
    await occurs(socket, "readable");
    const answer = String(socket.read(1));
    if (answer === "N" && encryption === "tls-if-offered") return socket;
    if (answer === "N") throw new EncryptionError("TLS_NOT_OFFERED");
    // An unknown answer; or more bytes than the answer, which a third party has injected.
    if (answer !== "S" || socket.readableLength > 0) throw new EncryptionError("TLS_FAILED");
  }
  const secure = begin(socket, target);
  try {
    await occurs(secure, "secureConnect");
  } catch (error) {
    throw new EncryptionError("TLS_FAILED", { cause: error });
  }
  return secure;
}

function begin(socket: Socket, { host, tls }: ConnectionTarget): TLSSocket {
  const { ca, cert, key, passphrase, minVersion, maxVersion } = tls;
  const given = Object.entries({ ca, cert, key, passphrase, minVersion, maxVersion });
  try {
    return connect({
      socket,
      host,
      servername: tls.serverName ?? "",
      rejectUnauthorized: tls.verifies !== "nothing",
      ...(tls.verifies === "ca" && { checkServerIdentity: () => undefined }),
      ...(tls.direct && { ALPNProtocols: ["postgresql"] }),
      ...Object.fromEntries(given.filter(([, value]) => value !== null)),
    });
  } catch (error) {
    const problem = `parameters sslrootcert, sslcert and sslkey cannot be used: ${error instanceof Error ? error.message : String(error)}`;
    throw new ConnectionUrlError(problem, { cause: error });
  }
}

/** Resolves with the event; rejects when the socket fails or closes before it. */
async function occurs(socket: Socket, event: string): Promise<void> {
  const closing = new AbortController();
  const abort = (): void => closing.abort();
  socket.once("close", abort);
  try {
    await once(socket, event, { signal: closing.signal });
  } catch (error) {
    throw closing.signal.aborted ? new PostgresFault("CONNECTION_LOST") : error;
  } finally {
    socket.off("close", abort);
  }
}
