import { readdirSync, readFileSync } from "node:fs";
import { makeExecutableSchema } from "@graphql-tools/schema";
import type { GraphQLSchema } from "graphql";
import { DateTimeResolver, JSONResolver } from "graphql-scalars";
import { deadLetterResolvers } from "./dead-letters.js";
import { eventResolvers } from "./events.js";
import { notificationResolvers } from "./notifications.js";
import { subscriptionResolvers } from "./subscription.js";
import { webhookResolvers } from "./webhooks.js";

/** schema/ lies beside src/, and beside dist/. */
const schemaFolder = new URL("../../schema/", import.meta.url);

/** The executable schema: the SDL of schema/ with its resolvers. */
export function makeSchema(): GraphQLSchema {
  const files = readdirSync(schemaFolder).filter((file) => file.endsWith(".graphql"));
  return makeExecutableSchema({
    typeDefs: files.map((file) => readFileSync(new URL(file, schemaFolder), "utf8")),
    resolvers: [
      { DateTime: DateTimeResolver, JSON: JSONResolver },
      notificationResolvers,
      eventResolvers,
      subscriptionResolvers,
      deadLetterResolvers,
      webhookResolvers,
    ],
    resolverValidationOptions: { requireResolversToMatchSchema: "error" },
  });
}
