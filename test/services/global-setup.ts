import type { TestProject } from "vitest/node";
import { type ChromiumFound, findChromium } from "./chromium.js";
import { findEmbeddedDatabase } from "./embedded-database.js";
import type { RabbitmqControl } from "./rabbitmq-node.js";
import { sharePostgres, shareRabbitmq } from "./shared-services.js";

/**
 * Runs once, before all test files: finds or starts what they share, and says where it comes from. Test files run in
 * processes of their own, so what they need of it is handed over as plain data, for `inject` to fetch.
 */
declare module "vitest" {
  interface ProvidedContext {
    /** The shared server's own database, as a user who may create databases. */
    postgresUrl: string;
    rabbitmqUrl: string;
    rabbitmqControl: RabbitmqControl | null;
    rabbitmqManagementUrl: string | null;
    chromium: ChromiumFound;
    /** A data directory to copy. */
    embeddedDatabase: string;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const outcomes = await Promise.allSettled([
    sharePostgres(),
    shareRabbitmq(),
    findEmbeddedDatabase(),
    findChromium(),
  ]);
  const [postgres, rabbitmq, embedded, chromium] = outcomes;
  if (
    postgres.status === "rejected" ||
    rabbitmq.status === "rejected" ||
    embedded.status === "rejected" ||
    chromium.status === "rejected"
  ) {
    for (const service of [postgres, rabbitmq]) {
      if (service.status === "fulfilled") await service.value[Symbol.asyncDispose]();
    }
    const reasons = outcomes.flatMap((outcome) =>
      outcome.status === "rejected" ? [messageOf(outcome.reason)] : [],
    );
    throw new Error(reasons.join("\n"));
  }
  project.provide("postgresUrl", postgres.value.url);
  project.provide("rabbitmqUrl", rabbitmq.value.url);
  project.provide("rabbitmqControl", rabbitmq.value.control);
  project.provide("rabbitmqManagementUrl", rabbitmq.value.managementUrl);
  project.provide("embeddedDatabase", embedded.value);
  project.provide("chromium", chromium.value);
  const browser = "path" in chromium.value ? `Chromium: ${chromium.value.path}` : chromium.value.problem;
  process.stdout.write(`${[postgres.value.origin, rabbitmq.value.origin, browser].join("\n")}\n`);
  return async () => {
    await Promise.all([postgres.value[Symbol.asyncDispose](), rabbitmq.value[Symbol.asyncDispose]()]);
  };
}

function messageOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}
