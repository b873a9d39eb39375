import { randomBytes, randomUUID } from "node:crypto";
import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SignJWT } from "jose";
import type { AuthConfig } from "../config.js";

const fileName = "development-secret";

/**
 * The HS256 secret of a development machine: made once, kept in the data directory and readable by its owner only.
 * Processes that start at the same time agree on one, because a hard link appears whole or not at all, and only once.
 */
export async function developmentSecret(dataDirectory: string): Promise<string> {
  const path = join(dataDirectory, fileName);
  const kept = await readSecret(path);
  if (kept !== null) return kept;
  await mkdir(dataDirectory, { recursive: true });
  await writeOnce(path, randomBytes(32).toString("base64url"));
  const made = await readSecret(path);
  if (made === null) throw new Error(`${path} vanished while it was being made`);
  return made;
}

async function readSecret(path: string): Promise<string | null> {
  const secret = await readFile(path, "utf8").catch((error: unknown) => {
    if (isSystemError(error, "ENOENT")) return null;
    throw error;
  });
  if (secret !== null && Buffer.byteLength(secret.trim()) < 32) {
    throw new Error(`${path} must hold at least 32 bytes: delete it, and a new one will be made`);
  }
  return secret === null ? null : secret.trim();
}

/** Writes the file unless it is there already. */
async function writeOnce(path: string, content: string): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, content, { mode: 0o600, flag: "wx" });
  try {
    await link(draft, path);
  } catch (error) {
    if (!isSystemError(error, "EEXIST")) throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

function isSystemError(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

export interface TokenClaims {
  readonly userId: string;
  readonly scopes: readonly string[];
  readonly expiresInSeconds: number;
}

/** Signs a token that a verifier of the same configuration accepts. Only for development: production signs elsewhere. */
export async function signToken(
  secret: string,
  { userId, scopes, expiresInSeconds }: TokenClaims,
  { issuer, audience }: Pick<AuthConfig, "issuer" | "audience">,
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const token = new SignJWT({ scope: scopes.join(" ") })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setSubject(userId)
    .setIssuedAt(now)
    .setExpirationTime(now + expiresInSeconds);
  if (issuer !== null) token.setIssuer(issuer);
  if (audience !== null) token.setAudience(audience);
  return token.sign(new TextEncoder().encode(secret));
}
