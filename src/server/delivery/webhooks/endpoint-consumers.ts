import { type PeriodicTask, startPeriodicTask } from "../../scheduling/periodic-task.js";
import { EndpointConsumer, type EndpointConsumerOptions } from "./endpoint-consumer.js";
import type { WebhookEndpoint } from "./endpoint.js";
import { listEndpoints } from "./endpoint-store.js";

/** Milliseconds between two reads of the endpoints. */
const interval = 1000;

/** Runs a consumer for each enabled endpoint, and replaces it when the endpoint changes. */
export class EndpointConsumers {
  readonly #deps: EndpointConsumerOptions;
  readonly #consumers = new Map<string, { readonly consumer: EndpointConsumer; readonly version: string }>();
  readonly #stopping = new Set<Promise<void>>();
  #loop: PeriodicTask | null = null;

  constructor(deps: EndpointConsumerOptions) {
    this.#deps = deps;
  }

  start(): void {
    this.#loop = startPeriodicTask("webhook endpoint refresh", this.#deps.log, async () => {
      await this.#refresh();
      return interval;
    });
  }

  async stop(): Promise<void> {
    await this.#loop?.stop();
    for (const id of this.#consumers.keys()) this.#stopConsumer(id);
    await Promise.all(this.#stopping);
  }

  async #refresh(): Promise<void> {
    const endpoints = await listEndpoints(this.#deps.database);
    const enabled = new Map(endpoints.filter((e) => e.enabled).map((e) => [e.id, e]));
    for (const id of this.#consumers.keys()) if (!enabled.has(id)) this.#stopConsumer(id);
    for (const endpoint of enabled.values()) this.#startConsumer(endpoint);
  }

  #startConsumer(endpoint: WebhookEndpoint): void {
    // The whole endpoint: an expired secret disappears without a change of `updatedAt`.
    const version = JSON.stringify(endpoint);
    if (this.#consumers.get(endpoint.id)?.version === version) return;
    this.#stopConsumer(endpoint.id);
    this.#consumers.set(endpoint.id, { consumer: new EndpointConsumer(endpoint, this.#deps), version });
  }

  /** The consumer finishes its work, possibly while a new one runs already. */
  #stopConsumer(id: string): void {
    const entry = this.#consumers.get(id);
    if (entry === undefined) return;
    this.#consumers.delete(id);
    const stopped = entry.consumer.stop().finally(() => this.#stopping.delete(stopped));
    this.#stopping.add(stopped);
  }
}
