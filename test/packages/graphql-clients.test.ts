import { expect, it } from "vitest";
import { checkStrictly, createApplication, installTimeout, pack } from "./application.js";

const apollo = `
import { ApolloClient, InMemoryCache } from "@apollo/client";
import { carillonTypePolicies, createLink, createTransport, keepInboxCurrent } from "@carillon/apollo";
import { InboxDocument } from "@carillon/client/operations";

const transport = createTransport({ url: "/graphql", token: () => "token" });
const client = new ApolloClient({
  link: createLink(transport),
  cache: new InMemoryCache({ typePolicies: carillonTypePolicies }),
});
export const stop: () => void = keepInboxCurrent(client, { userId: "alice" });
export const count: Promise<number | undefined> = client
  .query({ query: InboxDocument, variables: { userId: "alice" } })
  .then(({ data }) => data?.inbox.unreadCount);
// @ts-expect-error The query needs a user.
void client.query({ query: InboxDocument, variables: {} });
`;

const urql = `
import { createTransport, forwardSubscription, graphcacheOptions, keepInboxCurrent } from "@carillon/urql";
import { InboxDocument } from "@carillon/client/operations";
import { Client, fetchExchange, subscriptionExchange } from "@urql/core";
import { cacheExchange } from "@urql/exchange-graphcache";

const transport = createTransport({ url: "/graphql", token: () => "token" });
const client = new Client({
  url: transport.url,
  fetch: transport.fetch,
  preferGetMethod: false,
  exchanges: [
    cacheExchange(graphcacheOptions()),
    fetchExchange,
    subscriptionExchange({ forwardSubscription: forwardSubscription(transport) }),
  ],
});
export const stop: () => void = keepInboxCurrent(client, { userId: "alice" });
export const count: Promise<number | undefined> = client
  .query(InboxDocument, { userId: "alice" })
  .toPromise()
  .then(({ data }) => data?.inbox.unreadCount);
// @ts-expect-error There is no such field.
void client.query(InboxDocument, { userId: "alice" }).then(({ data }) => data?.inbox.size);
`;

it(
  "the packages for Apollo Client and urql load in Node.js, have strict types, and are all that is needed beside those",
  { timeout: installTimeout },
  async () => {
    await using application = await createApplication();
    const packed = await pack(application.path, ["client", "apollo", "urql"]);
    await application.install(...packed, "@urql/core@6", "@urql/exchange-graphcache@9");

    const names = [
      "@carillon/client",
      "@carillon/client/operations",
      "@carillon/client/cache",
      "@carillon/apollo",
      "@carillon/urql",
    ];
    await application.write({
      "load.js": `for (const name of ${JSON.stringify(names)}) console.log(name, Object.keys(await import(name)).length > 0);`,
      "src/apollo.ts": apollo,
      "src/urql.ts": urql,
    });
    expect((await application.node("load.js")).trim().split("\n")).toEqual(
      names.map((name) => `${name} true`),
    );
    await checkStrictly(application, { skipLibCheck: true });
  },
);
