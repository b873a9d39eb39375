import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readOrCreateDevelopmentSecret, signToken } from "../../src/server/auth/development-secret.js";
import { createTokenVerifier } from "../../src/server/auth/token-verifier.js";
import { run } from "../services/commands.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "carillon-auth-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe("the development secret", () => {
  it("is made once and kept, for its owner only", async () => {
    const directory = join(folder, "deep", "data");
    const secret = await readOrCreateDevelopmentSecret(directory);
    expect(Buffer.byteLength(secret)).toBeGreaterThanOrEqual(32);
    expect(await readOrCreateDevelopmentSecret(directory)).toBe(secret);
    expect((await stat(join(directory, "development-secret"))).mode & 0o777).toBe(0o600);
    expect(await readdir(directory)).toEqual(["development-secret"]);
  });

  it("is the same for many that ask at once", async () => {
    const secrets = await Promise.all(
      Array.from({ length: 50 }, () => readOrCreateDevelopmentSecret(folder)),
    );
    expect(new Set(secrets).size).toBe(1);
    expect(await readdir(folder)).toEqual(["development-secret"]);
  });

  it("is the same for processes that start at once", async () => {
    const module = new URL("../../src/server/auth/development-secret.ts", import.meta.url).href;
    const script = `import { readOrCreateDevelopmentSecret } from ${JSON.stringify(module)};
      process.stdout.write(await readOrCreateDevelopmentSecret(${JSON.stringify(folder)}));`;
    const args = ["--import", "tsx", "--input-type=module", "--eval", script];
    const start = () => run(process.execPath, args);
    const [first, second] = await Promise.all([start(), start()]);
    expect(first.length).toBeGreaterThanOrEqual(32);
    expect(second).toBe(first);
  });

  it("is refused when somebody made it short", async () => {
    await writeFile(join(folder, "development-secret"), "short");
    await expect(readOrCreateDevelopmentSecret(folder)).rejects.toThrow(/at least 32 bytes/);
  });

  it("signs tokens that a verifier of the same configuration accepts", async () => {
    const jwtSecret = await readOrCreateDevelopmentSecret(folder);
    const config = { jwtSecret, jwksUrl: null, issuer: "https://issuer.example", audience: "carillon" };
    const token = await signToken(
      jwtSecret,
      { userId: "alice", scopes: ["notifications:send", "notifications:admin"], expiresInSeconds: 60 },
      config,
    );
    const viewer = await createTokenVerifier(config, pino({ level: "silent" }))(token);
    expect(viewer).toMatchObject({
      userId: "alice",
      scopes: new Set(["notifications:send", "notifications:admin"]),
    });
  });
});
