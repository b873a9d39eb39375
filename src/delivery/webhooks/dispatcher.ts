import { type Periodic, periodically } from "../../live/periodically.js";
import { Courier, type CourierDependencies } from "./courier.js";
import type { WebhookEndpoint } from "./endpoint.js";
import { listEndpoints } from "./endpoints.js";

/** Milliseconds between two looks at the endpoints. */
const interval = 1000;

/** Keeps a courier for each endpoint that is enabled, as it is now. */
export class Dispatcher {
  readonly #deps: CourierDependencies;
  readonly #couriers = new Map<string, { readonly courier: Courier; readonly version: string }>();
  readonly #leaving = new Set<Promise<void>>();
  #loop: Periodic | null = null;

  constructor(deps: CourierDependencies) {
    this.#deps = deps;
  }

  start(): void {
    this.#loop = periodically("the dispatching of webhooks", this.#deps.log, async () => {
      await this.#look();
      return interval;
    });
  }

  async stop(): Promise<void> {
    await this.#loop?.stop();
    for (const id of this.#couriers.keys()) this.#dismiss(id);
    await Promise.all(this.#leaving);
  }

  async #look(): Promise<void> {
    const endpoints = await listEndpoints(this.#deps.database);
    const enabled = new Map(endpoints.filter((e) => e.enabled).map((e) => [e.id, e]));
    for (const id of this.#couriers.keys()) if (!enabled.has(id)) this.#dismiss(id);
    for (const endpoint of enabled.values()) this.#employ(endpoint);
  }

  #employ(endpoint: WebhookEndpoint): void {
    // The whole of it: a secret that has had its day goes without a trace in `updatedAt`.
    const version = JSON.stringify(endpoint);
    if (this.#couriers.get(endpoint.id)?.version === version) return;
    this.#dismiss(endpoint.id);
    this.#couriers.set(endpoint.id, { courier: new Courier(endpoint, this.#deps), version });
  }

  /** It finishes in its own time, while a new one may be at work already. */
  #dismiss(id: string): void {
    const entry = this.#couriers.get(id);
    if (entry === undefined) return;
    this.#couriers.delete(id);
    const left = entry.courier.stop().finally(() => this.#leaving.delete(left));
    this.#leaving.add(left);
  }
}
