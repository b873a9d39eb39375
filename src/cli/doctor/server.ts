import { z } from "zod";
import { inOneLine } from "../failure.js";
import { type Check, type Finding, ok, problem, warning } from "./finding.js";

/** ms; the service answers within two seconds. */
const timeout = 5000;

/** Of GET /health/ready. */
const health = z.object({
  status: z.enum(["ok", "degraded", "unavailable"]),
  accepting: z.boolean(),
  database: z.string(),
  broker: z.string(),
});

export interface ServerSought {
  readonly server: string;
  /** Somebody said where it is, so one is to be there. */
  readonly expected: boolean;
}

/** Does a server answer, and is it ready? */
export function checkServer({ server, expected }: ServerSought): Check {
  return {
    name: "Server",
    async run() {
      try {
        const response = await fetch(`${server}/health/ready`, { signal: AbortSignal.timeout(timeout) });
        return [findingOf(server, health.parse(await response.json()))];
      } catch (error) {
        return [silent(server, expected, error)];
      }
    },
  };
}

function findingOf(server: string, { status, accepting, database, broker }: z.infer<typeof health>): Finding {
  if (status === "ok") return ok(`Server: ready at ${server}`);
  if (status === "degraded") {
    return warning(
      `Server: ready at ${server}, without its broker`,
      "Live events are up to a second late: see the broker",
    );
  }
  const reasons = [`database ${database}`, `broker ${broker}`, ...(accepting ? [] : ["it starts or stops"])];
  return problem(`Server: not ready at ${server} (${reasons.join(", ")})`, "See its database and its log");
}

function silent(server: string, expected: boolean, error: unknown): Finding {
  if (error instanceof z.ZodError || error instanceof SyntaxError) {
    return problem(
      `Server: what answers at ${server} is not Carillon`,
      "Set --server or CARILLON_URL to where it is",
    );
  }
  const text = `Server: none answers at ${server}: ${inOneLine(error)}`;
  const remedy = "Start it with carillon serve, or say with --server or CARILLON_URL where it is";
  return expected ? problem(text, remedy) : warning(text, remedy);
}
