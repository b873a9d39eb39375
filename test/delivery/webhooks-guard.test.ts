import { expect, test } from "vitest";
import { addressCheck } from "../../src/server/delivery/webhooks/address-guard.js";
import { newSecret } from "../../src/server/delivery/webhooks/signature.js";
import { type SenderOptions, WebhookSender } from "../../src/server/delivery/webhooks/sender.js";
import { openReceiver } from "../kit/webhook-receiver.js";

const isAllowed = addressCheck([]);

test.each([
  ["this host", "0.0.0.0"],
  ["this network", "0.1.2.3"],
  ["loopback", "127.0.0.1"],
  ["loopback, far end", "127.255.255.254"],
  ["private 10", "10.0.0.1"],
  ["private 172.16", "172.16.0.1"],
  ["private 172.31", "172.31.255.255"],
  ["private 192.168", "192.168.1.1"],
  ["carrier-grade NAT", "100.64.0.1"],
  ["link-local", "169.254.0.1"],
  ["cloud metadata", "169.254.169.254"],
  ["IETF protocol assignments", "192.0.0.192"],
  ["documentation", "192.0.2.1"],
  ["benchmarking", "198.18.0.1"],
  ["multicast", "224.0.0.1"],
  ["reserved", "240.0.0.1"],
  ["broadcast", "255.255.255.255"],
  ["unspecified IPv6", "::"],
  ["loopback IPv6", "::1"],
  ["IPv4-mapped loopback", "::ffff:127.0.0.1"],
  ["IPv4-mapped private, in hexadecimal", "::ffff:a00:1"],
  ["IPv4-mapped metadata", "::ffff:169.254.169.254"],
  ["IPv4-compatible", "::127.0.0.1"],
  ["IPv4-translated", "::ffff:0:127.0.0.1"],
  ["NAT64 of metadata", "64:ff9b::169.254.169.254"],
  ["NAT64, local", "64:ff9b:1::10.0.0.1"],
  ["6to4 of loopback", "2002:7f00:1::"],
  ["Teredo", "2001::1"],
  ["unique local", "fd00::1"],
  ["metadata of EC2 on IPv6", "fd00:ec2::254"],
  ["link-local IPv6", "fe80::1"],
  ["link-local IPv6 with a zone", "fe80::1%eth0"],
  ["site-local", "fec0::1"],
  ["multicast IPv6", "ff02::1"],
  ["documentation IPv6", "2001:db8::1"],
  ["discard", "100::1"],
  ["not assigned", "4000::1"],
  ["no address", "localhost"],
])("%s is blocked: %s", (_name, address) => {
  expect(isAllowed(address)).toBe(false);
});

test.each([
  "1.1.1.1",
  "8.8.8.8",
  "93.184.216.34",
  "172.15.0.1",
  "172.32.0.1",
  "100.128.0.1",
  "2606:4700::1111",
])("%s is public", (address) => {
  expect(isAllowed(address)).toBe(true);
  if (!address.includes(":")) expect(isAllowed(`::ffff:${address}`)).toBe(true);
});

test("the networks of the configuration are allowed besides, and nothing near them", () => {
  const check = addressCheck(["10.1.0.0/16", "fd00:1::/32"]);
  for (const address of ["10.1.2.3", "::ffff:10.1.2.3", "fd00:1::7", "1.1.1.1"]) {
    expect(check(address)).toBe(true);
  }
  for (const address of ["10.2.0.1", "127.0.0.1", "fd00:2::7", "::ffff:10.2.0.1"]) {
    expect(check(address)).toBe(false);
  }
});

function sender(allowedNetworks: SenderOptions["allowedNetworks"]): WebhookSender {
  return new WebhookSender({
    allowedNetworks,
    connectTimeout: 2000,
    timeout: 5000,
    concurrency: 2,
    userAgent: "Carillon/test",
  });
}

function call(url: string) {
  return { endpoint: { id: url, url, secrets: [newSecret()] }, messageId: "m", body: Buffer.from("{}") };
}

test.each([
  "http://127.0.0.1:PORT/",
  "http://localhost:PORT/",
  "http://127.1:PORT/",
  "http://2130706433:PORT/",
  "http://0x7f000001:PORT/",
  "http://0177.0.0.1:PORT/",
  "http://0.0.0.0:PORT/",
  "http://[::]:PORT/",
  "http://[::1]:PORT/",
  "http://[::ffff:127.0.0.1]:PORT/",
  "https://127.0.0.1:PORT/",
  "https://localhost:PORT/",
])("nothing is connected to at %s", async (template) => {
  await using receiver = await openReceiver();
  await using webhooks = sender([]);
  const outcome = await webhooks.send(call(template.replace("PORT", String(receiver.port))));
  expect(outcome).toMatchObject({ kind: "rejected", status: null, retryAfter: null });
  expect(outcome.error).toMatch(
    /^the address \S+ (\(of localhost\) )?is neither public nor in WEBHOOK_ALLOWED_NETWORKS$/,
  );
  expect(receiver.connections).toBe(0);
});

test("a name is connected to when each of its addresses is allowed", async () => {
  await using receiver = await openReceiver();
  const target = call(`http://localhost:${receiver.port}/`);
  await using webhooks = sender(["127.0.0.0/8", "::1/128"]);
  expect(await webhooks.send(target)).toMatchObject({ kind: "delivered", status: 204, error: null });
});

test("a name of several addresses is blocked for the sake of one", async () => {
  await using receiver = await openReceiver();
  await using webhooks = sender(["203.0.113.0/24"]);
  const outcome = await webhooks.send(call(`http://localhost:${receiver.port}/`));
  expect(outcome.kind).toBe("rejected");
  expect(receiver.connections).toBe(0);
});
