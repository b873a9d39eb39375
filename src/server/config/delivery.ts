import ipaddr from "ipaddr.js";
import { z } from "zod";
import { duration, listOf } from "./parsers.js";
import { variable } from "./variable.js";
import { wholeNumber } from "./whole-number.js";

const networks = "must be networks such as 10.0.0.0/8 or fd00::/8, separated by commas";
const network = z.string().refine((value) => ipaddr.isValidCIDR(value), networks);

/** How webhook endpoints are called. */
export const webhookSection = z.object({
  /** In CIDR notation: networks that webhooks may connect to, besides public addresses. */
  allowedNetworks: variable("WEBHOOK_ALLOWED_NETWORKS", listOf(network, networks), []),
  /** Until a socket is open, ms. */
  connectTimeout: variable("WEBHOOK_CONNECT_TIMEOUT", wholeNumber(100, 60_000), 5000),
  /** Until the response, the connection included, ms. */
  timeout: variable("WEBHOOK_TIMEOUT", wholeNumber(100, 60_000), 15_000),
  /** Concurrent calls to one endpoint from this process. */
  concurrency: variable("WEBHOOK_CONCURRENCY", wholeNumber(1, 100), 5),
  /** How long attempts are kept, ms. */
  attemptRetention: variable("WEBHOOK_ATTEMPT_RETENTION", duration, duration.parse("7d")),
});

export const deadLetterSection = z.object({
  /** How long a dead letter is kept after its last failure, ms. */
  deadLetterRetention: variable("DEAD_LETTER_RETENTION", duration, duration.parse("30d")),
});
