import { createTransport, forwardSubscription, graphcacheOptions, type Transport } from "@carillon/urql";
import { cacheExchange } from "@urql/exchange-graphcache";
import { Client, fetchExchange, subscriptionExchange } from "urql";
import { fetchToken } from "./token.js";

/** urql with Graphcache, and Carillon's way of subscribing. */
export function openClient(userId: string): { client: Client; transport: Transport } {
  const transport = createTransport({ url: "/graphql", token: () => fetchToken(userId) });
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
  return { client, transport };
}
