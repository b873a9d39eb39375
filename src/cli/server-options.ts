import { type Command, InvalidArgumentError, Option } from "commander";

/** Of the commands that ask a server. */
export interface ServerOptions {
  /** Its origin, without a path. */
  readonly server: string;
}

export interface TokenOption {
  /** undefined: one is to be signed. */
  readonly token?: string;
}

const defaultServer = "http://127.0.0.1:4000";

/** Where the server is. */
export function addServerOption(command: Command): Command {
  return command.addOption(
    new Option("--server <url>", "where the server is")
      .env("CARILLON_URL")
      .argParser(parseServer)
      .default(defaultServer),
  );
}

/** Where the server is, and the token to show it. */
export function addServerOptions(command: Command): Command {
  return addServerOption(command).addOption(
    new Option(
      "--token <token>",
      "the token to show; better set the variable, because others on this machine can read a command's arguments",
    ).env("CARILLON_TOKEN"),
  );
}

/** Where GraphQL is served. */
export function graphqlOf(server: string): string {
  return `${server}/graphql`;
}

/** An empty variable counts as unset, as everywhere. */
function parseServer(given: string): string {
  const text = given === "" ? defaultServer : given;
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) {
    throw new InvalidArgumentError(`It must be a URL such as ${defaultServer}.`);
  }
  const { origin, pathname } = new URL(text);
  return origin + pathname.replace(/\/(graphql\/?)?$/, "");
}
