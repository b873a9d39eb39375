import { createHmac } from "node:crypto";
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from "jose";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { InvalidTokenError } from "../../src/server/auth/auth-errors.js";
import { createTokenVerifier } from "../../src/server/auth/token-verifier.js";
import { userIdRule } from "../../src/server/validation/user-id.js";
import { startIssuer } from "./issuer.js";

const secret = "correct horse battery staple, and then some";
const issuer = "https://issuer.example";
const audience = "carillon";
const log = pino({ level: "silent" });
const verify = createTokenVerifier({ jwtSecret: secret, jwksUrl: null, issuer, audience }, log);
const key = new TextEncoder().encode(secret);
const attackerKey = new TextEncoder().encode("another secret of the right length, the attacker's");

const inAnHour = () => Math.floor(Date.now() / 1000) + 3600;
const anHourAgo = () => Math.floor(Date.now() / 1000) - 3600;
const good = (): JWTPayload => ({ sub: "alice", exp: inAnHour(), iss: issuer, aud: audience });

function sign(claims: JWTPayload, header: Record<string, unknown> = {}, by = key): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: "HS256", ...header }).sign(by);
}

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");

/** A token put together by hand, for what no library would sign. */
function forge(header: object, claims: object, hmacKey: string): string {
  const head = `${encode(header)}.${encode(claims)}`;
  return `${head}.${createHmac("sha256", hmacKey).update(head).digest("base64url")}`;
}

/** The same with claims as the test writes them. */
function forgeText(claims: string): string {
  const head = `${encode({ alg: "HS256" })}.${Buffer.from(claims).toString("base64url")}`;
  return `${head}.${createHmac("sha256", secret).update(head).digest("base64url")}`;
}

function without(claim: string): JWTPayload {
  return Object.fromEntries(Object.entries(good()).filter(([name]) => name !== claim));
}

describe("a token signed with the secret", () => {
  it("contains its user, the scopes and the expiry", async () => {
    const exp = inAnHour();
    const viewer = await verify(await sign({ ...good(), exp, scope: "notifications:send  other" }));
    expect(viewer).toEqual({
      userId: "alice",
      scopes: new Set(["notifications:send", "other"]),
      expiresAt: exp * 1000,
    });
  });

  it("may do nothing special without a scope", async () => {
    expect((await verify(await sign(good()))).scopes.size).toBe(0);
  });

  it("may name a user of up to 128 characters in any script", async () => {
    const sub = "ж".repeat(127) + "🔔";
    expect((await verify(await sign({ ...good(), sub }))).userId).toBe(sub);
  });

  const forgeries: Record<string, () => Promise<string> | string> = {
    "not a JWT": () => "hunter2",
    empty: () => "",
    truncated: async () => (await sign(good())).slice(0, -5),
    "with a changed payload": async () => {
      const [header, , signature] = (await sign(good())).split(".");
      return [
        header,
        Buffer.from(JSON.stringify({ ...good(), sub: "bob" })).toString("base64url"),
        signature,
      ].join(".");
    },
    unsigned: () => new UnsecuredJWT(good()).encode(),
    "of algorithm None, with a signature": () => forge({ alg: "None" }, good(), secret),
    "of another HMAC": async () =>
      new SignJWT(good()).setProtectedHeader({ alg: "HS512" }).sign(Buffer.from(secret.repeat(2))),
    "signed with another secret": () => sign(good(), {}, attackerKey),
    "signed with its own jwk": () => {
      const jwk = { kty: "oct", k: Buffer.from(attackerKey).toString("base64url") };
      return sign(good(), { jwk }, attackerKey);
    },
    "that names a jku": () => sign(good(), { jku: "http://127.0.0.1:1/keys" }, attackerKey),
    "with a critical extension that nobody knows": () =>
      forge({ alg: "HS256", crit: ["x"], x: 1 }, good(), secret),
    "without exp": () => sign(without("exp")),
    "whose exp is text": () => forge({ alg: "HS256" }, { ...good(), exp: "never" }, secret),
    "not yet valid": () => sign({ ...good(), nbf: inAnHour() }),
    "without sub": () => sign(without("sub")),
    "with an empty sub": () => sign({ ...good(), sub: "" }),
    "with a sub of 129 characters": () => sign({ ...good(), sub: "x".repeat(129) }),
    "with a NUL in sub": () => sign({ ...good(), sub: "alice\0" }),
    "with half a surrogate pair in sub": () => sign({ ...good(), sub: "alice\ud83d" }),
    "with a sub of blanks": () => sign({ ...good(), sub: " \u00A0\u200B" }),
    "with a line break in sub": () => sign({ ...good(), sub: "alice\nbob" }),
    "with a line separator in sub": () => sign({ ...good(), sub: "alice\u2028bob" }),
    "with an exp of 1e300": () => forge({ alg: "HS256" }, { ...good(), exp: 1e300 }, secret),
    "with an infinite exp": () =>
      forgeText(`{"sub":"alice","exp":1e400,"iss":"${issuer}","aud":"${audience}"}`),
    "with an exp in milliseconds": () =>
      forge({ alg: "HS256" }, { ...good(), exp: inAnHour() * 1000 }, secret),
    "with null as exp": () => forge({ alg: "HS256" }, { ...good(), exp: null }, secret),
    "with a list as exp": () => forge({ alg: "HS256" }, { ...good(), exp: [inAnHour()] }, secret),
    "whose nbf is text": () => forge({ alg: "HS256" }, { ...good(), nbf: "now" }, secret),
    "with a negative nbf": () => forge({ alg: "HS256" }, { ...good(), nbf: -1 }, secret),
    "with an nbf of 1e300": () => forge({ alg: "HS256" }, { ...good(), nbf: 1e300 }, secret),
    "whose iat is text": () => forge({ alg: "HS256" }, { ...good(), iat: "now" }, secret),
    "with an iat of 1e300": () => forge({ alg: "HS256" }, { ...good(), iat: 1e300 }, secret),
    "with a number as sub": () => forge({ alg: "HS256" }, { ...good(), sub: 7 }, secret),
    "with a list as scope": () => sign({ ...good(), scope: ["notifications:admin"] }),
    "of another issuer": () => sign({ ...good(), iss: "https://elsewhere.example" }),
    "without an issuer": () => sign(without("iss")),
    "for another audience": () => sign({ ...good(), aud: "elsewhere" }),
    "without an audience": () => sign(without("aud")),
  };
  for (const [name, make] of Object.entries(forgeries)) {
    it(`is refused when ${name}`, async () => {
      const error = await verify(await make()).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(InvalidTokenError);
      expect(error).toHaveProperty("expired", false);
      expect(String(error)).toMatch(/^InvalidTokenError: The token[^\n]*$/);
    });
  }

  it.each<[string, object, string]>([
    ["sub", { sub: " " }, `The token's sub must have ${userIdRule}`],
    ["exp", { exp: 1e300 }, "The token's exp must be a time in seconds since 1970, before the year 10000"],
    ["exp", { exp: "never" }, "The token's exp must be a time in seconds since 1970, before the year 10000"],
    ["nbf", { nbf: "now" }, "The token's nbf must be a time in seconds since 1970, before the year 10000"],
    ["iat", { iat: -1 }, "The token's iat must be a time in seconds since 1970, before the year 10000"],
    ["nbf", { nbf: 4_000_000_000 }, "The token is not valid yet"],
    ["iss", { iss: "https://elsewhere.example" }, "The token's iss is not accepted here"],
    ["exp", { exp: undefined }, "The token must have the claim exp"],
  ])(
    "is told what is wrong with its %s (%#), in a line that fits into a close frame",
    async (_claim, claims, line) => {
      const token = forge({ alg: "HS256" }, { ...good(), ...claims }, secret);
      await expect(verify(token)).rejects.toThrow(line);
      expect(Buffer.byteLength(line)).toBeLessThanOrEqual(123);
    },
  );

  it("tells nothing of its claims when somebody else signed it", async () => {
    const token = forge({ alg: "HS256" }, { ...good(), sub: " ", exp: 1e300 }, "another secret");
    await expect(verify(token)).rejects.toThrow(/^The token is not valid$/);
  });

  it("may end within a second", async () => {
    const exp = inAnHour() + 0.5;
    const { expiresAt } = await verify(forge({ alg: "HS256" }, { ...good(), exp }, secret));
    expect(expiresAt).toBe(exp * 1000);
  });

  it("that ended before 1970 has expired", async () => {
    await expect(verify(forge({ alg: "HS256" }, { ...good(), exp: -1 }, secret))).rejects.toMatchObject({
      expired: true,
    });
  });

  it("is told to have expired when it has", async () => {
    const error = await verify(await sign({ ...good(), exp: anHourAgo() })).catch(
      (caught: unknown) => caught,
    );
    expect(error).toMatchObject({
      name: "InvalidTokenError",
      expired: true,
      message: "The token has expired",
    });
  });
});

