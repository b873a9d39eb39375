import ipaddr from "ipaddr.js";
import { z } from "zod";
import { type LogLevel, logLevels } from "./telemetry/log.js";

/** Everything that the environment decides, read once by `readConfig`; durations are milliseconds unless named otherwise. */
export interface Config {
  readonly production: boolean;
  readonly host: string;
  readonly port: number;
  readonly dataDirectory: string;
  readonly logLevel: LogLevel;
  /** null: PGlite, embedded, in the data directory. */
  readonly databaseUrl: string | null;
  readonly databasePoolSize: number;
  /** null: the in-process broker. */
  readonly rabbitmq: RabbitMqConfig | null;
  readonly auth: AuthConfig;
  readonly corsOrigins: readonly string[];
  readonly roles: ReadonlySet<Role>;
  readonly live: LiveConfig;
  /** How long the event log is kept, ms. */
  readonly eventRetention: number;
  /** How long a dead letter is kept after its last failure, ms. */
  readonly deadLetterRetention: number;
  readonly webhooks: WebhookConfig;
  /** Which GraphQL IDE browsers get; with one, introspection is answered. */
  readonly sandbox: "altair" | "apollo" | "off";
}

export interface RabbitMqConfig {
  /** One URL, or one for each node of a cluster. */
  readonly urls: readonly string[];
  readonly heartbeatSeconds: number;
  readonly connectionTimeout: number;
  readonly reconnectInterval: number;
  /** 0: for ever. */
  readonly maxReconnectAttempts: number;
  readonly queueType: "classic" | "quorum";
  readonly liveRouting: "instance" | "user";
  /** Compress the bodies of large messages; compressed ones are understood in any case. */
  readonly compression: boolean;
}

/** What a subscriber who reads slowly costs at most. */
export interface LiveConfig {
  /** Events that wait in memory for one subscription; beyond, it is served from the log. */
  readonly maxEvents: number;
  /** The same in bytes. */
  readonly maxBytes: number;
  /** How long a subscriber may make no progress before its socket is closed, ms. */
  readonly stallTimeout: number;
}

/** How endpoints outside are called. */
export interface WebhookConfig {
  /** In CIDR notation: where webhooks may go besides public addresses. */
  readonly allowedNetworks: readonly string[];
  /** Until a socket is open, ms. */
  readonly connectTimeout: number;
  /** Until the answer, all in all, ms. */
  readonly timeout: number;
  /** Calls to one endpoint that may be under way at once in this process. */
  readonly concurrency: number;
  /** How long attempts are kept, ms. */
  readonly attemptRetention: number;
}

export interface AuthConfig {
  /** HS256 secret; null with `jwksUrl` unset means that a development secret is to be made. */
  readonly jwtSecret: string | null;
  readonly jwksUrl: string | null;
  readonly issuer: string | null;
  readonly audience: string | null;
}

export type Role = "api" | "worker";

/** The environment is wrong. `message` has one line a problem, each naming its variable. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

function wholeNumber(min: number, max: number, fallback: number) {
  const allowed = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d+$/, allowed)
    .transform(Number)
    .refine((value) => value >= min && value <= max, allowed)
    .optional()
    .transform((value) => value ?? fallback);
}

const units = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** How long, in the form that variables and options have: 90s, 15m, 12h, 7d; in ms. */
export function duration(fallback: string) {
  return z
    .string()
    .regex(/^[1-9]\d{0,5}[smhd]$/, "must be a duration such as 90s, 15m, 12h or 7d")
    .default(fallback)
    .transform((text) => Number.parseInt(text, 10) * units[unitOf(text)]);
}

function unitOf(text: string): keyof typeof units {
  const unit = text.at(-1);
  return unit === "s" || unit === "m" || unit === "h" ? unit : "d";
}

function choice<const T extends string>(values: readonly T[], fallback: T) {
  return z
    .enum(values, `must be one of ${values.join(", ")}`)
    .optional()
    .transform((value) => value ?? fallback);
}

function url(...protocols: string[]) {
  return z
    .string()
    .refine(
      (value) => URL.canParse(value) && protocols.includes(new URL(value).protocol),
      `must be a URL that begins with ${protocols.map((p) => `${p}//`).join(" or ")}`,
    );
}

