import { WebSocket } from "ws";
import { createClient } from "@carillon/client";
import type { ConnectionState } from "@carillon/client";
import type { NotificationEvent } from "@carillon/client";
import { describeInOneLine } from "../command-failure.js";
import { resolveCredentials } from "../credentials.js";
import { graphqlUrl, type ServerOption, type TokenOption } from "../server-option.js";
import { colorsFor } from "../terminal-text.js";
import { cursorFile } from "./cursor-file.js";
import { eventLine } from "./event-line.js";
import { createFinalErrorDetector } from "./final-errors.js";

export interface TailOptions extends ServerOption, TokenOption {
  readonly after?: string;
  readonly cursorFile?: string;
  readonly json?: true;
}

/** Reconnect delays in milliseconds: shorter than the client's defaults, because somebody is watching. */
const retry = { first: 500, longest: 10_000 };

/** Prints a user's events until it is interrupted, or until standard output is closed. */
export async function followEvents(userId: string, options: TailOptions): Promise<void> {
  const claims = { userId, scopes: [], expiresInSeconds: 60 * 60 };
  const credentials = await resolveCredentials(options.token, claims);
  let end = (): void => undefined;
  let fail: (reason: Error) => void = () => undefined;
  const ended = new Promise<void>((resolve, reject) => {
    end = resolve;
    fail = reject;
  });
  await using client = createClient({
    url: graphqlUrl(options.server),
    userId,
    token: credentials.token,
    after: options.after ?? null,
    storage:
      options.cursorFile === undefined ? null : cursorFile(options.cursorFile, (reason) => fail(reason)),
    shareTabs: false,
    webSocket: WebSocket,
    retry,
  });
  const isFinal = createFinalErrorDetector();
  client.connection.subscribe((state) => {
    if (isFinal(state)) fail(credentials.explain(state.error));
    else printState(state, options.server);
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => end());
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // The reader, e.g. `head -1`, has closed the pipe.
    if (error.code === "EPIPE") end();
    else fail(error);
  });
  client.listen(createPrinter(options.json ?? false));
  client.start();
  await ended;
}

/** Prints all events but InboxReady, which the line "live" on standard error stands for. */
function createPrinter(json: boolean): (event: NotificationEvent) => void {
  const colors = colorsFor(process.stdout);
  return (event) => {
    if (event.__typename === "InboxReady") return;
    process.stdout.write(`${json ? JSON.stringify(event) : eventLine(event, colors)}\n`);
  };
}

function printState({ status, error, retryAt }: ConnectionState, server: string): void {
  const colors = colorsFor(process.stderr);
  if (status === "live") process.stderr.write(`${colors.green("live")} at ${server}\n`);
  if (status !== "offline" || error === null) return;
  const wait = retryAt === null ? 0 : Math.max(0, retryAt - Date.now());
  const retryText = `retrying in ${(wait / 1000).toFixed(1)} s`;
  process.stderr.write(`${colors.yellow("offline")}: ${describeInOneLine(error)}; ${retryText}\n`);
}
