import { afterEach, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { createClient } from "../../src/client/index.js";
import { createResumingClient } from "../../src/client/connection/resuming-client.js";
import { connectTo, follow } from "../kit/subscriber.js";
import { waitUntil } from "../services/wait-until.js";
import { openClient } from "./open-client.js";
import { openScriptedServer, type Script } from "./scripted-server.js";

const retry = { first: 10, longest: 50 };

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe("A server that accepts each connection and closes it", () => {
  /** What it does before: nothing, so that the connection is bad, or send an event. */
  const scripts: readonly (readonly [string, Script])[] = [
    ["with 1000 (normal) at once", { onInit: ({ socket }) => socket.close(1000) }],
    ["with 1000 after the subscription", { onSubscribe: ({ socket }) => socket.close(1000) }],
    [
      "with 1012 after an event",
      {
        onSubscribe(connection, { id }) {
          connection.sendEvent(id, 1);
          connection.socket.close(1012);
        },
      },
    ],
  ];
  const growing = { first: 20, longest: 60_000 };
  /** 20 + 40 + … + 640 ms, less what timers may be early. */
  const sixWaits = 1200;

  it.each(scripts)("%s, sees the resuming client after ever longer waits", async (_name, script) => {
    vi.spyOn(Math, "random").mockReturnValue(1);
    await using server = await openScriptedServer(script);
    const client = createResumingClient({ ...connectTo(server.url, ""), retry: growing });
    const begun = performance.now();
    await using _tab = follow(client, { userId: "alice" });
    await waitUntil("seven attempts", () => server.attempts >= 7, { interval: 1 });
    expect(performance.now() - begun).toBeGreaterThan(sixWaits);
  });

  it.each(scripts)("%s, sees the client after ever longer waits", async (_name, script) => {
    vi.spyOn(Math, "random").mockReturnValue(1);
    await using server = await openScriptedServer(script);
    await using client = openClient(server.url, "alice", { retry: growing });
    const begun = performance.now();
    client.start();
    await waitUntil("seven attempts", () => server.attempts >= 7, { interval: 1 });
    expect(performance.now() - begun).toBeGreaterThan(sixWaits);
  });
});

describe("A token callback that never answers", () => {
  it("counts as failed after 30 s, and is called again", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    let asked = 0;
    const client = createClient({
      url: "http://127.0.0.1:9/graphql",
      userId: "alice",
      token() {
        asked += 1;
        return new Promise<string>(() => undefined);
      },
      webSocket: WebSocket,
      retry,
    });
    client.start();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(client.connection.get().error).toMatchObject({ code: "TOKEN" });
    await vi.advanceTimersByTimeAsync(retry.longest);
    expect(asked).toBe(2);
    client.dispose();
  });

  it("delays a resuming client no longer than that", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    let asked = 0;
    const client = createResumingClient({
      url: "ws://127.0.0.1:9/graphql",
      connectionParams() {
        asked += 1;
        return new Promise<Record<string, unknown>>(() => undefined);
      },
      webSocketImpl: WebSocket,
      retry,
    });
    follow(client, { userId: "alice" });
    await vi.advanceTimersByTimeAsync(30_000);
    await waitUntil("another attempt", async () => {
      await vi.advanceTimersByTimeAsync(retry.longest);
      return asked === 2;
    });
    await client.dispose();
  });
});
