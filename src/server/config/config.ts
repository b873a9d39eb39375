/**
 * The configuration: all that the environment decides, read once at start. Each file beside this one has the variables of
 * one part, each with its default, its parser and a comment. Durations are milliseconds.
 */
import { z } from "zod";
import { authSection, developmentSection } from "./auth.js";
import { brokerConfig, brokerSection } from "./broker.js";
import { databaseSection } from "./database.js";
import { deadLetterSection, webhookSection } from "./delivery.js";
import { liveSection } from "./live.js";
import { serverConfig, serverSection } from "./server.js";
import { describeIssues, inputOf } from "./variable.js";

const sections = {
  server: serverSection,
  database: databaseSection,
  broker: brokerSection,
  auth: authSection,
  development: developmentSection,
  live: liveSection,
  webhooks: webhookSection,
  deadLetters: deadLetterSection,
};

const schema = z.object(sections);

type Values = z.output<typeof schema>;

export type Config = Readonly<ReturnType<typeof toConfig>>;

export type AuthConfig = Readonly<Config["auth"]>;

export type RabbitMqConfig = Readonly<NonNullable<Config["rabbitmq"]>>;

/** The environment is wrong. `message` has one line for each problem, which names its variable. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/**
 * Reads the configuration from environment variables. An empty variable counts as unset.
 * @throws ConfigError with one line for each variable that is wrong
 */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  const input = Object.entries(sections).map(([name, section]) => [name, inputOf(section, environment)]);
  const parsed = schema.safeParse(Object.fromEntries(input));
  if (!parsed.success) throw new ConfigError(describeIssues(sections, parsed.error));
  const values = parsed.data;
  const missing = values.server.production ? missingInProduction(values) : missingInDevelopment(values);
  if (missing.length > 0) throw new ConfigError(missing.join("\n"));
  return Object.freeze(toConfig(values));
}

function toConfig({ server, database, broker, auth, development, live, webhooks, deadLetters }: Values) {
  return {
    ...serverConfig(server),
    ...database,
    /** null: the in-process broker. */
    rabbitmq: brokerConfig(broker),
    auth,
    ...development,
    live,
    webhooks,
    ...deadLetters,
  };
}

function hasAuth({ auth }: Values): boolean {
  return auth.jwtSecret !== null || auth.jwksUrl !== null;
}

/** Defaults for development that production does not accept. */
function missingInProduction(values: Values): string[] {
  const { database, broker, development } = values;
  const missing: string[] = [];
  if (database.databaseUrl === null) missing.push("DATABASE_URL must be set with NODE_ENV=production");
  if (broker.urls === null) missing.push("RABBITMQ_URL must be set with NODE_ENV=production");
  if (!hasAuth(values)) {
    missing.push("AUTH_JWT_SECRET or AUTH_JWKS_URL must be set with NODE_ENV=production");
  }
  if (development.developmentTokens === "on") {
    missing.push("DEVELOPMENT_TOKENS must not be on with NODE_ENV=production");
  }
  return missing;
}

/** Without development tokens, accepted tokens must be signed by an issuer of the operator's. */
function missingInDevelopment(values: Values): string[] {
  const { server, development } = values;
  const servesApi = server.roles.some((role) => role === "api");
  const acceptsNoToken = development.developmentTokens === "off" && servesApi && !hasAuth(values);
  return acceptsNoToken ? ["AUTH_JWT_SECRET or AUTH_JWKS_URL must be set with DEVELOPMENT_TOKENS=off"] : [];
}
