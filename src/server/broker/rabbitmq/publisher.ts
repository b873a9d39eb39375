import { type ConfirmChannel, IllegalOperationError } from "amqplib";
import type { Log } from "../../telemetry/log.js";
import { BrokerUnavailableError } from "../errors.js";
import { describeError } from "../describe-error.js";
import { settlesWithin } from "../../scheduling/timeout.js";
import { Confirmation } from "./confirmation.js";
import type { Envelope } from "./envelope.js";
import type { ConnectionUser } from "./connection-user.js";
import type { OpenConnection } from "./connection.js";
import type { Exchange } from "./response-monitor.js";

export interface PublisherLimits {
  /** How many messages may be sent and not yet confirmed; more are refused at once. */
  readonly unconfirmed: number;
  /** How long a caller waits for the confirm of its message, ms. */
  readonly confirmTimeout: number;
}

/**
 * Publishes concurrently on a confirm channel. A message counts as unconfirmed until the channel answers for it, even if its
 * caller was told earlier that the confirm timed out or that the broker is blocked: otherwise a broker that accepts bytes and
 * confirms nothing would fill the memory of this process.
 */
export class Publisher implements ConnectionUser {
  readonly #log: Log;
  readonly #limits: PublisherLimits;
  /** By sequence number, the oldest first. */
  readonly #unconfirmed = new Map<number, Confirmation>();
  readonly #onReturned: (routingKey: string) => void;
  /** Messages that were returned because no queue is bound: the confirm that follows does not count. */
  readonly #returned = new Set<string>();
  #channel: ConfirmChannel | null = null;
  #sent = 0;
  #blocked = false;
  #responsive = true;
  #repairing = false;

  /** @param onReturned called with each routing key that has no queue */
  constructor(log: Log, limits: PublisherLimits, onReturned: (routingKey: string) => void) {
    this.#log = log;
    this.#limits = limits;
    this.#onReturned = onReturned;
  }

  get ready(): boolean {
    return this.#channel !== null;
  }

  get unconfirmed(): number {
    return this.#unconfirmed.size;
  }

  /** The published messages, and the oldest unconfirmed one; while blocked, no confirm is expected. */
  get published(): Exchange {
    const [oldest] = this.#blocked ? [] : this.#unconfirmed.keys();
    return { sent: this.#sent, unanswered: oldest ?? null };
  }

  async attach(connection: OpenConnection): Promise<void> {
    const channel = await connection.openChannel(
      (model) => model.createConfirmChannel(),
      () => {
        if (this.#channel !== channel) return;
        this.#channel = null;
        connection.repair(() => this.attach(connection));
      },
    );
    channel.on("return", ({ fields, properties }) => {
      this.#returned.add(identity({ ...fields, properties }));
      this.#onReturned(fields.routingKey);
      this.#repairQueues(connection);
    });
    this.#returned.clear();
    this.#channel = channel;
    this.#blocked = false;
    this.#repairing = false;
  }

  /** While blocked nothing is sent, and callers do not wait for confirms, which may take hours. */
  setBlocked(blocked: boolean): void {
    this.#blocked = blocked;
    if (!blocked) return;
    for (const confirmation of this.#unconfirmed.values()) {
      confirmation.reject("RabbitMQ has blocked publishing");
    }
  }

  /**
   * While the broker does not answer, nothing more is sent. Messages already sent can still be confirmed: otherwise a broker
   * that is merely slow would receive everything twice.
   */
  setResponsive(responsive: boolean): void {
    this.#responsive = responsive;
  }

  /** @throws BrokerUnavailableError at once when it cannot be sent, later when it is not confirmed. */
  async publish(envelope: Envelope): Promise<void> {
    if (this.#channel === null) throw new BrokerUnavailableError("not connected to RabbitMQ");
    if (this.#blocked) throw new BrokerUnavailableError("RabbitMQ has blocked publishing");
    if (!this.#responsive) throw new BrokerUnavailableError("RabbitMQ does not answer");
    if (this.#unconfirmed.size >= this.#limits.unconfirmed) {
      throw new BrokerUnavailableError(`${this.#unconfirmed.size} messages are unconfirmed`);
    }
    await this.#send(this.#channel, envelope).answer;
    const { exchange, routingKey, properties } = envelope;
    this.#log.debug(
      { event: properties.messageId, type: properties.type, exchange, routingKey },
      "published",
    );
  }

  /** Waits until every unconfirmed message has its answer, for at most `limit` ms. */
  async waitForConfirms(limit: number): Promise<void> {
    await settlesWithin(
      limit,
      Promise.allSettled([...this.#unconfirmed.values()].map(({ answer }) => answer)),
    );
  }

  #send(channel: ConfirmChannel, envelope: Envelope): Confirmation {
    const { exchange, routingKey, body, properties } = envelope;
    const number = this.#sent + 1;
    let confirmation: Confirmation | undefined;
    // Called once, asynchronously: with a confirm or a nack, or when the channel closes before either.
    const answered = (error: unknown) => {
      if (confirmation === undefined) return;
      this.#unconfirmed.delete(number);
      if (this.#returned.delete(identity(envelope))) confirmation.reject("no queue is bound");
      else if (error === null) confirmation.accept();
      else confirmation.reject(`not confirmed: ${describeError(error)}`);
    };
    try {
      channel.publish(exchange, routingKey, body, properties, answered);
    } catch (error) {
      // The channel is closed, and its 'close' event follows. Any other error is a fault in the message.
      if (!(error instanceof IllegalOperationError)) throw error;
      throw new BrokerUnavailableError("not connected to RabbitMQ", { cause: error });
    }
    confirmation = new Confirmation(this.#limits.confirmTimeout);
    this.#sent = number;
    this.#unconfirmed.set(number, confirmation);
    return confirmation;
  }

  /** A message reached no queue: queues or bindings were deleted. */
  #repairQueues(connection: OpenConnection): void {
    if (this.#repairing) return;
    this.#repairing = true;
    this.#log.warn("message returned: declaring queues again");
    connection.repair(async () => {
      this.#repairing = false;
    });
  }
}

/** Several queues may be sent a message with the same id at the same time. */
function identity({ exchange, routingKey, properties }: Omit<Envelope, "body">): string {
  return `${exchange} ${routingKey} ${properties.messageId ?? ""}`;
}
