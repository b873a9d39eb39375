import { type Command, InvalidArgumentError, Option } from "commander";

/** Options of the commands that connect to a server. */
export interface ServerOption {
  /** The server's base URL, without a trailing slash and without /graphql. */
  readonly server: string;
}

export interface TokenOption {
  /** undefined: the command signs one. */
  readonly token?: string;
}

/** Adds the option for the server's URL. */
export function addServerOption(command: Command): Command {
  return command.addOption(
    new Option(
      "--server <url>",
      "URL of the server; by default the HOST and PORT that carillon serve would use",
    )
      .env("CARILLON_URL")
      .argParser(parseServer)
      .default(defaultServer(process.env)),
  );
}

/** Adds the options for the server's URL and for the token. */
export function addServerAndTokenOptions(command: Command): Command {
  return addServerOption(command).addOption(
    new Option(
      "--token <token>",
      "token to send; prefer the variable, because other users of this machine can see the arguments of a command",
    ).env("CARILLON_TOKEN"),
  );
}

/** The URL of the GraphQL endpoint. */
export function graphqlUrl(server: string): string {
  return `${server}/graphql`;
}

/** Where a server with these variables listens. Invalid values are not reported here, but where the configuration is read. */
export function defaultServer({ HOST = "", PORT = "" }: NodeJS.ProcessEnv): string {
  const url = `http://${reachableHost(HOST)}:${/^[1-9]\d*$/.test(PORT) ? PORT : "4000"}`;
  return URL.canParse(url) ? url : "http://127.0.0.1:4000";
}

/** The wildcard addresses include the loopback address. */
function reachableHost(host: string): string {
  if (host === "" || host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return host.includes(":") ? `[${host}]` : host;
}

/** An empty value counts as unset. */
function parseServer(given: string): string {
  const text = given === "" ? defaultServer(process.env) : given;
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) {
    throw new InvalidArgumentError("It must be a URL such as http://127.0.0.1:4000.");
  }
  const { origin, pathname } = new URL(text);
  return origin + pathname.replace(/\/(graphql\/?)?$/, "");
}
