import type { CodegenConfig } from "@graphql-codegen/cli";
import { eventTypeNames } from "./src/server/notifications/event-types.js";
import { webhookEventTypes } from "./src/server/graphql/webhook-event-types.js";

const scalars = {
  DateTime: { input: "Date", output: "Date" },
  JSON: { input: "unknown", output: "unknown" },
  ID: { input: "string", output: "string" },
};

const documents = "src/client/operations/*.graphql";

const clientConfig = {
  scalars: { ...scalars, DateTime: "string" },
  useTypeImports: true,
  enumsAsTypes: true,
  strictScalars: true,
  skipTypename: false,
  nonOptionalTypename: true,
  importOperationTypesFrom: "Types",
  documentNodeImport: "./typed-document-node.js#TypedDocumentNode",
};

/** What stands behind the object type of each event. */
const eventMappers = Object.fromEntries(
  Object.entries(eventTypeNames).map(([type, { graphqlType }]) => [
    graphqlType,
    `./resolvers/event-resolvers.js#EventSource<'${type}'>`,
  ]),
);

const config: CodegenConfig = {
  schema: "schema/*.graphql",
  generates: {
    // What resolvers must return: the domain's types stand behind the schema's.
    "src/server/graphql/generated.ts": {
      plugins: ["typescript", "typescript-resolvers"],
      config: {
        scalars,
        useTypeImports: true,
        emitLegacyCommonJSImports: false,
        importExtension: ".js",
        enumsAsTypes: true,
        strictScalars: true,
        immutableTypes: true,
        contextType: "./context.js#Context",
        mappers: {
          Notification: "../notifications/notification.js#Notification as StoredNotification",
          NotificationConnection: "../notifications/queries.js#NotificationPage",
          NotificationEdge: "../notifications/queries.js#ListedNotification",
          Inbox: "./inbox-selection.js#SelectedInbox",
          NotificationsPayload: "../notifications/commands.js#InboxChanged",
          InboxPayload: "../notifications/commands.js#InboxChanged",
          DeleteNotificationsPayload: "../notifications/commands.js#InboxChanged",
          NotificationEvent: "../live/feed.js#FeedItem",
          ...eventMappers,
          DeadLetter: "../delivery/dead-letters/list.js#ListedDeadLetter",
          DeadLetterConnection: "../delivery/dead-letters/list.js#DeadLetterPage",
          DeadLetterEdge: "../delivery/dead-letters/list.js#ListedDeadLetter",
          InboxReady: "../live/feed.js#StreamMarker",
          InboxReset: "../live/feed.js#StreamMarker",
          WebhookEndpoint: "../delivery/webhooks/endpoint.js#WebhookEndpoint as StoredEndpoint",
          WebhookAttempt: "../delivery/webhooks/attempt-store.js#WebhookAttempt as StoredAttempt",
          WebhookAttemptConnection: "../delivery/webhooks/attempt-store.js#AttemptPage",
          WebhookAttemptEdge: "../delivery/webhooks/attempt-store.js#WebhookAttempt as StoredAttempt",
        },
        enumValues: { WebhookEventType: webhookEventTypes },
      },
    },
    // What clients send and get: as documents for Apollo Client and urql, and as plain text for our own client, which is small.
    "src/client/generated-types.ts": { documents, plugins: ["typescript-operations"], config: clientConfig },
    "src/client/generated.ts": { documents, plugins: ["./codegen/typed-documents.js"], config: clientConfig },
    "src/client/generated-text.ts": {
      documents,
      plugins: ["./codegen/typed-documents.js"],
      config: { ...clientConfig, documentMode: "string", dedupeFragments: true, pureMagicComment: true },
    },
    "src/urql/generated-schema.ts": { plugins: ["./codegen/graphcache-schema.js"] },
  },
};

export default config;
