import type { JWTPayload } from "jose";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AuthUnavailableError, InvalidTokenError } from "../../src/server/auth/auth-errors.js";
import { createTokenVerifier } from "../../src/server/auth/token-verifier.js";
import { type Issuer, startIssuer } from "./issuer.js";

const log = pino({ level: "silent" });
const verifierOf = ({ url }: Issuer) =>
  createTokenVerifier({ jwtSecret: null, jwksUrl: url, issuer: null, audience: null }, log);
const claims = (): JWTPayload => ({ sub: "alice", exp: Math.floor(Date.now() / 1000) + 7 * 24 * 3600 });
const minutes = 60_000;

/** Moves the clock, and nothing else: timers and sockets stay real. */
function later(milliseconds: number): void {
  vi.setSystemTime(Date.now() + milliseconds);
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("the keys behind a JWKS URL", () => {
  it("are fetched once for many tokens", async () => {
    await using issuer = await startIssuer("ES256");
    const verify = verifierOf(issuer);
    const tokens = await Promise.all(Array.from({ length: 20 }, () => issuer.sign(claims())));
    await Promise.all(tokens.map(verify));
    expect(issuer.fetches).toBe(1);
  });

  it("are fetched again for an unknown key id, so that a rotation interrupts nothing", async () => {
    await using issuer = await startIssuer("ES256");
    const verify = verifierOf(issuer);
    const old = await issuer.sign(claims());
    await verify(old);
    await issuer.rotate({ keepOld: true });
    later(6000);
    expect((await verify(await issuer.sign(claims()))).userId).toBe("alice");
    expect((await verify(old)).userId).toBe("alice");
    expect(issuer.fetches).toBe(2);
  });

  it("are not fetched more than once in five seconds for key ids that nobody knows", async () => {
    await using issuer = await startIssuer("ES256");
    const verify = verifierOf(issuer);
    for (let i = 0; i < 20; i += 1) {
      const token = await issuer.sign(claims(), { kid: `unknown-${i}` });
      await expect(verify(token)).rejects.toBeInstanceOf(InvalidTokenError);
    }
    expect(issuer.fetches).toBe(1);
  });

  it("are tried one by one for a token that names none of several", async () => {
    await using issuer = await startIssuer("ES256");
    await issuer.rotate({ keepOld: true });
    const verify = verifierOf(issuer);
    expect((await verify(await issuer.sign(claims(), {}))).userId).toBe("alice");
    const expired = await issuer.sign({ ...claims(), exp: 1 }, {});
    await expect(verify(expired)).rejects.toMatchObject({ name: "InvalidTokenError", expired: true });
  });

  it("refuse a withdrawn key after ten minutes", async () => {
    await using issuer = await startIssuer("ES256");
    const verify = verifierOf(issuer);
    const old = await issuer.sign(claims());
    await verify(old);
    await issuer.rotate({ keepOld: false });
    later(9 * minutes);
    await verify(old);
    later(2 * minutes);
    await expect(verify(old)).rejects.toBeInstanceOf(InvalidTokenError);
  });

  it("serve on for an hour while the issuer is down, and then no more", async () => {
    await using issuer = await startIssuer("ES256");
    const verify = verifierOf(issuer);
    const token = await issuer.sign(claims());
    await verify(token);
    issuer.answerWith(500);
    later(59 * minutes);
    expect((await verify(token)).userId).toBe("alice");
    later(2 * minutes);
    await expect(verify(token)).rejects.toBeInstanceOf(AuthUnavailableError);
    issuer.answerWith(200);
    expect((await verify(token)).userId).toBe("alice");
  });

  it("leave it open whether a token is good while the issuer has never answered", async () => {
    const issuer = await startIssuer("ES256");
    const verify = verifierOf(issuer);
    const token = await issuer.sign(claims());
    issuer.answerWith(500);
    await expect(verify(token)).rejects.toBeInstanceOf(AuthUnavailableError);
    await issuer[Symbol.asyncDispose]();
    await expect(verify(token)).rejects.toBeInstanceOf(AuthUnavailableError);
  });
});
