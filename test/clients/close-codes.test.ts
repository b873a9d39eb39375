import { describe, expect, it } from "vitest";
import { createResumingClient } from "../../src/client/connection/resuming-client.js";
import { waitUntil } from "../services/wait-until.js";
import { connectTo, follow } from "../kit/subscriber.js";
import { openClient } from "./open-client.js";
import { openScriptedServer, type Script, type ScriptedConnection } from "./scripted-server.js";

type Ending = readonly [name: string, end: (connection: ScriptedConnection) => void];

/** How servers and proxies end a connection in the middle of a stream: after each the client comes back. */
const endings: readonly Ending[] = [
  ...[1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014].map(withCode),
  ["1005 (no code)", ({ socket }) => socket.close()],
  ["1006 (no close frame)", ({ socket }) => socket.terminate()],
  ["a message that is not JSON", ({ socket }) => socket.send("<html>")],
  ...[3000, 4000, 4004, 4005, 4400, 4401, 4403, 4406, 4408, 4409, 4429, 4499, 4500, 4504].map(withCode),
];

function withCode(code: number): Ending {
  return [`${code}`, ({ socket }) => socket.close(code, "for this test")];
}

/** What servers and proxies answer to an upgrade in the place of 101. */
const statuses = [400, 401, 403, 404, 408, 429, 500, 502, 503, 504];

/** Ends the first connection after its first event, and continues in the second. */
function endOnce(end: Ending[1]): Script {
  return {
    onSubscribe(connection, { id, variables }) {
      if (variables["after"] === "c1") connection.sendEvent(id, 2, "NotificationsRead");
      else connection.sendEvent(id, 1);
      if (connection.number === 1) end(connection);
    },
  };
}

const retry = { first: 10, longest: 50 };

describe("After a connection has ended, the resuming client", () => {
  it.each(endings)("continues where it was: %s", async (_name, end) => {
    await using server = await openScriptedServer(endOnce(end));
    const tokens = { asked: 0 };
    const client = createResumingClient({
      ...connectTo(server.url, ""),
      connectionParams: () => ({ authorization: `Bearer ${(tokens.asked += 1)}` }),
      retry,
    });
    await using tab = follow(client, { userId: "alice" });
    await tab.until(2);
    expect(tab.received.map(({ cursor }) => cursor)).toEqual(["c1", "c2"]);
    expect(server.operations.map(({ variables }) => variables["after"])).toEqual([undefined, "c1"]);
    expect(tokens.asked).toBe(2);
  });

  it.each(statuses)("connects although an upgrade was answered with %i", async (status) => {
    await using server = await openScriptedServer({
      refuse: (number) => (number === 1 ? status : null),
      onSubscribe: (connection, { id }) => connection.sendEvent(id, 1),
    });
    const client = createResumingClient({ ...connectTo(server.url, ""), retry });
    await using tab = follow(client, { userId: "alice" });
    await tab.until(1);
    expect(server.attempts).toBe(2);
  });
});

describe("After a connection has ended, the client", () => {
  it.each(endings)("continues where it was: %s", async (_name, end) => {
    await using server = await openScriptedServer(endOnce(end));
    const tokens = { asked: 0 };
    await using client = openClient(server.url, "alice", {
      token: () => `${(tokens.asked += 1)}`,
      retry,
    });
    const cursors: string[] = [];
    client.listen(({ cursor }) => cursors.push(cursor));
    client.start();
    await waitUntil("both events", () => cursors.length === 2);
    expect(cursors).toEqual(["c1", "c2"]);
    expect(server.operations.map(({ variables }) => variables["after"])).toEqual([null, "c1"]);
    expect(tokens.asked).toBe(2);
  });

  it.each(statuses)("connects although an upgrade was answered with %i", async (status) => {
    await using server = await openScriptedServer({
      refuse: (number) => (number === 1 ? status : null),
      onSubscribe: (connection, { id }) => connection.sendEvent(id, 1),
    });
    await using client = openClient(server.url, "alice", { retry });
    client.start();
    await waitUntil("the event", () => client.position === "c1");
    expect(server.attempts).toBe(2);
  });
});
