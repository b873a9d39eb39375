import type { Client, FormattedExecutionResult, SubscribePayload } from "graphql-ws";

/** Runs a query or mutation over a client's socket. @throws what its sink is given as an error */
export async function runOperation(
  client: Client,
  payload: SubscribePayload,
): Promise<FormattedExecutionResult | null> {
  return await new Promise((resolve, reject) => {
    let result: FormattedExecutionResult | null = null;
    client.subscribe<Record<string, unknown>, Record<string, unknown>>(payload, {
      next: (value) => {
        result = value;
      },
      error: reject,
      complete: () => resolve(result),
    });
  });
}
