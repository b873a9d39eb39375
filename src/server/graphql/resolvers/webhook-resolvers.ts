import type { WebhookAttempt } from "../../delivery/webhooks/attempt-store.js";
import type { EndpointChanges, NewEndpoint } from "../../delivery/webhooks/endpoint-input.js";
import type { WebhookEndpoint } from "../../delivery/webhooks/endpoint.js";
import { requireAdmin } from "../authorization.js";
import type { CreateWebhookEndpointInput, Resolvers, UpdateWebhookEndpointInput } from "../generated.js";
import { webhookEventTypes } from "../webhook-event-types.js";
import { createPageInfoResolver } from "../pagination.js";

const defaultPageSize = 20;

export const webhookResolvers = {
  WebhookEventType: webhookEventTypes,
  Query: {
    webhookEndpoints: async (_parent, _args, context) => {
      requireAdmin(context);
      return await context.webhooks.list();
    },
    webhookEndpoint: async (_parent, { id }, context) => {
      requireAdmin(context);
      return await context.webhooks.read(id);
    },
  },
  Mutation: {
    createWebhookEndpoint: async (_parent, { input }, context) => {
      requireAdmin(context);
      return withSecret(await context.webhooks.create(toNew(input)));
    },
    updateWebhookEndpoint: async (_parent, { id, input }, context) => {
      requireAdmin(context);
      return { endpoint: await context.webhooks.update(id, toChanges(input)) };
    },
    enableWebhookEndpoint: async (_parent, { id }, context) => {
      requireAdmin(context);
      return { endpoint: await context.webhooks.enable(id) };
    },
    disableWebhookEndpoint: async (_parent, { id }, context) => {
      requireAdmin(context);
      return { endpoint: await context.webhooks.disable(id) };
    },
    deleteWebhookEndpoint: async (_parent, { id }, context) => {
      requireAdmin(context);
      return { deletedId: (await context.webhooks.delete(id)) ? id : null };
    },
    rotateWebhookSecret: async (_parent, { id }, context) => {
      requireAdmin(context);
      return withSecret(await context.webhooks.rotateSecret(id));
    },
    sendTestWebhook: async (_parent, { id }, context) => {
      requireAdmin(context);
      return { attempt: await context.webhooks.sendTest(id) };
    },
  },
  WebhookEndpoint: {
    attempts: ({ id }, { first, after }, context) =>
      context.webhooks.attempts(id, { first: first ?? defaultPageSize, after: after ?? null }),
  },
  WebhookAttemptConnection: {
    edges: ({ items }) => items,
    nodes: ({ items }) => items,
    pageInfo: createPageInfoResolver(cursorOf),
  },
  WebhookAttemptEdge: {
    cursor: cursorOf,
    node: (attempt) => attempt,
  },
} satisfies Resolvers;

/** Returns the endpoint with its newest secret. */
function withSecret(endpoint: WebhookEndpoint): { endpoint: WebhookEndpoint; secret: string } {
  const [secret] = endpoint.secrets;
  if (secret === undefined) throw new Error("an endpoint has no secret");
  return { endpoint, secret };
}

function toNew(input: CreateWebhookEndpointInput): NewEndpoint {
  return {
    url: input.url,
    description: input.description ?? null,
    eventTypes: input.eventTypes ?? null,
    categories: input.categories ?? null,
    batch: input.batch ?? null,
  };
}

/** null resets a field and undefined leaves it unchanged, except for the URL, which every endpoint has. */
function toChanges({ url, ...rest }: UpdateWebhookEndpointInput): EndpointChanges {
  return { ...rest, url: url ?? undefined };
}

function cursorOf({ id }: WebhookAttempt): string {
  return id;
}
