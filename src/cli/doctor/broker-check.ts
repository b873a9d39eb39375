import { explainConnectFailure } from "../../server/broker/rabbitmq/connect-failure.js";
import { inspectRabbitMq, type RabbitMqInspection } from "../../server/broker/rabbitmq/inspect.js";
import type { Config, RabbitMqConfig } from "../../server/config/config.js";
import { withoutCredentials } from "../../server/telemetry/log.js";
import { printable } from "../terminal-text.js";
import { type Check, type Finding, ok, problem, warning } from "./finding.js";

/** Milliseconds to connect, and to wait for an alarm to be reported. */
const timeout = 3000;

/** Checks that the broker is reachable, and that its queues and exchanges are declared as the service needs them. */
export function checkBroker({ rabbitmq, databaseUrl }: Config): Check {
  return {
    name: "Broker",
    async run() {
      if (rabbitmq !== null) return await checkEach(rabbitmq);
      const inProcess = "Broker: in-process, because RABBITMQ_URL is unset";
      // With a database of its own, the service may be meant to run several instances.
      return databaseUrl === null
        ? [ok(inProcess)]
        : [warning(inProcess, "This works for one instance only: set RABBITMQ_URL to run several")];
    },
  };
}

/** Each node must be reachable. The topology is the same on all of them, so it is reported once. */
async function checkEach(config: RabbitMqConfig): Promise<Finding[]> {
  const findings: Finding[] = [];
  let isTopologyReported = false;
  for (const url of config.urls) {
    const where = withoutCredentials(url);
    try {
      const found = await inspectRabbitMq(url, config, timeout);
      findings.push(ok(`Broker: RabbitMQ ${found.version} at ${where}`));
      if (!isTopologyReported) findings.push(...topologyFindings(found, config));
      isTopologyReported = true;
    } catch (error) {
      const failure = explainConnectFailure(error);
      findings.push(problem(printable(`Broker: ${where}: ${failure.problem}`), failure.remedy));
    }
  }
  return findings;
}

function topologyFindings(
  { missing, mismatches, alarm, deadLetters }: RabbitMqInspection,
  config: RabbitMqConfig,
): Finding[] {
  const findings = mismatches.map((line) =>
    problem(`Topology: ${line}`, "The service does not start until this is corrected"),
  );
  if (missing.length > 0) {
    findings.push(
      warning(
        `Topology: missing: ${[...new Set(missing)].join(", ")}`,
        "Nothing to do: the service declares it at each start and reconnect",
      ),
    );
  }
  if (findings.length === 0) findings.push(ok(`Topology: as declared, with ${config.queueType} queues`));
  if (alarm !== null) {
    findings.push(
      warning(
        `Alarm: the broker blocks publishers: ${alarm}`,
        "Free memory or disk space; until then live events are delayed by up to a second",
      ),
    );
  }
  if (deadLetters !== null && deadLetters > 0) {
    findings.push(
      warning(
        `Dead letters: ${deadLetters} are queued in the broker`,
        "Start an instance with the role worker, which stores them: see ROLES",
      ),
    );
  }
  return findings;
}
