import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Edge, healthyBroker, openEdge } from "./edge.js";

let edge: Edge;
beforeEach(async () => {
  edge = await openEdge();
});
afterEach(async () => {
  await edge[Symbol.asyncDispose]();
});

async function ask(path: string): Promise<[number, unknown]> {
  const response = await fetch(`${edge.url}/health/${path}`);
  return [response.status, await response.json()];
}

async function statusOf(path: string): Promise<string> {
  const [code, body] = await ask(path);
  const status = typeof body === "object" && body !== null && "status" in body ? String(body.status) : "none";
  return `${code} ${status}`;
}

describe("a healthy instance", () => {
  it("says so everywhere", async () => {
    for (const path of ["live", "ready", "rabbitmq", "database"]) expect(await statusOf(path)).toBe("200 ok");
  });

  it("gives the details of its broker and its database", async () => {
    const { lastError: _kept, ...states } = healthyBroker;
    expect(await ask("rabbitmq")).toEqual([200, { status: "ok", ...states }]);
    const [, database] = await ask("database");
    expect(database).toEqual({ status: "ok", kind: "postgres", latency: expect.any(Number) as unknown });
  });
});

describe("an instance whose broker is away", () => {
  beforeEach(() => {
    edge.health.broker = {
      ...healthyBroker,
      healthy: false,
      consuming: "connecting",
      lastError: "connect ECONNREFUSED 10.1.2.3:5672",
    };
  });

  it("is ready although degraded, because mutations still work", async () => {
    expect(await statusOf("rabbitmq")).toBe("503 unavailable");
    expect(await statusOf("ready")).toBe("200 degraded");
    expect(await statusOf("live")).toBe("200 ok");
  });

  it("does not tell where the broker is, or how it failed", async () => {
    for (const path of ["rabbitmq", "ready", "live"]) {
      const [, body] = await ask(path);
      expect(JSON.stringify(body)).not.toMatch(/lastError|ECONNREFUSED|10\.1\.2\.3/);
    }
  });

  it("asks to be restarted once it has given up", async () => {
    edge.health.broker = { ...edge.health.broker, exhausted: true, consuming: "failed" };
    expect(await statusOf("live")).toBe("503 unavailable");
  });
});

describe("an instance whose database is away", () => {
  it("is alive, not ready, and does not tell how the database failed", async () => {
    edge.health.ping = () => Promise.reject(new Error("password hunter2 is wrong"));
    expect(await statusOf("database")).toBe("503 unavailable");
    expect(await statusOf("ready")).toBe("503 unavailable");
    expect(await statusOf("live")).toBe("200 ok");
    for (const path of ["database", "ready", "live"]) {
      expect(JSON.stringify(await ask(path))).not.toContain("hunter2");
    }
  });

  it("tells the log why, once, and once more when it is back", async () => {
    const lines = () => edge.logged.filter((line) => line.includes('"msg":"database '));
    edge.health.ping = () => Promise.reject(new Error("connect ECONNREFUSED 10.1.2.3:5432"));
    for (const path of ["database", "ready", "database"]) await ask(path);
    expect(lines()).toHaveLength(1);
    expect(lines()[0]).toContain("10.1.2.3:5432");
    edge.health.ping = () => Promise.resolve();
    for (const path of ["database", "ready", "database"]) await ask(path);
    expect(lines()).toHaveLength(2);
    expect(lines()[1]).toContain("database reachable again");
  });

  it("answers within two seconds though the database hangs, asks it once, and notices when it is back", async () => {
    let pings = 0;
    edge.health.ping = () => {
      pings += 1;
      return new Promise(() => {});
    };
    const begin = performance.now();
    const answers = await Promise.all([statusOf("database"), statusOf("ready"), statusOf("database")]);
    expect(new Set(answers)).toEqual(new Set(["503 unavailable"]));
    expect(performance.now() - begin).toBeLessThan(2000);
    expect(pings).toBe(1);
    edge.health.ping = () => Promise.resolve();
    expect(await statusOf("ready")).toBe("200 ok");
  });
});

describe("an instance that has not started all its parts", () => {
  it("is not ready", async () => {
    edge.health.started = false;
    expect(await statusOf("ready")).toBe("503 unavailable");
    expect(await statusOf("live")).toBe("200 ok");
  });
});
