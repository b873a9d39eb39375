import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Outcome } from "../../src/server/delivery/webhooks/outcome.js";
import { newSecret } from "../../src/server/delivery/webhooks/signature.js";
import { WebhookSender } from "../../src/server/delivery/webhooks/sender.js";
import { freePort } from "../services/free-port.js";
import { openReceiver, verified, type WebhookReceiver } from "../kit/webhook-receiver.js";

const timeout = 700;
const secrets = [newSecret()];

let receiver: WebhookReceiver;
let webhooks: WebhookSender;

beforeEach(async () => {
  receiver = await openReceiver();
  webhooks = new WebhookSender({
    allowedNetworks: ["127.0.0.0/8"],
    connectTimeout: 500,
    timeout,
    concurrency: 3,
    userAgent: "Carillon/1.2.3",
  });
});

afterEach(async () => {
  await webhooks[Symbol.asyncDispose]();
  await receiver[Symbol.asyncDispose]();
});

function post(
  url = receiver.url,
  body: unknown = { type: "test" },
  signal?: AbortSignal,
  id = "an endpoint",
) {
  const call = {
    endpoint: { id, url, secrets },
    messageId: "msg_1",
    body: Buffer.from(JSON.stringify(body)),
  };
  return webhooks.send(call, signal);
}

function expectNoAnswer(outcome: Outcome): void {
  expect(outcome).toMatchObject({ kind: "retry", status: null });
  expect(outcome.error).toMatch(/./);
}

describe("a call", () => {
  test("is a POST that the reference library verifies", async () => {
    const body = { type: "notification.created", data: { title: "Grüße 🎉" } };
    const { latency, ...outcome } = await post(`${receiver.url}/hooks/7?of=us#part`, body);
    expect(outcome).toEqual({ kind: "delivered", status: 204, error: null, retryAfter: null });
    expect(latency).toBeLessThan(timeout);
    const [call] = receiver.calls;
    expect(call).toMatchObject({
      method: "POST",
      path: "/hooks/7?of=us",
      headers: { "content-type": "application/json", "user-agent": "Carillon/1.2.3", "webhook-id": "msg_1" },
    });
    expect(verified(call, secrets[0] ?? "")).toEqual(body);
    expect(() => verified(call, newSecret())).toThrow("No matching signature");
  });

  test("is signed with each secret while they change", async () => {
    const [before, after] = [newSecret(), newSecret()];
    const endpoint = { id: "e", url: receiver.url, secrets: [after, before] };
    await webhooks.send({ endpoint, messageId: "m", body: Buffer.from('"x"') });
    const [call] = receiver.calls;
    expect(call?.headers["webhook-signature"]?.split(" ")).toHaveLength(2);
    expect(verified(call, before)).toBe("x");
    expect(verified(call, after)).toBe("x");
  });

  test("uses a socket again, and never more at once than it may", async () => {
    for (let count = 0; count < 10; count += 1) await post();
    await Promise.all(Array.from({ length: 20 }, () => post()));
    expect(receiver.calls).toHaveLength(30);
    expect(receiver.connections).toBeLessThanOrEqual(3);
  });

  test("to one endpoint waits for none to another on the same host", async () => {
    receiver.answer((response, request) => request.url === "/fast" && response.end());
    const slow = Array.from({ length: 10 }, () => post(`${receiver.url}/slow`, {}, undefined, "slow"));
    expect(await post(`${receiver.url}/fast`, {}, undefined, "fast")).toMatchObject({ kind: "delivered" });
    const outcomes = await Promise.all(slow);
    expect(outcomes.every(({ kind }) => kind === "retry")).toBe(true);
  });

  test("goes to the new URL once it is changed", async () => {
    await using other = await openReceiver();
    await post();
    await post(other.url);
    expect([receiver.calls.length, other.calls.length]).toEqual([1, 1]);
  });

  test("ends with the signal, and so does one to come", async () => {
    const stopping = new AbortController();
    const reason = new Error("we stop");
    receiver.answer(() => stopping.abort(reason));
    await expect(post(receiver.url, {}, stopping.signal)).rejects.toBe(reason);
    await expect(post(receiver.url, {}, stopping.signal)).rejects.toBe(reason);
    expect(receiver.calls).toHaveLength(1);
  });
});

