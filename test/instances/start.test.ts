import { describe, expect, it } from "vitest";
import { jwtSecret, token } from "../kit/app.js";
import { notify } from "../kit/backend.js";
import { openCluster } from "../kit/cluster.js";
import { inWords, upTo } from "../kit/items.js";
import { runToExit } from "../kit/run-to-exit.js";
import { makeDirectory } from "../kit/scratch-directory.js";
import { subscribe } from "../kit/subscriber.js";

it(
  "ten instances that start at once on an empty database all become ready, and are one service",
  { timeout: 90_000 },
  async () => {
    await using cluster = await openCluster({ DATABASE_POOL_SIZE: "2" });
    const instances = await Promise.all(upTo(10).map(() => cluster.start()));
    const ready = await Promise.all(instances.map(({ url }) => fetch(`${url}/health/ready`)));
    expect(ready.map(({ status }) => status)).toEqual(instances.map(() => 200));

    const alice = await token("alice");
    const tabs = instances.map(({ url }) => subscribe(url, alice, { userId: "alice" }));
    await Promise.all(tabs.map((tab) => tab.until(1, "InboxReady")));
    await notify(instances[0]?.url ?? "", "alice", "to all ten");
    for (const tab of tabs) {
      await tab.until(2);
      expect(tab.received.map(inWords)).toEqual(["InboxReady", "1 NotificationCreated 'to all ten'"]);
      await tab[Symbol.asyncDispose]();
    }
  },
);

describe("with NODE_ENV=production", () => {
  it("what is missing is named, a line each, and the exit code is 1", async () => {
    const { code, errors, output } = await runToExit({ NODE_ENV: "production" });
    expect(errors).toEqual([
      "DATABASE_URL must be set with NODE_ENV=production",
      "RABBITMQ_URL must be set with NODE_ENV=production",
      "AUTH_JWT_SECRET or AUTH_JWKS_URL must be set with NODE_ENV=production",
    ]);
    expect(output).toBe("");
    expect(code).toBe(1);
  });

  it("an instance that is told everything starts, prints no token and shows no sandbox", async () => {
    await using cluster = await openCluster({ NODE_ENV: "production" });
    const instance = await cluster.start();
    expect(instance.output()).not.toMatch(/\beyJ/);
    const page = await fetch(`${instance.url}/graphql`, { headers: { accept: "text/html" } });
    expect(await page.text()).not.toContain("<html");
    expect(await notify(instance.url, "alice", "it works")).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe("an instance that cannot start", () => {
  it("names every variable with a bad value, a line each, and tells no secret", async () => {
    const bad = {
      PORT: "eighty",
      LOG_LEVEL: "chatty",
      ROLES: "api,cook",
      CORS_ORIGINS: "https://app.example.com/path",
      CORS_ALLOWED_HEADERS: "x-tenant, x y",
      DATABASE_URL: "mysql://root:hunter2@db/x",
      DATABASE_POOL_SIZE: "1",
      RABBITMQ_URL: "amqp://one, http://guest:hunter2@two",
      RABBITMQ_HEARTBEAT: "-1",
      RABBITMQ_CONNECTION_TIMEOUT: "0",
      RABBITMQ_RECONNECT_INTERVAL: "1.5",
      RABBITMQ_MAX_RECONNECT_ATTEMPTS: "many",
      RABBITMQ_QUEUE_TYPE: "stream",
      LIVE_ROUTING: "everywhere",
      AUTH_JWT_SECRET: "hunter2",
      AUTH_JWKS_URL: "keys.json",
    };
    const { code, errors } = await runToExit(bad);
    expect(errors.map((line) => line.split(" ", 1)[0])).toEqual(Object.keys(bad));
    expect(errors.join("\n")).not.toMatch(/hunter2|^\s+at /m);
    expect(code).toBe(1);
  });

  it("lets nobody allow every header", async () => {
    const { code, errors } = await runToExit({ CORS_ALLOWED_HEADERS: "*" });
    expect(errors).toEqual([
      "CORS_ALLOWED_HEADERS must be names of headers such as x-tenant, separated by commas",
    ]);
    expect(code).toBe(1);
  });

  it("says in one line that the database does not answer", async () => {
    await using folder = await makeDirectory();
    const { code, errors } = await runToExit({
      DATA_DIR: folder.path,
      DATABASE_URL: "postgres://carillon:hunter2@127.0.0.1:1/carillon",
      AUTH_JWT_SECRET: jwtSecret,
    });
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(/^Carillon cannot start: .*database/);
    expect(errors[0]).not.toContain("hunter2");
    expect(code).toBe(1);
  });
});
