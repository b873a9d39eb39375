/** Parsers of single variables. A message says what is allowed, and never quotes the value, which may be a secret. */
import { isIP } from "node:net";
import { z } from "zod";
import { ConnectionUrlError, parseConnectionUrl } from "./connection-url.js";

const units = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A duration such as 90s, 15m, 12h or 7d, in ms. */
export const duration = z
  .string()
  .regex(/^[1-9]\d{0,5}[smhd]$/, "must be a duration such as 90s, 15m, 12h or 7d, and not zero")
  .transform((value) => Number.parseInt(value, 10) * units[unitOf(value)]);

function unitOf(value: string): keyof typeof units {
  const unit = value.at(-1);
  return unit === "s" || unit === "m" || unit === "h" ? unit : "d";
}

export function oneOf<const T extends string>(...values: readonly T[]) {
  return z.enum(values, `must be one of ${values.join(", ")}`);
}

export const onOrOff = oneOf("on", "off").transform((value) => value === "on");

/** One item, or several separated by commas. @param allowed the message */
export function listOf<T>(item: z.ZodType<T, string>, allowed: string) {
  return z
    .string()
    .transform((value) =>
      value
        .split(",")
        .map((part) => part.trim())
        .filter((part) => part !== ""),
    )
    .pipe(z.array(item).min(1, allowed));
}

/** Text without blanks at its ends, which are probably left over from a file or a template. @param what `text`, `a path` */
export function text(what: string) {
  return z
    .string()
    .refine((value) => value.trim() === value, `must be ${what} that neither begins nor ends with blanks`);
}

const hostName = /^[A-Za-z0-9_]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9_.])?$/;

/** An address or a name to listen on. */
export const host = z
  .string()
  .refine(
    (value) => isIP(value) !== 0 || hostName.test(value),
    "must be an IP address (an IPv6 address without brackets) or a host name of this machine, without a port",
  );

/** @param protocols for example `amqp:` */
export function url(...protocols: string[]) {
  return z
    .string()
    .refine(
      (value) => URL.canParse(value) && protocols.includes(new URL(value).protocol),
      `must be a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(" or ")}`,
    );
}

/** A PostgreSQL URL, as far as it can be checked without a connection. */
export const databaseUrl = z.string().superRefine((value, context) => {
  try {
    parseConnectionUrl(value);
  } catch (error) {
    if (!(error instanceof ConnectionUrlError)) throw error;
    context.addIssue({ code: "custom", message: error.problem });
  }
});

/** The URL of a JWKS. `fetch` refuses credentials in a URL, with a message that quotes them. */
export const keysUrl = z
  .string()
  .refine(
    (value) =>
      URL.canParse(value) && ["http:", "https:"].includes(new URL(value).protocol) && !hasCredentials(value),
    "must be a URL that begins with http:// or https://, without a user and a password",
  );

function hasCredentials(value: string): boolean {
  const { username, password } = new URL(value);
  return username !== "" || password !== "";
}
