import { ApolloLink, HttpLink } from "@apollo/client";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { OperationTypeNode } from "graphql";
import type { Transport } from "@carillon/client/cache";

/** A terminating link: subscriptions over the transport's socket, queries and mutations over HTTP. */
export function createLink(transport: Transport): ApolloLink {
  return ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    new GraphQLWsLink(transport.socket),
    new HttpLink({ uri: transport.url, fetch: transport.fetch }),
  );
}
