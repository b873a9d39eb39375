import { ApolloClient, InMemoryCache } from "@apollo/client";
import { afterEach, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import {
  carillonTypePolicies,
  createLink,
  createTransport,
  keepInboxCurrent,
} from "../../src/apollo/index.js";
import { startApp, token } from "../kit/app.js";
import { waitUntil } from "../services/wait-until.js";
import { collectUncaughtErrors } from "./uncaught-errors.js";

afterEach(() => vi.restoreAllMocks());

it("An inbox is kept current although onError throws", async () => {
  const uncaught = collectUncaughtErrors();
  await using app = await startApp();
  let requests = 0;
  const transport = createTransport({
    url: `${app.url}/graphql`,
    token: () => token("alice"),
    webSocket: WebSocket,
    fetch(...request) {
      requests += 1;
      if (requests === 1) throw new TypeError("fetch failed");
      return fetch(...request);
    },
  });
  const client = new ApolloClient({
    cache: new InMemoryCache({ typePolicies: carillonTypePolicies }),
    link: createLink(transport),
  });
  const events: string[] = [];
  const stop = keepInboxCurrent(client, {
    userId: "alice",
    onEvent: ({ __typename }) => events.push(__typename),
    onError() {
      throw new Error("The toast is broken");
    },
  });
  await waitUntil("the stream", () => events.length === 1);
  expect(uncaught.map(String)).toEqual(["Error: The toast is broken"]);
  stop();
  client.stop();
  await transport.dispose();
});
