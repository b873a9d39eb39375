import Negotiator from "negotiator";

export const jsonMediaType = "application/json";

/** The type of GraphQL's own (GraphQL over HTTP, section 4.1), whose status codes tell of request errors. */
export const graphqlMediaType = "application/graphql-response+json";

/** What a response should be, as Apollo Server decides it too; application/json when the client takes neither. */
export function responseMediaType(accept: string | undefined): string {
  const negotiator = new Negotiator({ headers: { accept } });
  return negotiator.mediaType([jsonMediaType, graphqlMediaType]) ?? jsonMediaType;
}
