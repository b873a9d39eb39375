import { readdirSync, readFileSync } from "node:fs";
import { makeExecutableSchema } from "@graphql-tools/schema";
import type { GraphQLSchema } from "graphql";
import { DateTimeResolver } from "graphql-scalars";
import { packageFile } from "../config/package-files.js";
import { deadLetterResolvers } from "./resolvers/dead-letter-resolvers.js";
import { eventResolvers } from "./resolvers/event-resolvers.js";
import { jsonScalar } from "./json-scalar.js";
import { notificationResolvers } from "./resolvers/notification-resolvers.js";
import { subscriptionResolvers } from "./resolvers/subscription-resolvers.js";
import { webhookResolvers } from "./resolvers/webhook-resolvers.js";

const schemaFolder = packageFile("schema/");

/** Creates the executable schema from the SDL in schema/ and the resolvers. */
export function createSchema(): GraphQLSchema {
  const files = readdirSync(schemaFolder).filter((file) => file.endsWith(".graphql"));
  return makeExecutableSchema({
    typeDefs: files.map((file) => readFileSync(new URL(file, schemaFolder), "utf8")),
    resolvers: [
      { DateTime: DateTimeResolver, JSON: jsonScalar },
      notificationResolvers,
      eventResolvers,
      subscriptionResolvers,
      deadLetterResolvers,
      webhookResolvers,
    ],
    resolverValidationOptions: { requireResolversToMatchSchema: "error" },
  });
}
