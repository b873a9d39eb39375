import Negotiator from "negotiator";

export const jsonMediaType = "application/json";

/** GraphQL's own media type (GraphQL over HTTP, section 4.1): with it, request errors have a 4xx status. */
export const graphqlMediaType = "application/graphql-response+json";

/** The longest `Accept` and `Content-Type`, in characters: parsing some values of them takes quadratic time. */
export const maxMediaTypeLength = 1024;

/** The media type of a response, chosen as Apollo Server does; application/json when the client accepts neither. */
export function responseMediaType(accept: string | undefined): string {
  if (accept !== undefined && accept.length > maxMediaTypeLength) return jsonMediaType;
  const negotiator = new Negotiator({ headers: { accept } });
  return negotiator.mediaType([jsonMediaType, graphqlMediaType]) ?? jsonMediaType;
}
