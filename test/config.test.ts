import { describe, expect, it } from "vitest";
import { ConfigError, readConfig } from "../src/server/config/config.js";

/** What is said of these variables. */
function complaint(environment: Record<string, string>): string {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return "";
}

const wholeNumber = "must be a whole number from";
const duration = "must be a duration such as 90s, 15m, 12h or 7d, and not zero";
const address =
  "must be an IP address (an IPv6 address without brackets) or a host name of this machine, without a port";
const origins =
  "must be origins such as https://app.example.com, without a path or a slash at the end, separated by commas";
const networks = "must be networks such as 10.0.0.0/8 or fd00::/8, separated by commas";
const brokers = "must be one URL that begins with amqp:// or amqps://, or several separated by commas";
const oneHost =
  "must name one host, several are not supported: name the primary, or a proxy that leads to it";
const databaseUrl = "must be a URL such as postgres://user:password@host:5432/database; write %40 for @";
const keys = "must be a URL that begins with http:// or https://, without a user and a password";
const text = "that neither begins nor ends with blanks";

describe("a variable that is wrong gives one line, which names it and says what is allowed", () => {
  it.each([
    ["NODE_ENV", "must be unset, development, test or production", ["prod", "Production", "staging", " "]],
    [
      "PORT",
      `${wholeNumber} 0 to 65535`,
      ["eighty", " 80", "80 ", "1e3", "-1", "65536", "0x50", "8.0", "9".repeat(40)],
    ],
    [
      "HOST",
      address,
      [" ", "*", "a b", " 127.0.0.1", "[::1]", "127.0.0.1:4000", "http://localhost", "-x", "a/b"],
    ],
    ["DATA_DIR", text, [" ", "data ", "\tdata"]],
    ["LOG_LEVEL", "must be one of trace, debug", ["INFO", "verbose", " "]],
    [
      "DATABASE_URL",
      "must be a URL that begins with postgres:// or postgresql://",
      ["db", " ", "mysql://root:hunter2@db/x", " postgres://db/x"],
    ],
    [
      "DATABASE_URL",
      oneHost,
      ["postgres://a,b/db", "postgres://u:hunter2@a:5432,b:5433/db", "postgres://u:hunter2@a/db?host=a,b"],
    ],
    [
      "DATABASE_URL",
      databaseUrl,
      [
        "postgres://u:hunter2#@a/db",
        "postgres://u:%zzhunter2@a/db",
        "postgres://a:99999/db",
        "postgres://a/%",
      ],
    ],
    ["DATABASE_URL", "must be a URL without blanks", ["postgres://u:hunter2 x@a/db", "postgres://a/db\n"]],
    ["DATABASE_POOL_SIZE", `${wholeNumber} 2 to 500`, ["1", "501", "ten"]],
    ["RABBITMQ_URL", brokers, [",", " ", " , "]],
    [
      "RABBITMQ_URL",
      "must be a URL that begins with amqp:// or amqps://",
      ["http://guest:hunter2@mq", "amqp://a,b"],
    ],
    ["RABBITMQ_HEARTBEAT", `${wholeNumber} 1 to 3600`, ["0", "30s"]],
    ["RABBITMQ_CONNECTION_TIMEOUT", `${wholeNumber} 1 to 600000`, ["0", "1.5"]],
    ["RABBITMQ_RECONNECT_INTERVAL", `${wholeNumber} 1 to 600000`, ["0", "+1"]],
    ["RABBITMQ_MAX_RECONNECT_ATTEMPTS", `${wholeNumber} 0 to 1000000`, ["many", "-1"]],
    ["RABBITMQ_QUEUE_TYPE", "must be one of classic, quorum", ["stream", " "]],
    ["LIVE_ROUTING", "must be one of instance, user", ["everywhere"]],
    ["MESSAGE_COMPRESSION", "must be one of on, off", ["true", "brotli"]],
    ["AUTH_JWT_SECRET", "must have at least 32 bytes", ["hunter2"]],
    ["AUTH_JWT_SECRET", text, [" ".repeat(40), `${"hunter2".repeat(8)}\n`]],
    ["AUTH_JWKS_URL", keys, ["keys.json", " ", "ftp://a/b", "https://user:hunter2@issuer.example/keys"]],
    ["AUTH_JWT_ISSUER", text, [" ", "https://issuer.example "]],
    ["AUTH_JWT_AUDIENCE", text, ["  ", " carillon"]],
    ["DEVELOPMENT_TOKENS", "must be one of on, off, auto", ["yes", "true", " "]],
    [
      "CORS_ORIGINS",
      origins,
      [",", " ", "*", "null", "app.example.com", "https://app.example.com/", "https://app.example.com/path"],
    ],
    ["ROLES", "must be api, worker or both, separated by a comma", [",", " ", "cook", "api;worker", "API"]],
    ["LIVE_BUFFER_EVENTS", `${wholeNumber} 1 to 100000`, ["0", "1e3"]],
    ["LIVE_BUFFER_BYTES", `${wholeNumber} 1024 to 1073741824`, ["1023", "1MiB"]],
    ["LIVE_STALL_TIMEOUT", `${wholeNumber} 100 to 3600000`, ["99", "30s"]],
    ["EVENT_RETENTION", duration, ["0d", "7 days", "7", "-7d", "1.5h", "7D", " 7d"]],
    ["DEAD_LETTER_RETENTION", duration, ["0s", "month"]],
    ["WEBHOOK_ATTEMPT_RETENTION", duration, ["0h", "1w"]],
    ["WEBHOOK_ALLOWED_NETWORKS", networks, [",", "10.0.0.1", "10.0.0.0/33", "internal"]],
    ["WEBHOOK_CONNECT_TIMEOUT", `${wholeNumber} 100 to 60000`, ["5s", "99"]],
    ["WEBHOOK_TIMEOUT", `${wholeNumber} 100 to 60000`, ["0", "60001"]],
    ["WEBHOOK_CONCURRENCY", `${wholeNumber} 1 to 100`, ["0", "101"]],
    ["SANDBOX", "must be one of on, off, auto, apollo", ["true", "graphiql"]],
  ])("%s %s", (name, allowed, values) => {
    for (const value of values) {
      const said = complaint({ [name]: value });
      expect(said, JSON.stringify(value)).toMatch(new RegExp(`^${name} must [^\n]*$`));
      expect(said).toContain(allowed);
      expect(said).not.toContain("hunter2");
    }
  });

  it("and only one, whatever is wrong with it", () => {
    expect(complaint({ CORS_ORIGINS: "a, b, c" }).split("\n")).toHaveLength(1);
    expect(complaint({ AUTH_JWT_SECRET: " short " }).split("\n")).toHaveLength(1);
  });
});

