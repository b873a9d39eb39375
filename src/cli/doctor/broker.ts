import { inspectRabbitMq, type RabbitMqInspection } from "../../broker/rabbitmq/inspect.js";
import type { Config, RabbitMqConfig } from "../../config.js";
import { withoutCredentials } from "../../telemetry/log.js";
import { inOneLine } from "../failure.js";
import { type Check, type Finding, ok, problem, warning } from "./finding.js";

/** To connect, and for an alarm to show, ms. */
const timeout = 3000;

/** Is the broker there, and does what stands in it fit? */
export function checkBroker({ rabbitmq, databaseUrl }: Config): Check {
  return {
    name: "Broker",
    async run() {
      if (rabbitmq !== null) return await checkEach(rabbitmq);
      const alone = "Broker: within the process, because RABBITMQ_URL is unset";
      // Whoever sets a database up may well mean to run several instances on it.
      return databaseUrl === null
        ? [ok(alone)]
        : [warning(alone, "That is for one instance only: set RABBITMQ_URL for several")];
    },
  };
}

/** Every node is to be reachable; what stands in the cluster is the same seen from each. */
async function checkEach(config: RabbitMqConfig): Promise<Finding[]> {
  const findings: Finding[] = [];
  let seen = false;
  for (const url of config.urls) {
    const where = withoutCredentials(url);
    try {
      const found = await inspectRabbitMq(url, config, timeout);
      findings.push(ok(`Broker: RabbitMQ ${found.version} at ${where}`));
      if (!seen) findings.push(...findingsOf(found, config));
      seen = true;
    } catch (error) {
      findings.push(unreachable(where, inOneLine(error)));
    }
  }
  return findings;
}

function findingsOf(
  { missing, mismatches, alarm, deadLetters }: RabbitMqInspection,
  config: RabbitMqConfig,
): Finding[] {
  const findings = mismatches.map((line) =>
    problem(`Topology: ${line}`, "It keeps the service from starting"),
  );
  if (missing.length > 0) {
    findings.push(
      warning(
        `Topology: missing: ${[...new Set(missing)].join(", ")}`,
        "Nothing to do: every start, and every reconnect, declares it",
      ),
    );
  }
  if (findings.length === 0) findings.push(ok(`Topology: as declared, with ${config.queueType} queues`));
  if (alarm !== null) {
    findings.push(
      warning(
        `Alarm: the broker holds publishers back: ${alarm}`,
        "Give it memory or disk space; until then live events come from the log, a second late",
      ),
    );
  }
  if (deadLetters !== null && deadLetters > 0) {
    findings.push(
      warning(
        `Dead letters: ${deadLetters} wait in the broker`,
        "A worker writes them down as soon as one runs: see ROLES",
      ),
    );
  }
  return findings;
}

function unreachable(where: string, reason: string): Finding {
  const text = `Broker: ${where}: ${reason}`;
  // amqplib does not read what the broker has against the virtual host.
  if (reason.includes("ConnectionOpenOk")) {
    return problem(
      `Broker: ${where}: there is no such virtual host, or this user may not use it`,
      "Make it (rabbitmqctl add_vhost, set_permissions), or correct it in RABBITMQ_URL",
    );
  }
  if (/ACCESS.REFUSED|403/.test(reason)) {
    return problem(text, "Correct the user and the password in RABBITMQ_URL, or its permissions");
  }
  return problem(text, "Start RabbitMQ, or correct RABBITMQ_URL");
}
