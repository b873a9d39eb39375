import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { createTransport } from "../../src/client/transport.js";
import { follow } from "../kit/subscriber.js";
import { openCutProxy } from "../services/cut-proxy.js";
import { waitUntil } from "../services/wait-until.js";
import { runOperation } from "./run-operation.js";
import { openScriptedServer } from "./scripted-server.js";

describe("A transport", () => {
  it("can be disposed of at once while a dead line keeps it from connecting, and completes what ran", async () => {
    await using server = await openScriptedServer({});
    await using proxy = await openCutProxy(server.url);
    proxy.freeze();
    const transport = createTransport({
      url: new URL("/graphql", proxy.url).href,
      token: () => "token",
      webSocket: WebSocket,
    });
    const ended = runOperation(transport.socket, { query: "subscription { a }" });
    await waitUntil("the attempt", () => proxy.connections === 1);
    await transport.dispose();
    // Its time to connect would be ten seconds.
    expect(transport.connection.get()).toBe("closed");
    expect(await ended).toBeNull();
    expect(await runOperation(transport.socket, { query: "{ late }" })).toBeNull();
  });

  it("stays closed when it was disposed of while connected", async () => {
    await using server = await openScriptedServer({
      onSubscribe: (connection, { id }) => connection.sendEvent(id, 1),
    });
    const transport = createTransport({
      url: `${server.url}/graphql`,
      token: () => "token",
      webSocket: WebSocket,
    });
    const states: string[] = [];
    transport.connection.subscribe((state) => states.push(state));
    const closed = new Promise((resolve) => transport.socket.on("closed", resolve));
    const tab = follow(transport.socket, { userId: "alice" });
    await tab.until(1);
    await transport.dispose();
    await closed;
    expect(states).toEqual(["connecting", "live", "closed"]);
  });
});
