import { ApolloClient, gql, InMemoryCache } from "@apollo/client";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { Client as UrqlClient, subscriptionExchange } from "@urql/core";
import type { Client } from "graphql-ws";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NotificationEventsDocument } from "../../src/client/generated.js";
import { createResumingClient } from "../../src/client/connection/resuming-client.js";
import { maxMessageBytes as serverLimit } from "../../src/server/http/websocket/websocket-endpoint.js";
import { backendToken, startApp, type TestApp } from "../kit/app.js";
import { notify } from "../kit/backend.js";
import { inWords } from "../kit/items.js";
import { connectTo, follow } from "../kit/subscriber.js";
import { waitUntil } from "../services/wait-until.js";
import { openMessageProxy } from "./message-proxy.js";
import { openClient } from "./open-client.js";
import { runOperation } from "./run-operation.js";
import { openScriptedServer } from "./scripted-server.js";

const retry = { first: 10, longest: 50 };

/** The bytes of the message that graphql-ws sends for a mutation with this text. */
function mutationOf(bytes: number, title = "over the socket"): string {
  const mutation = `mutation { createNotification(input: { userId: "alice", category: "test", title: "${title}" }) { notification { id } } } # `;
  const message = { id: crypto.randomUUID(), type: "subscribe", payload: { query: mutation } };
  return mutation + "x".repeat(bytes - new TextEncoder().encode(JSON.stringify(message)).byteLength);
}

