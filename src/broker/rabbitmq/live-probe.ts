import type { Link } from "./link.js";
import type { LiveDelivery } from "./live.js";
import { eventExchange } from "./topology.js";

/** Milliseconds between two probes. */
const interval = 1000;

/**
 * Finds out that this process has gone deaf. A consumer hears of it when its queue is removed, but not when its bindings
 * are: when someone deletes the exchange, whoever publishes next declares it again, and every process's queue stands there
 * unbound, as silent as when nothing happens. So each process asks the exchange, once a second, to bring a message to a
 * queue of its own; when it comes back, or when there is no exchange to be asked, live delivery is set up anew.
 */
export class LiveProbe {
  readonly #live: LiveDelivery;

  constructor(live: LiveDelivery) {
    this.#live = live;
  }

  /** Probes on this connection, one that publishes: an alarm of the broker must not hold back the one that consumes. */
  async attach(link: Link): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    let underWay = false;
    const channel = await link.openChannel(
      (model) => model.createConfirmChannel(),
      () => {
        if (link.ended.aborted) return;
        this.#live.renew();
        link.mend(() => this.attach(link));
      },
    );
    channel.once("close", () => clearInterval(timer));
    channel.on("return", ({ fields }) => {
      if (fields.routingKey === this.#live.probeKey) this.#live.renew();
    });
    timer = setInterval(() => {
      const key = this.#live.probeKey;
      if (key === null || underWay || link.ended.aborted) return;
      underWay = true;
      channel.publish(eventExchange.name, key, Buffer.from("{}"), { mandatory: true }, () => {
        underWay = false;
      });
    }, interval);
  }
}