describe("a token signed with a private key", () => {
  it("is accepted from any of the asymmetric algorithms", async () => {
    for (const alg of ["RS256", "PS256", "ES256", "EdDSA"]) {
      await using keys = await startIssuer(alg);
      const read = createTokenVerifier(
        { jwtSecret: null, jwksUrl: keys.url, issuer: null, audience: null },
        log,
      );
      expect((await read(await keys.sign(good()))).userId, alg).toBe("alice");
    }
  });

  it("cannot be forged with the public key taken as an HMAC secret", async () => {
    await using keys = await startIssuer("RS256");
    const config = { jwtSecret: null, jwksUrl: keys.url, issuer: null, audience: null };
    const read = createTokenVerifier(config, log);
    await read(await keys.sign(good()));
    const kid = keys.kid;
    const pem = await exportSPKI(keys.publicKey);
    const jwk = JSON.stringify(await exportJWK(keys.publicKey));
    for (const hmacKey of [pem, pem.trim(), jwk]) {
      await expect(read(forge({ alg: "HS256", kid }, good(), hmacKey))).rejects.toBeInstanceOf(
        InvalidTokenError,
      );
    }
  });

  it("is refused when the configured secret signed it, because the JWKS takes its place", async () => {
    await using keys = await startIssuer("RS256");
    const both = createTokenVerifier(
      { jwtSecret: secret, jwksUrl: keys.url, issuer: null, audience: null },
      log,
    );
    await expect(both(await sign(good()))).rejects.toBeInstanceOf(InvalidTokenError);
  });

  it("is refused when signed with a key that the set does not hold", async () => {
    await using keys = await startIssuer("ES256");
    const read = createTokenVerifier(
      { jwtSecret: null, jwksUrl: keys.url, issuer: null, audience: null },
      log,
    );
    const { privateKey } = await generateKeyPair("ES256");
    const token = await new SignJWT(good())
      .setProtectedHeader({ alg: "ES256", kid: keys.kid })
      .sign(privateKey);
    await expect(read(token)).rejects.toBeInstanceOf(InvalidTokenError);
  });
});
