import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from "vitest";
import { TokenSource } from "../../src/client/connection/token-source.js";

const secret = `eyJhbGciOiJIUzI1NiJ9.${"c2VjcmV0".repeat(8)}.c2lnbmF0dXJl`;

const failures: readonly (readonly [string, () => unknown, RegExp])[] = [
  ["index.html", () => "<!doctype html>", /returned an HTML page; does the URL that it fetches exist/],
  [
    "JSON of index.html",
    (): unknown => JSON.parse("<!doctype html>"),
    /got text that is not JSON; does the URL/,
  ],
  ["JSON of a token", (): unknown => JSON.parse(secret), /got text that is not JSON/],
  ["nothing", () => undefined, /returned undefined; return the token as a string/],
  ["an object", () => ({ token: secret }), /returned object; return the token as a string/],
  ["an empty string", () => "", /returned an empty string/],
  ["a header", () => `Bearer ${secret}`, /returned text that is not a token; return the JWT alone/],
  ["an error", () => fail(new TypeError("fetch failed")), /threw TypeError: fetch failed/],
  ["an error with a token", () => fail(new Error(`bad: ${secret}`)), /threw Error: bad: …/],
];

function fail(error: Error): never {
  throw error;
}

describe("A token callback that gives no token", () => {
  let warn: MockInstance<typeof console.warn>;
  beforeEach(() => {
    warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });

  it.each(failures)(
    "but %s is an error of its own, and one line on the console",
    async (_what, callback, says) => {
      const tokens = new TokenSource(callback as () => string);
      const error: unknown = await tokens.current().catch((error: unknown) => error);
      expect(error).toMatchObject({ code: "TOKEN", message: expect.stringMatching(says) as string });
      await tokens.current().catch(() => undefined);
      expect(warn.mock.calls).toEqual([[expect.stringMatching(says)]]);
      expect(JSON.stringify(warn.mock.calls)).not.toContain("eyJ");
    },
  );

  it("says nothing in production", async () => {
    vi.stubEnv("NODE_ENV", "production");
    await expect(new TokenSource(() => "").current()).rejects.toMatchObject({ code: "TOKEN" });
    expect(warn).not.toHaveBeenCalled();
  });

  it("fails after the time that it is given", async () => {
    const tokens = new TokenSource(() => new Promise<string>(() => undefined), 10);
    await expect(tokens.current()).rejects.toMatchObject({
      code: "TOKEN",
      message: "The token callback gave no token: it did not answer within 10 ms",
    });
  });
});
