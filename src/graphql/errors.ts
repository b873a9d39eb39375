import { GraphQLError, type GraphQLFormattedError } from "graphql";
import { BrokerUnavailableError } from "../broker/broker.js";
import { DatabaseUnavailableError } from "../database/database.js";
import { UnfinishedError } from "../delivery/dead-letters/office.js";
import { InvalidInputError } from "../notifications/errors.js";
import type { Log } from "../telemetry/log.js";

/** Nobody said who is asking. */
export function unauthenticated(): GraphQLError {
  return new GraphQLError("A bearer token is needed", {
    extensions: { code: "UNAUTHENTICATED", http: { status: 401 } },
  });
}

/** The viewer may not do this. */
export function forbidden(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: "FORBIDDEN" } });
}

/**
 * What a client may see of anything that was thrown: one clear line and a code where the client, or time, can mend it; else
 * nothing but that it is our fault, and the log has the rest.
 */
export function formatError(error: unknown, log: Log): GraphQLFormattedError {
  const cause = error instanceof GraphQLError ? (error.originalError ?? error) : error;
  const place = error instanceof GraphQLError ? placeOf(error) : {};
  if (cause instanceof InvalidInputError) {
    const extensions = { code: "BAD_USER_INPUT", field: cause.field };
    return { message: cause.message, ...place, extensions };
  }
  if (cause instanceof DatabaseUnavailableError || cause instanceof BrokerUnavailableError) {
    log.warn({ err: cause }, "an operation met an outage");
    const message = "The service cannot do this now; try again";
    return { message, ...place, extensions: { code: "SERVICE_UNAVAILABLE" } };
  }
  if (cause instanceof UnfinishedError) {
    log.warn({ err: cause }, "an operation met an outage");
    const message = `The service can do no more now; ${cause.done} were done: try again for the rest`;
    return { message, ...place, extensions: { code: "SERVICE_UNAVAILABLE", count: cause.done } };
  }
  if (cause instanceof GraphQLError) return cause.toJSON();
  log.error({ err: cause }, "an operation failed");
  return { message: "Internal server error", ...place, extensions: { code: "INTERNAL_SERVER_ERROR" } };
}

function placeOf(error: GraphQLError): Pick<GraphQLFormattedError, "locations" | "path"> {
  const { locations, path } = error.toJSON();
  return { ...(locations && { locations }), ...(path && { path }) };
}
