import type { RabbitMqConfig } from "../../config/config.js";
import type { Log } from "../../telemetry/log.js";
import { BrokerUnavailableError } from "../errors.js";
import type { LiveBus, LiveListener } from "../live-bus.js";
import type { ConnectionUser } from "./connection-user.js";
import type { OpenConnection } from "./connection.js";
import { PubSubSession } from "./pubsub-session.js";
import { liveKey, userKey } from "./topology.js";

/**
 * Receives live messages in this process, across lost connections, channels and queues:
 *
 *   interrupted ──attach: queues bound and consumed──▶ live ──connection, channel or queue lost──▶ interrupted
 *        ▲                                              │  ▲
 *        └────────the broker is unresponsive────────────┘  └── it is responsive again, and the queues still exist
 *
 * The listener is told of each change of state; the initial state is interrupted. LIVE_ROUTING=instance subscribes once, to
 * the routing key of all events; LIVE_ROUTING=user once for each watched user.
 */
export class LiveConsumer implements ConnectionUser, LiveBus {
  readonly #routing: RabbitMqConfig["liveRouting"];
  readonly #log: Log;
  readonly #watched = new Set<string>();
  #listener: LiveListener | null = null;
  #session: PubSubSession | null = null;
  #onProbe: (body: Buffer) => void = () => {};
  #onNewSession: () => void = () => {};
  /** The queues are bound and consumed. */
  #established = false;
  #responsive = true;
  /** The state that the listener was told. */
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

  /** Sets the receiver of probes. @param onNewSession called when probes are sent to a new queue */
  setProbeReceiver(onProbe: (body: Buffer) => void, onNewSession: () => void): void {
    this.#onProbe = onProbe;
    this.#onNewSession = onNewSession;
  }

  /** Whether the broker answers: while it does not, nothing arrives although the queues exist. */
  setResponsive(responsive: boolean): void {
    this.#responsive = responsive;
    this.#update();
  }

  async attach(connection: OpenConnection): Promise<void> {
    const events = {
      message: (body: Buffer) => this.#listener?.message(body),
      probe: (body: Buffer) => this.#onProbe(body),
      ended: () => {
        if (this.#session === session) this.#interrupt();
        connection.repair(() => this.attach(connection));
      },
    };
    const session = await PubSubSession.open(connection, events, this.#log);
    // From here on `watch` subscribes, also while the users watched earlier are still being subscribed.
    this.#session = session;
    this.#onNewSession();
    await Promise.all([session.probeKey, ...this.#keys()].map((key) => session.subscribe(key)));
    if (this.#session !== session || this.#closed) return;
    this.#established = true;
    this.#update();
  }

  /** The key under which a message must reach this process; null while no queue is bound. */
  get probeKey(): string | null {
    return this.#established ? (this.#session?.probeKey ?? null) : null;
  }

  /** The bindings are lost although the queues exist: sets up new queues, unless that is in progress. */
  renew(): void {
    if (!this.#established) return;
    this.#log.warn("live queue bindings lost");
    this.#session?.fail();
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

  /** Stops delivery, without a call to the listener. */
  async stop(): Promise<void> {
    this.#closed = true;
    this.#established = false;
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
    this.#established = false;
    this.#update();
  }

  /** Tells the listener of a change of state. */
  #update(): void {
    const live = this.#established && this.#responsive;
    if (live === this.#live) return;
    this.#live = live;
    if (live) {
      this.#log.info({ routing: this.#routing, users: this.#watched.size }, "live delivery resumed");
      this.#tell((listener) => listener.resumed());
    } else {
      this.#log.warn("live delivery interrupted");
      this.#tell((listener) => listener.interrupted());
    }
  }

  #tell(call: (listener: LiveListener) => void): void {
    if (this.#listener === null) return;
    try {
      call(this.#listener);
    } catch (error) {
      this.#log.error({ err: error }, "live listener failed");
    }
  }
}