it("an empty variable counts as unset", () => {
  const names = [
    "NODE_ENV",
    "PORT",
    "HOST",
    "DATABASE_URL",
    "RABBITMQ_URL",
    "CORS_ORIGINS",
    "ROLES",
    "AUTH_JWT_SECRET",
  ];
  expect(readConfig(Object.fromEntries(names.map((name) => [name, ""])))).toEqual(readConfig({}));
});

it.each([
  { HOST: "::" },
  { HOST: "::ffff:127.0.0.1" },
  { HOST: "fe80::1%eth0" },
  { HOST: "0" },
  { HOST: "my_host.internal" },
  { ROLES: " worker , api ," },
  { CORS_ORIGINS: "https://a.example, http://localhost:5173," },
  { DATABASE_URL: "postgres:///db" },
  { DATABASE_URL: "postgresql://u%40x:p%2F%23@[::1]:5433/a%20b?sslmode=require" },
  { RABBITMQ_URL: "amqp://a, amqps://b:5671/%2Fv," },
  { NODE_ENV: "test" },
  { EVENT_RETENTION: "999999d" },
])("%o is taken", (environment) => {
  expect(complaint(environment)).toBe("");
});

describe("development tokens", () => {
  it("are refused in production, and cannot be off where nobody else signs tokens", () => {
    const production = {
      NODE_ENV: "production",
      DATABASE_URL: "postgres://db/x",
      RABBITMQ_URL: "amqp://mq",
      AUTH_JWT_SECRET: "s".repeat(32),
    };
    expect(complaint(production)).toBe("");
    expect(complaint({ ...production, DEVELOPMENT_TOKENS: "on" })).toBe(
      "DEVELOPMENT_TOKENS must not be on with NODE_ENV=production",
    );
    expect(complaint({ DEVELOPMENT_TOKENS: "off" })).toBe(
      "AUTH_JWT_SECRET or AUTH_JWKS_URL must be set with DEVELOPMENT_TOKENS=off",
    );
    expect(complaint({ DEVELOPMENT_TOKENS: "off", AUTH_JWKS_URL: "https://issuer.example/keys" })).toBe("");
    expect(complaint({ DEVELOPMENT_TOKENS: "off", ROLES: "worker" })).toBe("");
  });
});
