import type { RabbitMqConfig } from "../../config.js";
import type { Log } from "../../telemetry/log.js";
import { BrokerUnavailableError, type LiveListener } from "../broker.js";
import type { Link } from "./link.js";
import { LiveSession } from "./live-session.js";
import { liveKey, userKey } from "./topology.js";

/**
 * Live delivery to this process, across connections, channels and queues that come and go:
 *
 *   interrupted ──attach: queues bound and consumed──▶ live ──connection, channel or queue lost──▶ interrupted
 *
 * The listener hears of each change of state, and may take it that delivery is interrupted until it first hears otherwise.
 * LIVE_ROUTING=instance subscribes once, to the key that all events bear; LIVE_ROUTING=user once for each watched user.
 */
export class LiveDelivery {
  readonly #routing: RabbitMqConfig["liveRouting"];
  readonly #log: Log;
  readonly #watched = new Set<string>();
  #listener: LiveListener | null = null;
  #session: LiveSession | null = null;
  #live = false;
  #closed = false;

  constructor(routing: RabbitMqConfig["liveRouting"], log: Log) {
    this.#routing = routing;
    this.#log = log;
  }

  get live(): boolean {
    return this.#live;
  }

  listen(listener: LiveListener): void {
    this.#listener = listener;
  }

  /** Stands on this connection from now on. */
  async attach(link: Link): Promise<void> {
    const events = {
      message: (body: Buffer) => this.#listener?.message(body),
      ended: () => {
        if (this.#session === session) this.#interrupt();
        link.mend(() => this.attach(link));
      },
    };
    const session = await LiveSession.open(link, events, this.#log);
    // From here on `watch` subscribes by itself, also while the users watched before are still being subscribed.
    this.#session = session;
    await Promise.all([session.probeKey, ...this.#keys()].map((key) => session.subscribe(key)));
    if (this.#session !== session || this.#closed) return;
    this.#live = true;
    this.#log.info({ routing: this.#routing, users: this.#watched.size }, "live delivery works");
    this.#tell((listener) => listener.resumed());
  }

  /** The key under which a message must reach this process; null while delivery is interrupted. */
  get probeKey(): string | null {
    return this.#live ? (this.#session?.probeKey ?? null) : null;
  }

  /** Nothing arrives though nothing has ended: sets up new queues, unless that is under way. */
  renew(): void {
    if (!this.#live) return;
    this.#log.warn("live queues are bound no more");
    this.#session?.abandon();
  }

  async watch(userId: string): Promise<void> {
    if (this.#routing === "instance") return;
    this.#watched.add(userId);
    if (this.#session === null) throw new BrokerUnavailableError("not connected to RabbitMQ");
    try {
      await this.#session.subscribe(userKey(userId));
    } catch (error) {
      throw new BrokerUnavailableError("the connection to RabbitMQ was lost", { cause: error });
    }
  }

  unwatch(userId: string): void {
    if (this.#watched.delete(userId)) this.#session?.unsubscribe(userKey(userId));
  }

  /** Ends delivery for good, without a call to the listener. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#live = false;
    const session = this.#session;
    this.#session = null;
    await session?.close();
  }

  #keys(): string[] {
    return this.#routing === "instance" ? [liveKey] : [...this.#watched].map(userKey);
  }

  #interrupt(): void {
    this.#session = null;
    if (!this.#live) return;
    this.#live = false;
    this.#log.warn("live delivery interrupted");
    this.#tell((listener) => listener.interrupted());
  }

  #tell(call: (listener: LiveListener) => void): void {
    if (this.#listener === null) return;
    try {
      call(this.#listener);
    } catch (error) {
      this.#log.error({ err: error }, "the live listener threw");
    }
  }
}