describe("the outcome", () => {
  test.each([
    [200, "delivered"],
    [201, "delivered"],
    [202, "delivered"],
    [204, "delivered"],
    [299, "delivered"],
    [301, "rejected"],
    [302, "rejected"],
    [307, "rejected"],
    [308, "rejected"],
    [400, "rejected"],
    [401, "rejected"],
    [403, "rejected"],
    [404, "rejected"],
    [413, "rejected"],
    [408, "retry"],
    [425, "retry"],
    [429, "retry"],
    [500, "retry"],
    [502, "retry"],
    [503, "retry"],
    [504, "retry"],
    [599, "retry"],
    [410, "gone"],
  ] as const)("of %i is %s", async (status, kind) => {
    receiver.answer((response) => response.writeHead(status, { location: "/elsewhere" }).end());
    const outcome = await post();
    expect(outcome).toMatchObject({ kind, status, retryAfter: null });
    if (kind === "delivered") expect(outcome.error).toBeNull();
    else expect(outcome.error).toMatch(new RegExp(`^answered ${status}`));
    expect(receiver.calls).toHaveLength(1);
  });

  test("contains the beginning of the answer, in one line", async () => {
    receiver.answer((response) =>
      response.writeHead(500).end(`\0no\r\n\u001b[31m database ${"x".repeat(5000)}`),
    );
    const { error } = await post();
    expect(error).toMatch(/^answered 500 Internal Server Error: no \[31m database x+$/);
    expect(error?.length).toBeLessThan(250);
  });

  test("contains no part of the secret", async () => {
    receiver.answer((response, request) => {
      response.writeHead(400).end(JSON.stringify(request.headers));
    });
    const { error } = await post();
    expect(error).not.toContain(secrets[0]?.slice("whsec_".length));
  });

  test.each([
    ["120", 120_000, 120_000],
    ["0", 0, 0],
    ["86400", 3_600_000, 3_600_000],
    ["9".repeat(30), 3_600_000, 3_600_000],
    [new Date(Date.now() + 600_000).toUTCString(), 500_000, 600_000],
    ["Fri, 31 Dec 1999 23:59:59 GMT", 0, 0],
    ["Fri, 31 Dec 9999 23:59:59 GMT", 3_600_000, 3_600_000],
  ])("heeds Retry-After: %s", async (value, least, most) => {
    receiver.answer((response) => response.writeHead(503, { "retry-after": value }).end());
    const { kind, retryAfter } = await post();
    expect(kind).toBe("retry");
    expect(retryAfter).toBeGreaterThanOrEqual(least);
    expect(retryAfter).toBeLessThanOrEqual(most);
  });

  test.each(["soon", "-5", "1.5.5"])("ignores Retry-After: %s", async (value) => {
    receiver.answer((response) => response.writeHead(429, { "retry-after": value }).end());
    expect(await post()).toMatchObject({ kind: "retry", retryAfter: null });
  });

  test("has no Retry-After where nothing is to be tried again", async () => {
    receiver.answer((response) => response.writeHead(400, { "retry-after": "5" }).end());
    expect(await post()).toMatchObject({ kind: "rejected", retryAfter: null });
  });
});

describe("an endpoint", () => {
  test("that does not answer in time is tried again", async () => {
    receiver.answer(() => {});
    const outcome = await post();
    expect(outcome).toMatchObject({ kind: "retry", status: null, error: `no answer within ${timeout} ms` });
    expect(outcome.latency).toBeGreaterThanOrEqual(timeout - 5);
  });

  test("that nobody listens at is tried again", async () => {
    const outcome = await post(`http://127.0.0.1:${await freePort()}`);
    expect(outcome).toMatchObject({ kind: "retry", status: null });
    expect(outcome.error).toMatch(/ECONNREFUSED/);
  });

  test("that does not exist is tried again", async () => {
    const outcome = await post("http://nobody.invalid/");
    expect(outcome).toMatchObject({ kind: "retry", status: null });
    expect(outcome.error).toMatch(/nobody\.invalid/);
  });

  test("that resets the connection is tried again", async () => {
    receiver.answer((response) => response.socket?.resetAndDestroy());
    expectNoAnswer(await post());
  });

  test("that speaks no HTTP is tried again", async () => {
    receiver.answer((response) => response.socket?.end("SSH-2.0-OpenSSH_9.6\r\n\r\n"));
    expectNoAnswer(await post());
  });

  test("that speaks no TLS is tried again", async () => {
    expectNoAnswer(await post(receiver.url.replace("http:", "https:")));
  });

  test("whose answer never ends has answered, and is not waited for", async () => {
    receiver.answer((response) => {
      const trickle = setInterval(() => response.write("."), 20);
      response.on("close", () => clearInterval(trickle));
      response.writeHead(200).write("OK");
    });
    const outcome = await post();
    expect(outcome).toMatchObject({ kind: "delivered", status: 200 });
    expect(outcome.latency).toBeLessThan(timeout);
  });

  test("whose answer is huge is read no further than its beginning", async () => {
    let sent = 0;
    const closed = new Promise<void>((resolve) => {
      receiver.answer((response) => {
        const chunk = Buffer.alloc(64 * 1024, "x");
        const fill = () => {
          while (!response.destroyed && response.write(chunk)) sent += chunk.byteLength;
        };
        response.on("drain", fill).on("close", resolve);
        response.writeHead(500);
        fill();
      });
    });
    expect(await post()).toMatchObject({ kind: "retry", status: 500 });
    await closed;
    expect(sent).toBeLessThan(16 * 1024 * 1024);
  });

  test("whose answer is cut short has answered", async () => {
    receiver.answer((response) => {
      response.writeHead(500, { "content-length": "1000" }).write("half of");
      response.socket?.end();
    });
    expect(await post()).toMatchObject({ kind: "retry", status: 500 });
  });
});

test("disposing of it ends calls in progress, and closes its sockets", async () => {
  const arrived = new Promise<void>((resolve) => receiver.answer(() => resolve()));
  const pending = post();
  await arrived;
  await webhooks[Symbol.asyncDispose]();
  expect(await pending).toMatchObject({ kind: "retry", status: null });
  // The receiver is still there, for others.
  const socket = connect(receiver.port, "127.0.0.1");
  await once(socket, "connect");
  socket.destroy();
});
