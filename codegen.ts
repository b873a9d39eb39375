import type { CodegenConfig } from "@graphql-codegen/cli";
import { webhookEventTypes } from "./src/graphql/webhook-event-types.js";

const scalars = {
  DateTime: { input: "Date", output: "Date" },
  JSON: { input: "unknown", output: "unknown" },
  ID: { input: "string", output: "string" },
};

const clientConfig = {
  scalars: { ...scalars, DateTime: "string" },
  useTypeImports: true,
  enumsAsTypes: true,
  strictScalars: true,
  skipTypename: false,
  nonOptionalTypename: true,
};

const config: CodegenConfig = {
  schema: "schema/*.graphql",
  generates: {
    // What resolvers must return: the domain's types stand behind the schema's.
    "src/graphql/generated.ts": {
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
          Inbox: "./pages.js#InboxSource",
          NotificationsPayload: "../notifications/commands.js#InboxChanged",
          InboxPayload: "../notifications/commands.js#InboxChanged",
          DeleteNotificationsPayload: "../notifications/commands.js#InboxChanged",
          NotificationEvent: "../live/feed.js#FeedItem",
          NotificationCreated: "./events.js#EventSource<'created'>",
          NotificationsRead: "./events.js#EventSource<'read'>",
          NotificationsUnread: "./events.js#EventSource<'unread'>",
          AllNotificationsRead: "./events.js#EventSource<'all-read'>",
          NotificationsDeleted: "./events.js#EventSource<'deleted'>",
          NotificationsCleared: "./events.js#EventSource<'cleared'>",
          DeadLetter: "../delivery/dead-letters/list.js#ListedLetter",
          DeadLetterConnection: "../delivery/dead-letters/list.js#DeadLetterPage",
          DeadLetterEdge: "../delivery/dead-letters/list.js#ListedLetter",
          InboxReady: "../live/feed.js#StreamMark",
          InboxReset: "../live/feed.js#StreamMark",
          WebhookEndpoint: "../delivery/webhooks/endpoint.js#WebhookEndpoint as StoredEndpoint",
          WebhookAttempt: "../delivery/webhooks/attempts.js#WebhookAttempt as StoredAttempt",
          WebhookAttemptConnection: "../delivery/webhooks/attempts.js#AttemptPage",
          WebhookAttemptEdge: "../delivery/webhooks/attempts.js#WebhookAttempt as StoredAttempt",
        },
        enumValues: { WebhookEventType: webhookEventTypes },
      },
    },
    // What clients send and get: as documents for Apollo Client and urql, and as plain text for our own client, which is small.
    "src/client/generated.ts": {
      documents: "src/client/operations/*.graphql",
      plugins: ["typescript-operations", "typed-document-node"],
      config: { ...clientConfig, pureMagicComment: true },
    },
    "src/client/generated-text.ts": {
      documents: "src/client/operations/*.graphql",
      plugins: ["typescript-operations", "typed-document-node"],
      config: { ...clientConfig, documentMode: "string", dedupeFragments: true, pureMagicComment: true },
    },
    "src/client/generated-schema.ts": { plugins: ["./schema/graphcache-plugin.js"] },
  },
};

export default config;
