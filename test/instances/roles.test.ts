import { expect, it } from "vitest";
import { token } from "../kit/app.js";
import { notify } from "../kit/backend.js";
import { openCluster } from "../kit/cluster.js";
import { titlesOf } from "../kit/items.js";
import { subscribe } from "../kit/subscriber.js";

it("a process that only works answers its health and serves no API; one that only serves needs no other", async () => {
  await using cluster = await openCluster();
  const [api, worker] = await Promise.all([
    cluster.start({ ROLES: "api" }),
    cluster.start({ ROLES: "worker" }),
  ]);
  for (const { url } of [api, worker]) {
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
  }
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ query: "{ __typename }" });
  expect((await fetch(`${worker.url}/graphql`, { method: "POST", headers, body })).status).toBe(404);
  await using refused = subscribe(worker.url, await token("alice"), { userId: "alice" });
  expect(await refused.ended).toMatchObject({ message: "Unexpected server response: 404" });
  expect(refused.received).toEqual([]);

  await using tab = subscribe(api.url, await token("alice"), { userId: "alice" });
  await tab.until(1, "InboxReady");
  await notify(api.url, "alice", "served");
  await tab.until(1, "NotificationCreated");
  expect(titlesOf(tab.received)).toEqual(["served"]);
  expect(await worker.stop("SIGTERM")).toBe(0);
});
