/**
 * Receives the events that any process publishes. Delivery counts as interrupted until the first `resumed`; then
 * `interrupted` and `resumed` alternate. No method is called after the broker is disposed of. What a method throws is
 * logged and otherwise ignored.
 */
export interface LiveListener {
  /**
   * A message arrived: possibly a repeat, possibly out of order. `body` is as it was published, or garbage. It is a view
   * of a larger buffer: copy it to keep it.
   */
  message(body: Buffer): void;
  /** Live delivery is interrupted: messages published from now on may be lost or late. */
  interrupted(): void;
  /** Live delivery works: every message published from now on arrives; earlier ones may be missing. */
  resumed(): void;
}

/**
 * Delivers published events to every process that has a subscriber of their user.
 *
 * Guarantee: at most once for the process, with notice. Between `resumed` and `interrupted` every message of a watched user
 * arrives; repeats and reordering are possible. Nothing is stored for a process that is disconnected: the event log fills
 * the gap.
 */
export interface LiveBus {
  /** Sets the listener of this process. Called once, before the broker is started. */
  listen(listener: LiveListener): void;
  /**
   * Resolves when the messages of this user reach the listener: all those published afterwards, until `unwatch` or an
   * interruption. Idempotent. Does nothing where every message reaches every process.
   * @throws BrokerUnavailableError when disconnected; the watch is registered all the same, and is effective from the next
   * `resumed` on.
   */
  watch(userId: string): Promise<void>;
  unwatch(userId: string): void;
}
