import { WebSocket } from "ws";
import { createClient } from "../../client/client.js";
import type { ConnectionState } from "../../client/connection-state.js";
import type { NotificationEvent } from "../../client/events.js";
import { inOneLine } from "../failure.js";
import { credentialsFor } from "../local-token.js";
import { graphqlOf, type ServerOptions, type TokenOption } from "../server-options.js";
import { colorsFor } from "../style.js";
import { cursorFile } from "./cursor-file.js";
import { eventLine } from "./event-line.js";
import { refusals } from "./refusals.js";

export interface FollowOptions extends ServerOptions, TokenOption {
  readonly after?: string;
  readonly cursorFile?: string;
  readonly json?: true;
}

/** Coming back soon is worth more here than sparing the server: this is one client, and somebody watches. ms */
const retry = { first: 500, longest: 10_000 };

/** Writes a user's events until it is interrupted, or until nobody reads them any more. */
export async function follow(userId: string, options: FollowOptions): Promise<void> {
  const claims = { userId, scopes: [], expiresInSeconds: 60 * 60 };
  const credentials = await credentialsFor(options.token, claims);
  let end = (): void => undefined;
  let fail: (reason: Error) => void = () => undefined;
  const ended = new Promise<void>((resolve, reject) => {
    end = resolve;
    fail = reject;
  });
  await using client = createClient({
    url: graphqlOf(options.server),
    userId,
    token: credentials.token,
    after: options.after ?? null,
    storage:
      options.cursorFile === undefined ? null : cursorFile(options.cursorFile, (reason) => fail(reason)),
    shareTabs: false,
    webSocket: WebSocket,
    retry,
  });
  const isRefused = refusals();
  client.connection.subscribe((state) => {
    if (isRefused(state)) fail(credentials.explain(state.error));
    else tell(state, options.server);
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => end());
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // `| head -1` has had enough.
    if (error.code === "EPIPE") end();
    else fail(error);
  });
  client.listen(writer(options.json ?? false));
  client.start();
  await ended;
}

/** InboxReady is not written: standard error says when the stream is live. */
function writer(json: boolean): (event: NotificationEvent) => void {
  const colors = colorsFor(process.stdout);
  return (event) => {
    if (event.__typename === "InboxReady") return;
    process.stdout.write(`${json ? JSON.stringify(event) : eventLine(event, colors)}\n`);
  };
}

function tell({ status, error, retryAt }: ConnectionState, server: string): void {
  const colors = colorsFor(process.stderr);
  if (status === "live") process.stderr.write(`${colors.green("live")} at ${server}\n`);
  if (status !== "offline" || error === null) return;
  const wait = retryAt === null ? 0 : Math.max(0, retryAt - Date.now());
  const again = `trying again in ${(wait / 1000).toFixed(1)} s`;
  process.stderr.write(`${colors.yellow("offline")}: ${inOneLine(error)}; ${again}\n`);
}
