import { z } from "zod";
import { describeInOneLine } from "../command-failure.js";
import { type Check, type Finding, ok, problem, warning } from "./finding.js";

/** Milliseconds. Health endpoints respond within two seconds. */
const timeout = 5000;

/** The response of GET /health/ready. */
const health = z.object({
  status: z.enum(["ok", "degraded", "unavailable"]),
  accepting: z.boolean(),
  database: z.string(),
  broker: z.string(),
});

export interface ServerTarget {
  readonly server: string;
  /** The user named the server, so it is a problem if it does not respond. */
  readonly expected: boolean;
}

/** Checks that a server responds and is ready. */
export function checkServer({ server, expected }: ServerTarget): Check {
  return {
    name: "Server",
    async run() {
      try {
        const response = await fetch(`${server}/health/ready`, { signal: AbortSignal.timeout(timeout) });
        return [findingOf(server, health.parse(await response.json()))];
      } catch (error) {
        return [noResponse(server, expected, error)];
      }
    },
  };
}

function findingOf(server: string, { status, accepting, database, broker }: z.infer<typeof health>): Finding {
  if (status === "ok") return ok(`Server: ready at ${server}`);
  if (status === "degraded") {
    return warning(
      `Server: ready at ${server}, but without its broker`,
      "Live events are delayed by up to a second until the broker is available",
    );
  }
  const reasons = [
    `database ${database}`,
    `broker ${broker}`,
    ...(accepting ? [] : ["starting or stopping"]),
  ];
  return problem(`Server: not ready at ${server} (${reasons.join(", ")})`, "Check its database and its log");
}

function noResponse(server: string, expected: boolean, error: unknown): Finding {
  if (error instanceof z.ZodError || error instanceof SyntaxError) {
    return problem(
      `Server: the server at ${server} is not Carillon`,
      "Set --server or CARILLON_URL to the URL of the service",
    );
  }
  const text = `Server: no response from ${server}: ${describeInOneLine(error)}`;
  const remedy = "Start it with carillon serve, or set --server or CARILLON_URL to its URL";
  return expected ? problem(text, remedy) : warning(text, remedy);
}