function list(value: string): string[] {
  return value
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

const origin = z.string().refine((value) => URL.canParse(value) && new URL(value).origin === value, {
  message: "must be origins such as https://app.example.com, separated by commas",
});

const network = z.string().refine((value) => ipaddr.isValidCIDR(value), {
  message: "must be networks such as 10.0.0.0/8 or fd00::/8, separated by commas",
});

const environment = z.object({
  NODE_ENV: z.string().optional(),
  PORT: wholeNumber(0, 65_535, 4000),
  HOST: z.string().default("127.0.0.1"),
  DATA_DIR: z.string().default(".data"),
  LOG_LEVEL: choice(logLevels, "info"),
  DATABASE_URL: url("postgres:", "postgresql:").optional(),
  DATABASE_POOL_SIZE: wholeNumber(2, 500, 10),
  RABBITMQ_URL: z
    .string()
    .transform(list)
    .pipe(z.array(url("amqp:", "amqps:")).min(1, "must be one URL or several separated by commas"))
    .optional(),
  RABBITMQ_HEARTBEAT: wholeNumber(1, 3600, 30),
  RABBITMQ_CONNECTION_TIMEOUT: wholeNumber(1, 600_000, 30_000),
  RABBITMQ_RECONNECT_INTERVAL: wholeNumber(1, 600_000, 5000),
  RABBITMQ_MAX_RECONNECT_ATTEMPTS: wholeNumber(0, 1_000_000, 10),
  RABBITMQ_QUEUE_TYPE: choice(["classic", "quorum"], "classic"),
  LIVE_ROUTING: choice(["instance", "user"], "instance"),
  MESSAGE_COMPRESSION: choice(["on", "off"], "on"),
  AUTH_JWT_SECRET: z
    .string()
    .refine((value) => Buffer.byteLength(value) >= 32, "must have at least 32 bytes")
    .optional(),
  AUTH_JWKS_URL: url("http:", "https:").optional(),
  AUTH_JWT_ISSUER: z.string().optional(),
  AUTH_JWT_AUDIENCE: z.string().optional(),
  CORS_ORIGINS: z.string().transform(list).pipe(z.array(origin)).optional(),
  ROLES: z
    .string()
    .default("api,worker")
    .transform(list)
    .pipe(z.array(z.enum(["api", "worker"], "must be api, worker or both, separated by a comma")).min(1)),
  LIVE_BUFFER_EVENTS: wholeNumber(1, 100_000, 256),
  LIVE_BUFFER_BYTES: wholeNumber(1024, 2 ** 30, 2 ** 20),
  LIVE_STALL_TIMEOUT: wholeNumber(100, 3_600_000, 30_000),
  EVENT_RETENTION: duration("7d"),
  DEAD_LETTER_RETENTION: duration("30d"),
  WEBHOOK_ALLOWED_NETWORKS: z.string().transform(list).pipe(z.array(network)).optional(),
  WEBHOOK_CONNECT_TIMEOUT: wholeNumber(100, 60_000, 5000),
  WEBHOOK_TIMEOUT: wholeNumber(100, 60_000, 15_000),
  WEBHOOK_CONCURRENCY: wholeNumber(1, 100, 5),
  WEBHOOK_ATTEMPT_RETENTION: duration("7d"),
  SANDBOX: choice(["on", "off", "auto", "apollo"], "auto"),
});

/**
 * Reads the configuration from environment variables; an empty variable counts as unset.
 * @throws ConfigError with one line for every variable that is wrong.
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const parsed = environment.safeParse(set);
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((i) => `${String(i.path[0])} ${i.message}`).join("\n"));
  }
  const values = parsed.data;
  const production = values.NODE_ENV === "production";
  if (production) requireForProduction(values);
  return Object.freeze({
    production,
    host: values.HOST,
    port: values.PORT,
    dataDirectory: values.DATA_DIR,
    logLevel: values.LOG_LEVEL,
    databaseUrl: values.DATABASE_URL ?? null,
    databasePoolSize: values.DATABASE_POOL_SIZE,
    rabbitmq: values.RABBITMQ_URL === undefined ? null : rabbitMqConfig(values, values.RABBITMQ_URL),
    auth: {
      jwtSecret: values.AUTH_JWT_SECRET ?? null,
      jwksUrl: values.AUTH_JWKS_URL ?? null,
      issuer: values.AUTH_JWT_ISSUER ?? null,
      audience: values.AUTH_JWT_AUDIENCE ?? null,
    },
    corsOrigins: values.CORS_ORIGINS ?? [],
    roles: new Set<Role>(values.ROLES),
    live: {
      maxEvents: values.LIVE_BUFFER_EVENTS,
      maxBytes: values.LIVE_BUFFER_BYTES,
      stallTimeout: values.LIVE_STALL_TIMEOUT,
    },
    eventRetention: values.EVENT_RETENTION,
    deadLetterRetention: values.DEAD_LETTER_RETENTION,
    webhooks: {
      allowedNetworks: values.WEBHOOK_ALLOWED_NETWORKS ?? [],
      connectTimeout: values.WEBHOOK_CONNECT_TIMEOUT,
      timeout: values.WEBHOOK_TIMEOUT,
      concurrency: values.WEBHOOK_CONCURRENCY,
      attemptRetention: values.WEBHOOK_ATTEMPT_RETENTION,
    },
    sandbox: sandboxOf(values.SANDBOX, production),
  });
}

type Environment = z.infer<typeof environment>;

function rabbitMqConfig(values: Environment, urls: readonly string[]): RabbitMqConfig {
  return {
    urls,
    heartbeatSeconds: values.RABBITMQ_HEARTBEAT,
    connectionTimeout: values.RABBITMQ_CONNECTION_TIMEOUT,
    reconnectInterval: values.RABBITMQ_RECONNECT_INTERVAL,
    maxReconnectAttempts: values.RABBITMQ_MAX_RECONNECT_ATTEMPTS,
    queueType: values.RABBITMQ_QUEUE_TYPE,
    liveRouting: values.LIVE_ROUTING,
    compression: values.MESSAGE_COMPRESSION === "on",
  };
}

function sandboxOf(choice: Environment["SANDBOX"], production: boolean): Config["sandbox"] {
  if (choice === "auto") return production ? "off" : "altair";
  return choice === "on" ? "altair" : choice;
}

/** What development makes up for itself, production must be told. */
function requireForProduction(values: Environment): void {
  const missing: string[] = [];
  if (values.DATABASE_URL === undefined) missing.push("DATABASE_URL must be set with NODE_ENV=production");
  if (values.RABBITMQ_URL === undefined) missing.push("RABBITMQ_URL must be set with NODE_ENV=production");
  if (values.AUTH_JWT_SECRET === undefined && values.AUTH_JWKS_URL === undefined) {
    missing.push("AUTH_JWT_SECRET or AUTH_JWKS_URL must be set with NODE_ENV=production");
  }
  if (missing.length > 0) throw new ConfigError(missing.join("\n"));
}
