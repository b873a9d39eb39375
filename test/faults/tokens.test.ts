import { describe, expect, it } from "vitest";
import { startIssuer } from "../auth/issuer.js";
import { ask } from "../kit/requests.js";
import { createDatabase } from "../services/database.js";
import { createVhost } from "../services/vhost.js";
import { clockAhead } from "./clock.js";
import { runScenario, type Scenario, scenarioTimeout, type TestbedOptions } from "./scenario.js";
import { issuedTokens, shortTokens } from "./tokens.js";

const hour = 60 * 60_000;

describe("under load, nothing is lost, repeated or put out of order", { timeout: scenarioTimeout }, () => {
  async function run(
    scenario: Scenario & Omit<TestbedOptions, "databaseUrl" | "rabbitmqUrl">,
  ): Promise<void> {
    await using database = await createDatabase();
    await using vhost = await createVhost();
    await runScenario({ databaseUrl: database.url, rabbitmqUrl: vhost.url, ...scenario });
  }

  it("when tokens expire on live sockets, and clients come back with new ones", () => {
    let next = 0;
    return run({
      name: "tokens that expire after 2 to 4 seconds",
      load: { tokens: shortTokens(() => 2 + (next++ % 3)) },
      async fault() {},
      async inspect({ load }) {
        // Each tab that stays is sent away several times.
        expect(load.history.closes.get(4403)).toBeGreaterThan(load.tabs.length / 2);
      },
    });
  });

  it("when the keys of tokens are out of reach for a while, and then change", async () => {
    await using issuer = await startIssuer("ES256");
    await using stranger = await startIssuer("ES256");
    await stranger.rotate({ keepOld: false });
    const tokens = issuedTokens(issuer);
    await run({
      name: "JWKS down, then its key rotated",
      environment: { AUTH_JWT_SECRET: "", AUTH_JWKS_URL: issuer.url },
      load: { tokens },
      async fault({ instances }) {
        issuer.answerWith(500);
        // A key that nobody knows opens nothing, whether or not it can be looked up.
        const forged = await issuedTokens(stranger).user("user-1");
        for (const { url } of instances.running) {
          const { data, errors } = await ask(url, forged, '{ inbox(userId: "user-1") { unreadCount } }', {});
          expect(data ?? null).toBeNull();
          expect(["UNAUTHENTICATED", "SERVICE_UNAVAILABLE"]).toContain(errors?.[0]?.extensions.code);
        }
      },
      async heal() {
        issuer.answerWith(200);
        await issuer.rotate({ keepOld: true });
      },
      async inspect({ load }) {
        expect(load.history.closes.get(4401)).toBeUndefined();
        expect(load.history.closes.get(4403)).toBeUndefined();
      },
    });
  });

  it("when the clock of one instance is an hour ahead, and that of another an hour behind", () =>
    run({
      name: "clocks an hour ahead and an hour behind",
      async startInstances(instances) {
        await Promise.all([0, hour, -hour].map((skew) => instances.start(clockAhead(skew))));
      },
      async fault() {},
    }));
});
