import { afterEach, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { createResumingClient } from "../../src/client/connection/resuming-client.js";
import { startApp, token } from "../kit/app.js";
import { connectTo, follow } from "../kit/subscriber.js";
import { openCutProxy } from "../services/cut-proxy.js";
import { waitUntil } from "../services/wait-until.js";
import { runOperation } from "./run-operation.js";
import { openScriptedServer } from "./scripted-server.js";
import { collectUncaughtErrors } from "./uncaught-errors.js";

const retry = { first: 10, longest: 50 };

afterEach(() => {
  vi.restoreAllMocks();
});

describe("The resuming client", () => {
  it("comes back although connectionParams failed while the last socket was still closing", async () => {
    await using server = await openScriptedServer({
      onSubscribe: (connection, { id }) => connection.sendEvent(id, 1),
    });
    await using proxy = await openCutProxy(server.url);
    proxy.slow(() => 40);
    let asked = 0;
    const client = createResumingClient({
      ...connectTo(new URL(proxy.url).origin, ""),
      connectionParams() {
        asked += 1;
        if (asked < 4) throw new Error("The session is being renewed");
        return { authorization: "Bearer token" };
      },
      retry: { first: 1, longest: 1 },
    });
    await using tab = follow(client, { userId: "alice" });
    await tab.until(1);
    await waitUntil("the failed sockets to be gone", () => server.open === 1);
  });

  it("comes back soon from an instance that is replaced, however long it would wait after a failure", async () => {
    await using server = await openScriptedServer({
      onSubscribe(connection, { id }) {
        connection.sendEvent(id, connection.number);
        // Later than a connection that was never a good one is lost.
        if (connection.number === 1)
          setTimeout(() => connection.socket.close(1012, "The server restarts"), 1500);
      },
    });
    const client = createResumingClient({
      ...connectTo(server.url, ""),
      retry: { first: 3_600_000, longest: 3_600_000 },
    });
    await using tab = follow(client, { userId: "alice" });
    await tab.until(2);
    expect(server.attempts).toBe(2);
  });

  it("comes back although its url failed, and says so", async () => {
    await using server = await openScriptedServer({
      onSubscribe: (connection, { id }) => connection.sendEvent(id, 1),
    });
    const errors: unknown[] = [];
    const client = createResumingClient({
      ...connectTo(server.url, ""),
      url() {
        if (errors.length === 0) throw new Error("No instance is known");
        return `${server.url.replace("http", "ws")}/graphql`;
      },
      on: { error: (error) => errors.push(error) },
      retry,
    });
    await using tab = follow(client, { userId: "alice" });
    await tab.until(1);
    expect(errors.map(String)).toEqual(["Error: No instance is known"]);
  });

  it("asks for the token before it opens a socket, which the server gives three seconds to show one", async () => {
    await using app = await startApp();
    const { connectionParams: _none, ...options } = connectTo(app.url, "");
    let asked = 0;
    const client = createResumingClient({
      ...options,
      async connectionParams() {
        asked += 1;
        await new Promise((resolve) => setTimeout(resolve, 3500));
        return { authorization: `Bearer ${await token("alice")}` };
      },
      retry,
    });
    await using tab = follow(client, { userId: "alice" });
    await tab.until(1, "InboxReady");
    expect(asked).toBe(1);
  });

  it("leaves when its last subscription does, also after a token was refused", async () => {
    await using server = await openScriptedServer({
      onInit(connection) {
        if (connection.number === 1) connection.socket.close(4401, "Unauthorized");
        else connection.send({ type: "connection_ack" });
      },
      onSubscribe: (connection, { id }) => connection.sendEvent(id, 1),
    });
    const client = createResumingClient({
      ...connectTo(server.url, ""),
      connectionParams: () => ({}),
      lazyCloseTimeout: 10,
      retry,
    });
    const gone = new Promise<void>((resolve) => {
      const leave = client.subscribe(
        { query: "subscription { a }" },
        { next: () => leave(), error: () => undefined, complete: resolve },
      );
    });
    await gone;
    await waitUntil("the end of the connection", () => server.open === 0, { timeout: 5000 });
    expect(server.attempts).toBe(2);
  });

  it("connects at once for a subscription that comes while it leaves", async () => {
    await using server = await openScriptedServer({
      onSubscribe: (connection, { id }) => connection.sendEvent(id, 1),
    });
    const client = createResumingClient({
      ...connectTo(server.url, ""),
      lazyCloseTimeout: 1,
      retry: { first: 60_000, longest: 60_000 },
    });
    const closing = new Promise<void>((resolve) => {
      client.on("connected", (socket) => {
        if (server.attempts > 1 || !(socket instanceof WebSocket)) return;
        const close = socket.close.bind(socket);
        vi.spyOn(socket, "close").mockImplementation((code, reason) => {
          close(code, reason);
          resolve();
        });
      });
    });
    const leave = client.subscribe(
      { query: "subscription { a }" },
      { next: () => leave(), error: () => undefined, complete: () => undefined },
    );
    await closing;
    await using tab = follow(client, { userId: "alice" });
    await tab.until(1);
    expect(server.attempts).toBe(2);
  });

  it("fails a mutation whose answer was lost, sends it no second time, and sends a query again", async () => {
    await using server = await openScriptedServer({
      onSubscribe(connection, { id, query }) {
        if (query.includes("mutation Twice")) connection.socket.close(1012, "restarting");
        if (connection.number === 1) return;
        connection.send({ id, type: "next", payload: { data: {} } });
        connection.send({ id, type: "complete" });
      },
    });
    const client = createResumingClient({ ...connectTo(server.url, ""), retry });
    const query = runOperation(client, { query: "query Q { mutation subscription }" });
    const mutation = runOperation(client, {
      query: `# query\nfragment F on Query { mutation } mutation Twice { createNotification(input: { title: "} query {" }) }`,
      operationName: "Twice",
    });
    await expect(mutation).rejects.toMatchObject({
      code: "NETWORK",
      message:
        "The connection was closed before the answer (1012: restarting): the mutation may or may not have happened",
    });
    expect(await query).toEqual({ data: {} });
    expect(server.operations.filter(({ query }) => query.includes("Twice"))).toHaveLength(1);
    await client.dispose();
  });

  it("holds a mutation that comes while there is no connection, and sends it once", async () => {
    await using server = await openScriptedServer({
      refuse: (number) => (number < 3 ? 503 : null),
      onSubscribe(connection, { id }) {
        connection.send({ id, type: "next", payload: { data: { done: true } } });
        connection.send({ id, type: "complete" });
      },
    });
    const client = createResumingClient({ ...connectTo(server.url, ""), retry });
    expect(await runOperation(client, { query: "mutation { done }" })).toEqual({ data: { done: true } });
    expect(server.operations).toHaveLength(1);
    await client.dispose();
  });

  it("gives up a query that ends each connection, and none of its subscriptions", async () => {
    await using server = await openScriptedServer({
      onSubscribe(connection, { id, query }) {
        if (query === "{ broken }") connection.socket.terminate();
        else connection.sendEvent(id, connection.number);
      },
    });
    const client = createResumingClient({ ...connectTo(server.url, ""), retry });
    await using tab = follow(client, { userId: "alice" });
    await tab.until(1);
    await expect(runOperation(client, { query: "{ broken }" })).rejects.toMatchObject({ code: "NETWORK" });
    await tab.until(2);
  });

  it("gives up a subscription whose message the server does not accept, and no other", async () => {
    await using server = await openScriptedServer({
      onSubscribe(connection, { id, variables }) {
        if (variables["userId"] === "mallory") connection.socket.close(4400, "Invalid message");
        else connection.sendEvent(id, connection.number);
      },
    });
    const client = createResumingClient({ ...connectTo(server.url, ""), retry });
    await using tab = follow(client, { userId: "alice" });
    await tab.until(1);
    const refused = follow(client, { userId: "mallory" });
    expect(await refused.ended).toMatchObject({
      code: "MESSAGE_REFUSED",
      message:
        "The connection was closed (4400: Invalid message) because of a message, which may be this subscription",
    });
    await tab.until(2);
  });

  it("ends when a token that is fixed is too large for the server", async () => {
    await using server = await openScriptedServer({ maxPayload: 100 });
    const client = createResumingClient({ ...connectTo(server.url, "x".repeat(200)), retry });
    await using tab = follow(client, { userId: "alice" });
    expect(await tab.ended).toMatchObject({ code: 1009 });
    expect(server.attempts).toBe(1);
  });

  it("keeps to the retries that it is given", async () => {
    await using server = await openScriptedServer({ refuse: () => 503 });
    const waits: number[] = [];
    const options = {
      ...connectTo(server.url, ""),
      retryAttempts: 2,
      retryWait: async (attempt: number) => void waits.push(attempt),
    };
    await using tab = follow(createResumingClient(options), { userId: "alice" });
    expect(await tab.ended).toMatchObject({ code: 1006 });
    expect(waits).toEqual([1, 2]);
    expect(server.attempts).toBe(3);
    const never = createResumingClient({ ...options, shouldRetry: () => false });
    await using other = follow(never, { userId: "alice" });
    expect(await other.ended).toMatchObject({ code: 1006 });
    expect(server.attempts).toBe(4);
  });

  it("is disturbed by no listener that throws, and repeats nothing to it", async () => {
    const uncaught = collectUncaughtErrors();
    await using server = await openScriptedServer({
      onSubscribe(connection, { id }) {
        connection.sendEvent(id, 1);
        connection.sendEvent(id, 2, "NotificationsRead");
      },
    });
    const client = createResumingClient({ ...connectTo(server.url, ""), retry });
    let heard = 0;
    client.subscribe(
      { query: "subscription { a }" },
      {
        next() {
          heard += 1;
          throw new Error(`listener ${heard}`);
        },
        error: () => undefined,
        complete: () => undefined,
      },
    );
    await using tab = follow(client, { userId: "alice" });
    await tab.until(2);
    expect(heard).toBe(2);
    expect(uncaught.map(String)).toEqual(["Error: listener 1", "Error: listener 2"]);
    expect(server.attempts).toBe(1);
  });
});
