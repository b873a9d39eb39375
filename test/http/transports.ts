import { z } from "zod";
import { type Edge, tokenFor } from "./edge.js";
import { RawSocket } from "./raw-socket.js";
import { post } from "./requests.js";

const shownErrors = z.array(
  z.object({ message: z.string(), extensions: z.record(z.string(), z.unknown()) }).loose(),
);
const payload = z.union([shownErrors, z.object({ errors: shownErrors })]);

export type ShownError = z.infer<typeof shownErrors>[number];

/** Runs an operation that fails, and tells the text that came back, and the errors in it. */
export type Transport = (
  edge: Edge,
  query: string,
  variables?: Record<string, unknown>,
) => Promise<[text: string, errors: readonly ShownError[]]>;

/** The two ways to run an operation, which are to behave alike. */
export const transports: Readonly<Record<string, Transport>> = {
  async HTTP(edge, query, variables = {}) {
    const authorization = `Bearer ${await tokenFor("alice")}`;
    const { text } = await post(edge.graphqlUrl, { query, variables }, { authorization });
    return [text, errorsOf(JSON.parse(text))];
  },
  async WebSocket(edge, query, variables) {
    await using client = await RawSocket.acknowledged(edge.socketUrl, await tokenFor("alice"));
    client.subscribe("1", query, variables);
    const message = await client.next();
    return [client.received.join("\n"), errorsOf(message.payload)];
  },
};

function errorsOf(body: unknown): readonly ShownError[] {
  const shown = payload.parse(body);
  return "errors" in shown ? shown.errors : shown;
}
