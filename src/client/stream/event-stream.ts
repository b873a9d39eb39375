import type { FormattedExecutionResult } from "../connection/graphql-ws-types.js";
import { CarillonError, graphqlError } from "../carillon-error.js";
import { closeError } from "../connection/close-error.js";
import { type ConnectionState, idleState } from "../connection/connection-state.js";
import { isRefusal } from "../connection/message-refusal.js";
import { ResumingConnection, type ResumingClientOptions } from "../connection/resuming-connection.js";
import type { TokenSource } from "../connection/token-source.js";
import type { NotificationEvent } from "../event-types.js";
import { NotificationEventsDocument, type NotificationEventsSubscription } from "../generated-text.js";
import { type Position, stepTo } from "./stream-position.js";

export interface StreamOptions extends Pick<ResumingClientOptions, "heartbeat" | "retry" | "timeouts"> {
  /** ws: or wss: */
  readonly url: string;
  readonly webSocket: typeof WebSocket;
  readonly userId: string;
  readonly tokens: TokenSource;
}

/** Whose events a stream delivers. */
export interface StreamOwner {
  /** Where the owner stands: `deliver` moves it. */
  readonly position: () => Position;
  /** Takes the next event. */
  readonly deliver: (event: NotificationEvent) => void;
  readonly report: (state: ConnectionState) => void;
}

/** Delivers events to its owner until it is stopped. */
export interface EventSource {
  stop(): void;
}

/**
 * Delivers the events that follow the owner's position, in order and each once: a repeated event is dropped; where one is missing,
 * the connection is restarted and resumes at the owner's position. So it does when the server ends the subscription or answers it
 * with an error. It gives up only when its message is refused, which would happen again.
 */
export function openEventStream(options: StreamOptions, owner: StreamOwner): EventSource {
  const connection = new ResumingConnection({
    url: options.url,
    webSocketImpl: options.webSocket,
    connectionParams: options.tokens.connectionParams,
    heartbeat: options.heartbeat,
    retry: options.retry,
    timeouts: options.timeouts,
    onStateChange: ({ status, ...state }) => {
      if (status !== "idle") report({ ...idleState, ...state, status: statuses[status] });
    },
  });
  let isStopped = false;
  let unsubscribe = subscribe();

  function report(state: ConnectionState): void {
    if (!isStopped) owner.report(state);
  }

  /** Subscribes from the owner's position. @returns ends it */
  function subscribe(): () => void {
    let isCurrent = true;
    const payload = {
      query: NotificationEventsDocument.toString(),
      variables: { userId: options.userId, after: owner.position().cursor },
    };
    const end = connection.subscribe<NotificationEventsSubscription, unknown>(payload, {
      next: (result) => {
        if (isCurrent) take(result);
      },
      error: (error) => {
        if (!isCurrent) return;
        if (isRefusal(error)) report({ ...idleState, status: "offline", error });
        else restart(Array.isArray(error) ? graphqlError(error) : closeError(error));
      },
      complete: () => {
        if (isCurrent) restart(new CarillonError("NETWORK", "The server ended the stream"));
      },
    });
    return () => {
      isCurrent = false;
      end();
    };
  }

  function take({ data, errors }: FormattedExecutionResult<NotificationEventsSubscription, unknown>): void {
    if (data === undefined || data === null) {
      restart(graphqlError(errors ?? []));
      return;
    }
    const event = data.notificationEvents;
    const step = stepTo(event, owner.position());
    if (step === "gap") restart(new CarillonError("NETWORK", "An event is missing"));
    if (step !== "next") return;
    owner.deliver(event);
    if (event.__typename === "InboxReady") report({ ...idleState, status: "live" });
  }

  function restart(reason: CarillonError): void {
    connection.restart(reason);
    unsubscribe();
    unsubscribe = subscribe();
  }

  return {
    stop() {
      isStopped = true;
      unsubscribe();
      connection.abort();
    },
  };
}

const statuses = { connecting: "connecting", connected: "catching-up", offline: "offline" } as const;
