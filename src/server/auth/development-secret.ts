import { randomBytes, randomUUID } from "node:crypto";
import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { SignJWT } from "jose";
import type { AuthConfig } from "../config/config.js";
import { explainDirectoryError, StartupError } from "../config/startup-error.js";

const fileName = "development-secret";

/**
 * Returns the HS256 secret of a development machine. It is created once, stored in the data directory, and readable by its owner only.
 * Processes that start at the same time use the same one, because creating a hard link is atomic and fails if the name exists.
 */
export async function readOrCreateDevelopmentSecret(dataDirectory: string): Promise<string> {
  const path = join(dataDirectory, fileName);
  const existing = await readSecret(path);
  if (existing !== null) return existing;
  try {
    await mkdir(dataDirectory, { recursive: true, mode: 0o700 });
    await writeOnce(path, randomBytes(32).toString("base64url"));
  } catch (error) {
    throw explainDirectoryError(dataDirectory, error);
  }
  const created = await readSecret(path);
  if (created === null) throw new Error(`${path} was deleted while it was being created`);
  return created;
}

async function readSecret(path: string): Promise<string | null> {
  const secret = await readFile(path, "utf8").catch((error: unknown) => {
    if (isSystemError(error, "ENOENT")) return null;
    throw explainDirectoryError(dirname(path), error);
  });
  if (secret !== null && Buffer.byteLength(secret.trim()) < 32) {
    throw new StartupError(`${path} must contain at least 32 bytes: delete it to have a new one created`);
  }
  return secret === null ? null : secret.trim();
}

/** Writes the file unless it exists. */
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

/** Signs a token that a verifier with the same configuration accepts. For development: in production an issuer signs tokens. */
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
