import type { ConnectionUser } from "./connection-user.js";
import type { OpenConnection } from "./connection.js";
import type { LiveConsumer } from "./live-consumer.js";
import type { Exchange } from "./response-monitor.js";
import { eventExchange } from "./topology.js";

/** Milliseconds between two probes. */
const interval = 1000;

/**
 * Sends a small message through the exchange to this process's own live queue once a second, to detect that
 *
 * - the live queue has lost its bindings. A consumer is told when its queue is deleted, but not when its bindings are: after
 *   the exchange was deleted, the next publisher declares it again, and every live queue stays unbound and silent. When a
 *   probe is returned, or when the exchange does not exist, live delivery is set up again.
 * - the broker does not answer (response-monitor.ts). A probe has to be confirmed on the publishing connection, and to
 *   arrive on the consuming one. A process that publishes no events would not detect that otherwise.
 */
export class BindingProbe implements ConnectionUser {
  readonly #live: LiveConsumer;
  #sent = 0;
  #confirmed = 0;
  #arrived = 0;
  #blocked = false;

  constructor(live: LiveConsumer) {
    this.#live = live;
    live.setProbeReceiver(
      (body) => {
        const number = Number(body.toString("latin1"));
        if (number <= this.#sent) this.#arrived = Math.max(this.#arrived, number);
      },
      // Probes that were sent to an earlier queue no longer arrive.
      () => {
        this.#arrived = this.#sent;
      },
    );
  }

  get confirmed(): Exchange {
    return { sent: this.#sent, unanswered: after(this.#confirmed, this.#sent) };
  }

  get arrived(): Exchange {
    return { sent: this.#sent, unanswered: after(this.#arrived, this.#sent) };
  }

  /** A broker that blocks publishers says so: no probe is sent, and no answer is expected. */
  setBlocked(blocked: boolean): void {
    this.#blocked = blocked;
    this.#expectNothing();
  }

  /** @param connection the publishing one: RabbitMQ blocks a connection that publishes under an alarm, and must not block consuming */
  async attach(connection: OpenConnection): Promise<void> {
    this.setBlocked(false);
    let timer: NodeJS.Timeout | undefined;
    const channel = await connection.openChannel(
      (model) => model.createConfirmChannel(),
      () => {
        this.#expectNothing();
        if (connection.closing.aborted) return;
        this.#live.renew();
        connection.repair(() => this.attach(connection));
      },
    );
    channel.once("close", () => clearInterval(timer));
    channel.on("return", ({ fields }) => {
      if (fields.routingKey === this.#live.probeKey) this.#live.renew();
    });
    timer = setInterval(() => {
      const key = this.#live.probeKey;
      if (key === null || this.#blocked || connection.closing.aborted) return;
      const number = (this.#sent += 1);
      channel.publish(eventExchange.name, key, Buffer.from(String(number)), { mandatory: true }, () => {
        this.#confirmed = Math.max(this.#confirmed, number);
      });
    }, interval);
  }

  #expectNothing(): void {
    this.#confirmed = this.#sent;
    this.#arrived = this.#sent;
  }
}

function after(answered: number, sent: number): number | null {
  return answered < sent ? answered + 1 : null;
}
