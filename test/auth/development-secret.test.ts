import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { developmentSecret, signToken } from "../../src/auth/development-secret.js";
import { createVerifier } from "../../src/auth/token.js";

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
    const secret = await developmentSecret(directory);
    expect(Buffer.byteLength(secret)).toBeGreaterThanOrEqual(32);
    expect(await developmentSecret(directory)).toBe(secret);
    expect((await stat(join(directory, "development-secret"))).mode & 0o777).toBe(0o600);
    expect(await readdir(directory)).toEqual(["development-secret"]);
  });

  it("is the same for many that ask at once", async () => {
    const secrets = await Promise.all(Array.from({ length: 50 }, () => developmentSecret(folder)));
    expect(new Set(secrets).size).toBe(1);
    expect(await readdir(folder)).toEqual(["development-secret"]);
  });

  it("is the same for processes that start at once", async () => {
    const module = new URL("../../src/auth/development-secret.ts", import.meta.url).href;
    const script = `import { developmentSecret } from ${JSON.stringify(module)};
      process.stdout.write(await developmentSecret(${JSON.stringify(folder)}));`;
    const args = ["--import", "tsx", "--input-type=module", "--eval", script];
    const run = async () => (await promisify(execFile)(process.execPath, args)).stdout;
    const [first, second] = await Promise.all([run(), run()]);
    expect(first.length).toBeGreaterThanOrEqual(32);
    expect(second).toBe(first);
  });

  it("is refused when somebody made it short", async () => {
    await writeFile(join(folder, "development-secret"), "short");
    await expect(developmentSecret(folder)).rejects.toThrow(/at least 32 bytes/);
  });

  it("signs tokens that a verifier of the same configuration accepts", async () => {
    const jwtSecret = await developmentSecret(folder);
    const config = { jwtSecret, jwksUrl: null, issuer: "https://issuer.example", audience: "carillon" };
    const token = await signToken(
      jwtSecret,
      { userId: "alice", scopes: ["notifications:send", "notifications:admin"], expiresInSeconds: 60 },
      config,
    );
    const viewer = await createVerifier(config, pino({ level: "silent" }))(token);
    expect(viewer).toMatchObject({
      userId: "alice",
      scopes: new Set(["notifications:send", "notifications:admin"]),
    });
  });
});
