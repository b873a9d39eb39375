import { type Command, InvalidArgumentError, Option } from "commander";
import { z } from "zod";
import { sendScope } from "../auth/viewer.js";
import { createClient } from "../client/client.js";
import { CreateNotificationDocument, type NotificationPriority } from "../client/generated-text.js";
import { credentialsFor } from "./local-token.js";
import { addServerOptions, graphqlOf, type ServerOptions, type TokenOption } from "./server-options.js";

/** Who sends, in a token of our own: an idempotency key is its sender's. */
const sender = "carillon-cli";

const examples = `
Examples:
  $ carillon send alice "It is on its way"
  $ carillon send alice "Your invoice" --category invoice.new --url /invoices/7 --data '{"amount": 12}' --priority HIGH
  $ CARILLON_TOKEN=… carillon send alice Hello --server https://notify.example.com --idempotency-key order-7

It prints the id of the notification.`;

interface SendOptions extends ServerOptions, TokenOption {
  readonly category: string;
  readonly body?: string;
  readonly data?: unknown;
  readonly url?: string;
  readonly priority?: NotificationPriority;
  readonly expiresAt?: string;
  readonly idempotencyKey?: string;
}

/** `carillon send`: creates a notification, and prints its id. */
export function addSend(program: Command): void {
  const command = program
    .command("send")
    .description("create a notification, and print its id")
    .argument("<user>", "who shall get it")
    .argument("<title>", "1 to 200 characters")
    .option("--category <slug>", "what it is about, e.g. order.shipped", "message")
    .option("--body <text>", "at most 4,000 characters")
    .addOption(new Option("--data <json>", "any JSON of your own, at most 16 KiB").argParser(parseJson))
    .option("--url <url>", "where a click leads: http, https, or a path that begins with /")
    .addOption(
      new Option("--priority <priority>", "how much it matters").choices(["LOW", "NORMAL", "HIGH", "URGENT"]),
    )
    .option("--expires-at <instant>", "when it shall vanish, e.g. 2031-05-04T12:00:00Z")
    .option("--idempotency-key <key>", "the same key again gives the same notification, and no second one");
  addServerOptions(command).addHelpText("after", examples).action(send);
}

async function send(userId: string, title: string, options: SendOptions): Promise<void> {
  const { server, token, url, category, body, data, priority, expiresAt, idempotencyKey } = options;
  const claims = { userId: sender, scopes: [sendScope], expiresInSeconds: 60 };
  const credentials = await credentialsFor(token, claims);
  await using client = createClient({ url: graphqlOf(server), userId, token: credentials.token });
  const input = { userId, title, category, body, data, actionUrl: url, priority, expiresAt, idempotencyKey };
  const { createNotification } = await client
    .request(CreateNotificationDocument, { input })
    .catch((error: unknown) => {
      throw credentials.explain(error);
    });
  process.stdout.write(`${createNotification.notification.id}\n`);
}

function parseJson(text: string): unknown {
  try {
    return z.json().parse(JSON.parse(text));
  } catch {
    throw new InvalidArgumentError("It must be JSON.");
  }
}
