import { once } from "node:events";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { resolveDevelopmentTokenAccess } from "../../src/server/auth/development-token-policy.js";
import { readConfig } from "../../src/server/config/config.js";
import { failingStart } from "../kit/failing-start.js";
import { type Instance, startInstance } from "../kit/instance.js";
import { createDatabase, type TestDatabase } from "../services/database.js";

const told = "or DEVELOPMENT_TOKENS=on if everyone who can reach it may be an administrator";

/** Addresses by which other machines reach this one, if there are any. */
const outside = Object.values(networkInterfaces()).flatMap((all) =>
  (all ?? []).filter(({ internal, scopeid }) => !internal && !scopeid).map(({ address }) => address),
);

describe("without a secret or keys", () => {
  it.each(["127.0.0.1", "127.0.0.2", "::1", "::ffff:127.0.0.1", "localhost"])(
    "this machine is given tokens where HOST is %s",
    async (host) => {
      expect(await resolveDevelopmentTokenAccess(readConfig({ HOST: host }))).toBe("this-machine");
    },
  );

  it.each(["0.0.0.0", "::", "0", "::ffff:0.0.0.0", ...outside])(
    "nothing starts where HOST is %s, and one line says what to set",
    async (host) => {
      expect(await failingStart({ AUTH_JWT_SECRET: "", HOST: host })).toBe(
        `HOST ${host} can be reached from other machines, and nothing says how tokens are checked: ` +
          `set AUTH_JWT_SECRET or AUTH_JWKS_URL, or HOST=127.0.0.1, ${told}`,
      );
    },
  );

  it("a worker, which serves no API, starts anywhere, and gives none", async () => {
    expect(await resolveDevelopmentTokenAccess(readConfig({ HOST: "0.0.0.0", ROLES: "worker" }))).toBe(
      "none",
    );
  });
});

it.each([{ AUTH_JWT_SECRET: "s".repeat(32) }, { AUTH_JWKS_URL: "https://issuer.example/keys" }])(
  "with %o nobody is given tokens, wherever it listens and whatever DEVELOPMENT_TOKENS says",
  async (auth) => {
    for (const host of ["127.0.0.1", "0.0.0.0"]) {
      for (const choice of ["auto", "on", "off"]) {
        const config = readConfig({ ...auth, HOST: host, DEVELOPMENT_TOKENS: choice });
        expect(await resolveDevelopmentTokenAccess(config)).toBe("none");
      }
    }
  },
);

const warning = "development tokens enabled";

describe.each([
  { name: "that listens on a loopback address", HOST: "127.0.0.1", DEVELOPMENT_TOKENS: "", byAddress: false },
  // As docker-compose.yml has it: the container's port is published to this machine only.
  { name: "with DEVELOPMENT_TOKENS=on", HOST: "0.0.0.0", DEVELOPMENT_TOKENS: "on", byAddress: true },
])("an instance $name", ({ HOST, DEVELOPMENT_TOKENS, byAddress }) => {
  let database: TestDatabase;
  let instance: Instance;
  beforeAll(async () => {
    database = await createDatabase();
    instance = await startInstance({
      DATABASE_URL: database.url,
      HOST,
      DEVELOPMENT_TOKENS,
      AUTH_JWT_SECRET: "",
    });
  });
  afterAll(async () => {
    await instance[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  /** Whether the sandbox's page, and the demo, give a token to this request. */
  async function given(headers: Record<string, string>, version = "1.1"): Promise<string[]> {
    const port = Number(new URL(instance.url).port);
    const page = await raw(port, "/graphql", { accept: "text/html", ...headers }, version);
    const demo = await raw(port, "/demo/token?userId=alice", headers, version);
    return [...(/"token":"ey/.test(page) ? ["page"] : []), ...(/"token":"ey/.test(demo) ? ["demo"] : [])];
  }

  it("warns of the tokens in its log, and prints one", () => {
    const lines = instance.output().split("\n");
    expect(lines.find((line) => line.includes(warning))).toMatch(/"level":"warn"/);
    expect(instance.output()).toMatch(/^ey/m);
  });

  it.each(["127.0.0.1", "localhost", "app.localhost:4000", "[::1]", "127.8.9.1:80"])(
    "gives tokens to those who know it as %s",
    async (host) => {
      expect(await given({ host })).toEqual(["page", "demo"]);
    },
  );

  it.each(["192.0.2.7", "[2001:db8::7]:4000"])(
    `${byAddress ? "gives" : "does not give"} tokens to those who know it by another address, %s`,
    async (host) => {
      expect(await given({ host })).toEqual(byAddress ? ["page", "demo"] : []);
    },
  );

  it.each(["rebound.example", "localhost.example:4000", "127.0.0.1.example", "192.0.2.7.example"])(
    "gives none under the name %s, which an attacker's DNS may point here",
    async (host) => {
      expect(await given({ host })).toEqual([]);
    },
  );

  it.each([
    { "x-forwarded-for": "192.0.2.7" },
    { "x-forwarded-host": "notify.example.com" },
    { forwarded: "for=192.0.2.7" },
    { via: "1.1 proxy" },
    { "x-real-ip": "192.0.2.7" },
    { "cf-connecting-ip": "192.0.2.7" },
  ])("gives none through a proxy that adds %o", async (header) => {
    expect(await given({ host: "127.0.0.1", ...header })).toEqual([]);
  });

  it("gives none through a proxy that speaks HTTP/1.0, as nginx does", async () => {
    expect(await given({ host: "127.0.0.1" }, "1.0")).toEqual([]);
  });
});

/** What a request gets, with exactly these headers. */
async function raw(
  port: number,
  path: string,
  headers: Record<string, string>,
  version: string,
): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  const lines = Object.entries({ ...headers, connection: "close" }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  socket.write([`GET ${path} HTTP/${version}`, ...lines, "", ""].join("\r\n"));
  return await text(socket);
}
