import { z } from "zod";
import { logLevels } from "../telemetry/log.js";
import { host, listOf, oneOf, text } from "./parsers.js";
import { variable } from "./variable.js";
import { wholeNumber } from "./whole-number.js";

const roles = "must be api, worker or both, separated by a comma";
const origins =
  "must be origins such as https://app.example.com, without a path or a slash at the end, separated by commas";
const headerNames = "must be names of headers such as x-tenant, separated by commas";

const origin = z.string().refine((value) => URL.canParse(value) && new URL(value).origin === value, origins);

/** A name of RFC 9110, section 5.1. In the response to a preflight `*` would allow all headers. */
const headerName = z.string().regex(/^(?!\*$)[\w!#$%&'*+.^`|~-]+$/, headerNames);

const mode = z
  .enum(["development", "test", "production"], "must be unset, development, test or production")
  .transform((value) => value === "production");

export const serverSection = z.object({
  production: variable("NODE_ENV", mode, false),
  /** The TCP port; 0: any free one. */
  port: variable("PORT", wholeNumber(0, 65_535), 4000),
  /** The address or host name to listen on. */
  host: variable("HOST", host, "127.0.0.1"),
  /** How long the instance continues after SIGTERM, while its health says not ready, ms; null: depends on `production`. */
  shutdownDelay: variable("SHUTDOWN_DELAY", wholeNumber(0, 600_000), null),
  /** The folder of the embedded database and of the development secret. */
  dataDirectory: variable("DATA_DIR", text("the path of a folder"), ".data"),
  logLevel: variable("LOG_LEVEL", oneOf(...logLevels), "info"),
  /** What this process does. */
  roles: variable("ROLES", listOf(z.enum(["api", "worker"], roles), roles), ["api", "worker"] as const),
  /** Origins whose pages may call the API, besides the server's own. */
  corsOrigins: variable("CORS_ORIGINS", listOf(origin, origins), []),
  /** Request headers that those pages may send, besides the headers that are always allowed. */
  corsAllowedHeaders: variable("CORS_ALLOWED_HEADERS", listOf(headerName, headerNames), []),
  /** Which GraphQL IDE browsers get; with one, introspection is allowed. */
  sandbox: variable("SANDBOX", oneOf("on", "off", "auto", "apollo"), "auto"),
});

/** HAProxy's health check notices by default after three failures, two seconds apart; ms. */
const productionShutdownDelay = 7000;

/** Adds the defaults that depend on `production`. */
export function serverConfig({ shutdownDelay, roles, sandbox, ...values }: z.output<typeof serverSection>) {
  const { production } = values;
  return {
    ...values,
    /** How long the instance continues after SIGTERM, while its health says not ready, ms. */
    shutdownDelay: shutdownDelay ?? (production ? productionShutdownDelay : 0),
    /** What this process does. */
    roles: new Set(roles) satisfies ReadonlySet<string>,
    /** Which GraphQL IDE browsers get; with one, introspection is allowed. */
    sandbox: sandboxOf(sandbox, production),
  };
}

function sandboxOf(
  choice: z.output<typeof serverSection>["sandbox"],
  production: boolean,
): "graphiql" | "apollo" | "off" {
  if (choice === "auto") return production ? "off" : "graphiql";
  return choice === "on" ? "graphiql" : choice;
}
