import { type Command, InvalidArgumentError, Option } from "commander";
import { adminScope, sendScope } from "../auth/viewer.js";
import { duration } from "../config.js";
import { signLocally } from "./local-token.js";

const scopes = [sendScope, adminScope];

const examples = `
Examples:
  $ TOKEN=$(carillon token alice)                                      alice's own inbox, for an hour
  $ carillon token shop --scope notifications:send --expires 30d       a backend that sends
  $ carillon token ops --scope notifications:send --scope notifications:admin

For development, and for a service with AUTH_JWT_SECRET: whoever has that secret can be anyone.`;

interface TokenOptions {
  readonly scope: readonly string[];
  readonly expires: number;
}

/** `carillon token`: prints a token, and nothing else on standard output. */
export function addToken(program: Command): void {
  program
    .command("token")
    .description("print a token, signed with AUTH_JWT_SECRET or the development secret")
    .argument("[user]", "whose token it is: 1 to 128 characters", "alice")
    .addOption(
      new Option("--scope <scope>", `${scopes.join(" or ")}; may be given twice`)
        .argParser(addScope)
        .default([], "none"),
    )
    .addOption(
      new Option("--expires <duration>", "such as 90s, 15m, 12h or 7d")
        .argParser(parseDuration)
        .default(60 * 60 * 1000, "1h"),
    )
    .addHelpText("after", examples)
    .action(async (userId: string, { scope, expires }: TokenOptions) => {
      const claims = { userId, scopes: scope, expiresInSeconds: expires / 1000 };
      process.stdout.write(`${await signLocally(claims)}\n`);
    });
}

function addScope(scope: string, earlier: readonly string[]): readonly string[] {
  if (!scopes.includes(scope)) throw new InvalidArgumentError(`It must be ${scopes.join(" or ")}.`);
  return [...earlier, scope];
}

function parseDuration(text: string): number {
  const { data, error } = duration("1h").safeParse(text);
  if (data === undefined) throw new InvalidArgumentError(`It ${error?.issues[0]?.message ?? "is wrong"}.`);
  return data;
}
