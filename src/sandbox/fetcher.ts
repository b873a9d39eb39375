import type { Fetcher, FetcherParams } from "@graphiql/toolkit";
import {
  type ExecutionResult,
  getOperationAST,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
} from "graphql";
import type { LiveSubscriptions } from "./live-subscriptions.js";

/** Runs GraphiQL's operations: subscriptions over WebSocket, all others over HTTP. */
export function createFetcher(path: string, subscriptions: LiveSubscriptions): Fetcher {
  return async (params, options) => {
    const headers = textsOf(options?.headers ?? {});
    const running = subscriptions.ofActiveTab();
    if (running !== null) return running;
    const operation = operationOf(params);
    const request = { ...params, operationName: operation?.name?.value ?? params.operationName ?? null };
    return operation?.operation === OperationTypeNode.SUBSCRIPTION
      ? subscriptions.start(request, headers)
      : await post(path, request, headers);
  };
}

/** The operation to run; null where the server has to say what is wrong. */
function operationOf({ query, operationName }: FetcherParams): OperationDefinitionNode | null {
  try {
    const document = parse(query);
    // For a moment after a change of tabs, GraphiQL gives the operation name of the previous one.
    return getOperationAST(document, operationName) ?? getOperationAST(document) ?? null;
  } catch {
    return null;
  }
}

async function post(
  path: string,
  params: FetcherParams,
  headers: Record<string, string>,
): Promise<ExecutionResult> {
  const response = await fetch(path, {
    method: "POST",
    headers: { accept: "application/json", "content-type": "application/json", ...headers },
    body: JSON.stringify(params),
  });
  // GraphiQL shows whatever it is.
  const parseResult: (json: string) => ExecutionResult = JSON.parse;
  return parseResult(await response.text());
}

function textsOf(values: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}
