import { type Command, InvalidArgumentError, Option } from "commander";
import { z } from "zod";
import { sendScope } from "../server/auth/viewer.js";
import { createClient, CreateNotificationDocument, type NotificationPriority } from "@carillon/client";
import { priorities } from "../server/database/column-values.js";
import { InvalidInputError } from "../server/notifications/errors.js";
import { checkData } from "../server/notifications/input.js";
import { parseJson } from "../server/validation/json.js";
import { resolveCredentials } from "./credentials.js";
import {
  addServerAndTokenOptions,
  graphqlUrl,
  type ServerOption,
  type TokenOption,
} from "./server-option.js";

/** The user id in tokens that the command signs. Idempotency keys are scoped to it. */
const senderId = "carillon-cli";

const examples = `
Examples:
  $ carillon send alice "It is on its way"
  $ carillon send alice "Your invoice" --category invoice.new --url /invoices/7 --data '{"amount": 12}' --priority HIGH
  $ CARILLON_TOKEN=… carillon send alice Hello --server https://notify.example.com --idempotency-key order-7

It prints the id of the notification.`;

interface SendOptions extends ServerOption, TokenOption {
  readonly category: string;
  readonly body?: string;
  readonly data?: unknown;
  readonly url?: string;
  readonly priority?: NotificationPriority;
  readonly expiresAt?: string;
  readonly idempotencyKey?: string;
}

/** `carillon send`: creates a notification and prints its id. */
export function addSend(program: Command): void {
  const command = program
    .command("send")
    .description("create a notification and print its id")
    .argument("<user>", "id of the recipient")
    .argument("<title>", "1 to 200 characters")
    .option("--category <slug>", "category, e.g. order.shipped", "message")
    .option("--body <text>", "longer text, at most 4,000 characters")
    .addOption(new Option("--data <json>", "custom JSON data, at most 16 KiB").argParser(parseData))
    .option("--url <url>", "link target: an http or https URL, or a path that starts with /")
    .addOption(
      new Option("--priority <priority>", `importance: ${priorities.join(", ")}`).argParser(parsePriority),
    )
    .addOption(
      new Option("--expires-at <time>", "expiry time, e.g. 2031-05-04T12:00:00Z").argParser(parseExpiry),
    )
    .option("--idempotency-key <key>", "a repeated call with this key returns the first notification");
  addServerAndTokenOptions(command).addHelpText("after", examples).action(send);
}

async function send(userId: string, title: string, options: SendOptions): Promise<void> {
  const { server, token, url, category, body, data, priority, expiresAt, idempotencyKey } = options;
  const claims = { userId: senderId, scopes: [sendScope], expiresInSeconds: 60 };
  const credentials = await resolveCredentials(token, claims);
  await using client = createClient({ url: graphqlUrl(server), userId, token: credentials.token });
  const input = { userId, title, category, body, data, actionUrl: url, priority, expiresAt, idempotencyKey };
  const { createNotification } = await client
    .request(CreateNotificationDocument, { input })
    .catch((error: unknown) => {
      throw credentials.explain(error);
    });
  process.stdout.write(`${createNotification.notification.id}\n`);
}

function parsePriority(text: string): NotificationPriority {
  const priority = priorities.find((candidate) => candidate === text);
  if (priority === undefined) throw new InvalidArgumentError("It must be LOW, NORMAL, HIGH or URGENT.");
  return priority;
}

function parseExpiry(text: string): string {
  const isTime = z.iso.datetime({ offset: true }).safeParse(text).success;
  if (!isTime) {
    throw new InvalidArgumentError("It must be a date and time such as 2031-05-04T12:00:00Z.");
  }
  if (Date.parse(text) <= Date.now()) throw new InvalidArgumentError("It must be in the future.");
  return text;
}

function parseData(text: string): unknown {
  try {
    const data = parseJson(text);
    checkData(data, "data");
    return data;
  } catch (error) {
    if (error instanceof InvalidInputError) throw new InvalidArgumentError(`${error.message}.`);
    throw new InvalidArgumentError("It must be JSON.");
  }
}
