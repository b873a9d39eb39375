import { type Command, InvalidArgumentError, Option } from "commander";
import { adminScope, sendScope } from "../server/auth/viewer.js";
import { duration } from "../server/config/parsers.js";
import { isUserId, userIdRule } from "../server/validation/user-id.js";
import { signLocally } from "./credentials.js";

const scopes = [sendScope, adminScope];

const examples = `
Examples:
  $ TOKEN=$(carillon token alice)                                      access to alice's inbox for one hour
  $ carillon token shop --scope notifications:send --expires 30d       a backend that sends
  $ carillon token ops --scope notifications:send --scope notifications:admin

For development, and for a service with AUTH_JWT_SECRET. Keep that secret safe: it can sign tokens for any user.`;

interface TokenOptions {
  readonly scope: readonly string[];
  readonly expires: number;
}

/** `carillon token`: prints a token and nothing else to standard output. */
export function addToken(program: Command): void {
  program
    .command("token")
    .description("print a token, signed with AUTH_JWT_SECRET or the development secret")
    .argument("[user]", "user id, 1 to 128 characters", parseUserId, "alice")
    .addOption(
      new Option("--scope <scope>", `${scopes.join(" or ")}; may be repeated`)
        .argParser(addScope)
        .default([], "none"),
    )
    .addOption(
      new Option("--expires <duration>", "lifetime, e.g. 90s, 15m, 12h or 7d")
        .argParser(parseDuration)
        .default(60 * 60 * 1000, "1h"),
    )
    .addHelpText("after", examples)
    .action(async (userId: string, { scope, expires }: TokenOptions) => {
      const claims = { userId, scopes: scope, expiresInSeconds: expires / 1000 };
      process.stdout.write(`${await signLocally(claims)}\n`);
    });
}

function parseUserId(text: string): string {
  if (!isUserId(text)) throw new InvalidArgumentError(`It must have ${userIdRule}.`);
  return text;
}

function addScope(scope: string, earlier: readonly string[]): readonly string[] {
  if (!scopes.includes(scope)) throw new InvalidArgumentError(`It must be ${scopes.join(" or ")}.`);
  return [...earlier, scope];
}

function parseDuration(text: string): number {
  const { data, error } = duration.safeParse(text);
  if (data === undefined) throw new InvalidArgumentError(`It ${error?.issues[0]?.message ?? "is invalid"}.`);
  return data;
}
