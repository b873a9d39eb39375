import { GraphQLError, type GraphQLFormattedError } from "graphql";
import { BrokerUnavailableError } from "../broker/errors.js";
import { DatabaseUnavailableError } from "../database/database.js";
import { PartiallyDoneError } from "../delivery/dead-letters/service.js";
import { InvalidInputError } from "../notifications/errors.js";
import type { Log } from "../telemetry/log.js";

/** The request has no token. */
export function unauthenticated(): GraphQLError {
  return new GraphQLError("A bearer token is required", {
    extensions: { code: "UNAUTHENTICATED", http: { status: 401 } },
  });
}

/** The viewer lacks the permission. */
export function forbidden(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: "FORBIDDEN" } });
}

/**
 * Converts any error into what the client may see. Errors that the client can correct, or that are temporary, keep a message and a
 * code. All others become "Internal server error" and are logged.
 */
export function formatError(error: unknown, log: Log): GraphQLFormattedError {
  const cause = error instanceof GraphQLError ? (error.originalError ?? error) : error;
  const location = error instanceof GraphQLError ? locationOf(error) : {};
  if (cause instanceof InvalidInputError) {
    const { message, field, reason } = cause;
    const extensions = { code: "BAD_USER_INPUT", field, ...(reason !== null && { reason }) };
    return { message, ...location, extensions };
  }
  if (cause instanceof DatabaseUnavailableError || cause instanceof BrokerUnavailableError) {
    log.warn({ err: cause }, "operation failed: service unavailable");
    const message = "The service is unavailable at the moment; try again later";
    return { message, ...location, extensions: { code: "SERVICE_UNAVAILABLE" } };
  }
  if (cause instanceof PartiallyDoneError) {
    log.warn({ err: cause }, "operation failed: service unavailable");
    const message = `Service unavailable after ${cause.done} dead letters; retry for the rest`;
    return { message, ...location, extensions: { code: "SERVICE_UNAVAILABLE", count: cause.done } };
  }
  if (cause instanceof GraphQLError) return cause.toJSON();
  log.error({ err: cause }, "operation failed");
  return { message: "Internal server error", ...location, extensions: { code: "INTERNAL_SERVER_ERROR" } };
}

function locationOf(error: GraphQLError): Pick<GraphQLFormattedError, "locations" | "path"> {
  const { locations, path } = error.toJSON();
  return { ...(locations && { locations }), ...(path && { path }) };
}
