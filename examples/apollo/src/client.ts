import { ApolloClient, InMemoryCache } from "@apollo/client";
import { carillonTypePolicies, createLink, createTransport, type Transport } from "@carillon/apollo";
import { fetchToken } from "./token.js";

/** Apollo Client with Carillon's link and type policies. */
export function openClient(userId: string): { client: ApolloClient; transport: Transport } {
  const transport = createTransport({ url: "/graphql", token: () => fetchToken(userId) });
  const client = new ApolloClient({
    link: createLink(transport),
    cache: new InMemoryCache({ typePolicies: carillonTypePolicies }),
  });
  return { client, transport };
}
