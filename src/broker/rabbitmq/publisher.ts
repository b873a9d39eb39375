import { type ConfirmChannel, IllegalOperationError } from "amqplib";
import type { Log } from "../../telemetry/log.js";
import { BrokerUnavailableError } from "../broker.js";
import { describeError } from "../describe-error.js";
import { settledWithin } from "../within.js";
import { Confirmation } from "./confirmation.js";
import type { Envelope } from "./envelope.js";
import type { Link } from "./link.js";

export interface PublisherLimits {
  /** How many messages may be sent and not yet confirmed; more are refused at once. */
  readonly unconfirmed: number;
  /** How long a caller waits for the confirm of its message, ms. */
  readonly confirmTimeout: number;
}

/**
 * Publishes on a confirm channel, many messages at once. A message keeps its place among the unconfirmed until the channel
 * accounts for it, even if its caller was told earlier that it waited too long or that the broker is blocked: otherwise a
 * broker that takes bytes and confirms nothing would fill the memory of this process.
 */
export class Publisher {
  readonly #log: Log;
  readonly #limits: PublisherLimits;
  readonly #unconfirmed = new Set<Confirmation>();
  readonly #onReturned: (routingKey: string) => void;
  /** Messages that came back because no queue was bound; the confirm that follows does not count for them. */
  readonly #returned = new Set<string>();
  #channel: ConfirmChannel | null = null;
  #blocked = false;
  #mending = false;

  /** @param onReturned hears of each routing key that led to no queue */
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

  /** Stands on this connection from now on. */
  async attach(link: Link): Promise<void> {
    const channel = await link.openChannel(
      (model) => model.createConfirmChannel(),
      () => {
        if (this.#channel !== channel) return;
        this.#channel = null;
        link.mend(() => this.attach(link));
      },
    );
    channel.on("return", ({ fields, properties }) => {
      this.#returned.add(identity({ ...fields, properties }));
      this.#onReturned(fields.routingKey);
      this.#mendQueues(link);
    });
    this.#returned.clear();
    this.#channel = channel;
    this.#blocked = false;
    this.#mending = false;
  }

  /** While blocked nothing is sent, and callers do not wait for confirms that may be hours away. */
  setBlocked(blocked: boolean): void {
    this.#blocked = blocked;
    if (!blocked) return;
    for (const confirmation of this.#unconfirmed) confirmation.refuse("RabbitMQ has blocked publishing");
  }

  /** @throws BrokerUnavailableError at once when it cannot be sent, later when it is not confirmed. */
  async publish(envelope: Envelope): Promise<void> {
    if (this.#channel === null) throw new BrokerUnavailableError("not connected to RabbitMQ");
    if (this.#blocked) throw new BrokerUnavailableError("RabbitMQ has blocked publishing");
    if (this.#unconfirmed.size >= this.#limits.unconfirmed) {
      throw new BrokerUnavailableError(`${this.#unconfirmed.size} messages wait for their confirm already`);
    }
    await this.#send(this.#channel, envelope).answer;
    const { exchange, routingKey, properties } = envelope;
    this.#log.debug(
      { event: properties.messageId, type: properties.type, exchange, routingKey },
      "published",
    );
  }

  /** Waits until every caller has its answer, at most `limit` ms. */
  async drain(limit: number): Promise<void> {
    await settledWithin(limit, Promise.allSettled([...this.#unconfirmed].map(({ answer }) => answer)));
  }

  #send(channel: ConfirmChannel, envelope: Envelope): Confirmation {
    const { exchange, routingKey, body, properties } = envelope;
    let confirmation: Confirmation | undefined;
    // Called once, later: by a confirm or a refusal, or when the channel closes before either.
    const accounted = (error: unknown) => {
      if (confirmation === undefined) return;
      this.#unconfirmed.delete(confirmation);
      if (this.#returned.delete(identity(envelope))) confirmation.refuse("no queue is bound for it");
      else if (error === null) confirmation.accept();
      else confirmation.refuse(`not confirmed: ${describeError(error)}`);
    };
    try {
      channel.publish(exchange, routingKey, body, properties, accounted);
    } catch (error) {
      // The channel is closed already, and its 'close' event is about to say so. Anything else is a fault in the message.
      if (!(error instanceof IllegalOperationError)) throw error;
      throw new BrokerUnavailableError("not connected to RabbitMQ", { cause: error });
    }
    confirmation = new Confirmation(this.#limits.confirmTimeout);
    this.#unconfirmed.add(confirmation);
    return confirmation;
  }

  /** No queue took a message, so queues or bindings were removed from under us. */
  #mendQueues(link: Link): void {
    if (this.#mending) return;
    this.#mending = true;
    this.#log.warn("a message reached no queue: declaring the queues again");
    link.mend(async () => {
      this.#mending = false;
    });
  }
}

/** Many queues may be sent a message of one id at once. */
function identity({ exchange, routingKey, properties }: Omit<Envelope, "body">): string {
  return `${exchange} ${routingKey} ${properties.messageId ?? ""}`;
}