describe("A message that is larger than the server accepts", () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app[Symbol.asyncDispose]());

  async function connectAsBackend(url: string): Promise<{ client: Client; closed: () => number }> {
    let closed = 0;
    const client = createResumingClient({ ...connectTo(url, await backendToken()), retry });
    client.on("closed", () => void (closed += 1));
    return { client, closed: () => closed };
  }

  it("is not sent, fails with what to do, and disturbs no subscription", async () => {
    const { client, closed } = await connectAsBackend(app.url);
    await using tab = follow(client, { userId: "alice" });
    await tab.until(1, "InboxReady");
    const tooLarge = runOperation(client, { query: mutationOf(serverLimit + 1) });
    await expect(tooLarge).rejects.toMatchObject({
      name: "CarillonError",
      code: "MESSAGE_TOO_LARGE",
      message:
        "The message has 65537 bytes; the server accepts at most 65536 over a WebSocket. Send it over HTTP, or in parts.",
    });
    // The largest that is accepted, to the byte.
    const largest = await runOperation(client, { query: mutationOf(serverLimit) });
    expect(largest?.errors).toBeUndefined();
    await tab.until(1, "NotificationCreated");
    expect(closed()).toBe(0);
  });

  it("that is a subscription fails alone", async () => {
    const { client, closed } = await connectAsBackend(app.url);
    await using tab = follow(client, { userId: "bob" });
    await tab.until(1, "InboxReady");
    const failed = follow(client, { userId: "bob", after: "x".repeat(serverLimit) });
    const error = await failed.ended;
    expect(error).toMatchObject({ code: "MESSAGE_TOO_LARGE" });
    expect(String(error)).toContain("at most 65536 over a WebSocket. Shorten its document or its variables.");
    await notify(app.url, "bob", "still there");
    await tab.until(1, "NotificationCreated");
    expect(closed()).toBe(0);
  });

  it("that cannot be written as JSON fails alone", async () => {
    const { client, closed } = await connectAsBackend(app.url);
    await using tab = follow(client, { userId: "carol" });
    await tab.until(1, "InboxReady");
    const invalid = runOperation(client, { query: "{ __typename }", variables: { first: 1n } });
    await expect(invalid).rejects.toThrow(/BigInt/);
    await notify(app.url, "carol", "still there");
    await tab.until(1, "NotificationCreated");
    expect(closed()).toBe(0);
  });

  it("for a proxy only closes the connection, fails, and every subscription resumes", async () => {
    await using proxy = await openMessageProxy(app.url, 8 * 1024);
    const { client } = await connectAsBackend(proxy.url);
    await using tab = follow(client, { userId: "dave" });
    await using other = follow(client, { userId: "erin" });
    await Promise.all([tab.until(1, "InboxReady"), other.until(1, "InboxReady")]);
    await notify(app.url, "dave", "before");
    await tab.until(1, "NotificationCreated");

    const tooLarge = runOperation(client, { query: mutationOf(20_000, "too large") });
    await expect(tooLarge).rejects.toMatchObject({
      code: "MESSAGE_TOO_LARGE",
      message:
        "The message has 20000 bytes; the server, or a proxy, accepts less and has closed the connection (1009). Send it over HTTP, or in parts.",
    });
    await notify(app.url, "dave", "after");
    await notify(app.url, "erin", "after");
    await Promise.all([tab.until(2, "NotificationCreated"), other.until(1, "NotificationCreated")]);
    const created = (items: typeof tab.received) =>
      items.map(inWords).filter((words) => words !== "InboxReady");
    expect(created(tab.received)).toEqual([
      "1 NotificationCreated 'before'",
      "2 NotificationCreated 'after'",
    ]);
    expect(created(other.received)).toEqual(["1 NotificationCreated 'after'"]);
    expect(proxy.connections).toBe(2);
  });

  it("for a proxy only ends a subscription that is the message itself, and no other", async () => {
    await using proxy = await openMessageProxy(app.url, 8 * 1024);
    const { client } = await connectAsBackend(proxy.url);
    await using tab = follow(client, { userId: "frank" });
    await tab.until(1, "InboxReady");
    const failed = follow(client, { userId: "frank", after: "x".repeat(20_000) });
    expect(await failed.ended).toMatchObject({ code: "MESSAGE_TOO_LARGE" });
    const made = proxy.connections;
    await notify(app.url, "frank", "still there");
    await tab.until(1, "NotificationCreated");
    expect(proxy.connections - made).toBeLessThanOrEqual(1);
  });

  it("is told from others that were on the way: the largest is to blame, and no mutation is sent twice", async () => {
    await using server = await openScriptedServer({
      maxPayload: 8 * 1024,
      onSubscribe(connection, { id, query }) {
        if (query.startsWith("subscription")) connection.sendEvent(id, connection.number);
        if (query === "{ __typename }" && connection.number === 2) {
          connection.send({ id, type: "next", payload: { data: { __typename: "Query" } } });
          connection.send({ id, type: "complete" });
        }
      },
    });
    const client = createResumingClient({ ...connectTo(server.url, ""), retry });
    await using tab = follow(client, { userId: "alice" });
    await tab.until(1);
    const query = runOperation(client, { query: "{ __typename }" });
    const small = runOperation(client, { query: mutationOf(4000) });
    const large = runOperation(client, { query: mutationOf(10_000) });
    const outcomes = await Promise.allSettled([query, small, large]);
    expect(outcomes).toMatchObject([
      { status: "fulfilled", value: { data: { __typename: "Query" } } },
      {
        status: "rejected",
        reason: {
          code: "NETWORK",
          message:
            "The connection was closed before the answer (1009): the mutation may or may not have happened",
        },
      },
      { status: "rejected", reason: { code: "MESSAGE_TOO_LARGE" } },
    ]);
    await tab.until(2);
    expect(server.operations.filter(({ query }) => query.startsWith("mutation"))).toHaveLength(1);
    expect(server.attempts).toBe(2);
  });

  it("is an error that Apollo Client gives to who sent the mutation, and its subscription continues", async () => {
    const { client, closed } = await connectAsBackend(app.url);
    const apollo = new ApolloClient({ link: new GraphQLWsLink(client), cache: new InMemoryCache() });
    const events: string[] = [];
    const watching = apollo
      .subscribe({
        query: NotificationEventsDocument,
        variables: { userId: "grace", after: null },
        fetchPolicy: "no-cache",
      })
      .subscribe(({ data }) => events.push(data?.notificationEvents.__typename ?? "none"));
    await waitUntil("the subscription", () => events.length === 1);
    const mutation = gql`
      mutation ($inputs: [CreateNotificationInput!]!) {
        createNotifications(inputs: $inputs) {
          notifications {
            id
          }
        }
      }
    `;
    const inputs = Array.from({ length: 1000 }, () => ({
      userId: "grace",
      category: "test",
      title: "A title of sixteen words".repeat(4),
    }));
    await expect(apollo.mutate({ mutation, variables: { inputs } })).rejects.toThrow(
      /at most 65536 over a WebSocket/,
    );
    await notify(app.url, "grace", "still there");
    await waitUntil("the event", () => events.length === 2);
    expect(events).toEqual(["InboxReady", "NotificationCreated"]);
    expect(closed()).toBe(0);
    watching.unsubscribe();
    await client.dispose();
  });

  it("is an error that urql gives to who sent the mutation, and its subscription continues", async () => {
    const { client, closed } = await connectAsBackend(app.url);
    const urql = new UrqlClient({
      url: app.url,
      preferGetMethod: false,
      exchanges: [
        subscriptionExchange({
          enableAllOperations: true,
          forwardSubscription: ({ query = "", variables = {} }) => ({
            subscribe: (sink) => ({
              unsubscribe: client.subscribe(
                { query, variables },
                { ...sink, next: ({ data }) => sink.next({ data: data ?? null }) },
              ),
            }),
          }),
        }),
      ],
    });
    const events: string[] = [];
    const watching = urql
      .subscription(NotificationEventsDocument, { userId: "heidi", after: null })
      .subscribe(({ data }) => events.push(data?.notificationEvents.__typename ?? "none"));
    await waitUntil("the subscription", () => events.length === 1);
    const mutation = `mutation ($title: String!) { createNotification(input: { userId: "heidi", category: "test", title: $title }) { notification { id } } }`;
    const result = await urql.mutation(mutation, { title: "x".repeat(70_000) }).toPromise();
    expect(result.error?.networkError).toMatchObject({ code: "MESSAGE_TOO_LARGE" });
    await notify(app.url, "heidi", "still there");
    await waitUntil("the event", () => events.length === 2);
    expect(closed()).toBe(0);
    watching.unsubscribe();
    await client.dispose();
  });

  it("ends the attempts of the client whose cursor it is, without a connection", async () => {
    await using server = await openScriptedServer({});
    await using client = openClient(server.url, "ivan", { after: "x".repeat(serverLimit), retry });
    client.start();
    await untilGivenUp(client);
    expect(client.connection.get().error).toMatchObject({ code: "MESSAGE_TOO_LARGE" });
    expect(client.connection.get().error?.message).toContain("at most 65536");
    expect(server.attempts).toBe(0);
  });

  it("for a proxy only ends the attempts of the client whose subscription it is", async () => {
    await using proxy = await openMessageProxy(app.url, 512);
    await using client = openClient(proxy.url, "judy", { retry });
    client.start();
    await untilGivenUp(client);
    expect(client.connection.get().error).toMatchObject({ code: "MESSAGE_TOO_LARGE" });
    expect(proxy.connections).toBe(2);
    // The proxy was mended: the client can be told to try again.
    client.pause();
    client.resume();
    await waitUntil("another attempt", () => proxy.connections > 2);
  });

  async function untilGivenUp(client: ReturnType<typeof openClient>): Promise<void> {
    await waitUntil("the end of its attempts", () => {
      const { status, retryAt } = client.connection.get();
      return status === "offline" && retryAt === null;
    });
  }
});
