import { backendToken } from "./app.js";
import { ask } from "./requests.js";

export interface EndpointInput {
  readonly url: string;
  readonly eventTypes?: readonly string[];
  readonly categories?: readonly string[];
  readonly batch?: { readonly maxEvents: number; readonly maxAge: number };
}

/** An operator creates a webhook endpoint. */
export async function createEndpoint(
  url: string,
  input: EndpointInput,
): Promise<{ readonly id: string; readonly secret: string }> {
  const { createWebhookEndpoint } = await operate<{
    createWebhookEndpoint: { endpoint: { id: string }; secret: string };
  }>(
    url,
    `mutation ($input: CreateWebhookEndpointInput!) {
      createWebhookEndpoint(input: $input) { endpoint { id } secret }
    }`,
    { input },
  );
  return { id: createWebhookEndpoint.endpoint.id, secret: createWebhookEndpoint.secret };
}

/** An operator asks or does something; fails on any error. */
export async function operate<T>(
  url: string,
  document: string,
  variables: Record<string, unknown> = {},
): Promise<T> {
  const { data, errors } = await ask<T>(url, await backendToken(), document, variables);
  if (errors !== undefined || data === null || data === undefined) {
    throw new Error(`the operation failed: ${JSON.stringify(errors)}`);
  }
  return data;
}
