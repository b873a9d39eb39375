/** Messages that the broker has to answer, numbered 1, 2, … in sending order. */
export interface Exchange {
  /** How many have been sent. */
  readonly sent: number;
  /** The lowest unanswered number; null: all are answered. */
  readonly unanswered: number | null;
}

export interface Exchanges {
  /** Published messages, answered by confirms. */
  readonly published: Exchange;
  /** Probes, answered by confirms. */
  readonly confirmedProbes: Exchange;
  /** Probes, answered by their arrival in this process's own queue. */
  readonly arrivedProbes: Exchange;
}

export interface ResponseLimits {
  /** An answer that was outstanding during this many checks is overdue. */
  readonly overdueAfter: number;
  /** After this many checks without an overdue answer the broker counts as responsive again. */
  readonly steadyAfter: number;
}

/**
 * Detects a broker that keeps its sockets open and does not answer in time: it is paused, the network drops packets, or it is
 * slower than live events may be late. Heartbeats detect the first two after a minute, and the third never.
 *
 *   responsive ──an answer is overdue──▶ unresponsive ──none was overdue for a while──▶ responsive
 *
 * Time is counted in checks rather than by the clock: a process that was paused itself makes one check, and then reads the
 * answers that wait in its sockets, instead of blaming the broker.
 */
export class ResponseMonitor {
  readonly #steadyAfter: number;
  readonly #published: OverdueCheck;
  readonly #confirmedProbes: OverdueCheck;
  readonly #arrivedProbes: OverdueCheck;
  #steadyChecks: number;
  #publishing = true;
  #consuming = true;

  constructor({ overdueAfter, steadyAfter }: ResponseLimits) {
    this.#steadyAfter = steadyAfter;
    this.#steadyChecks = steadyAfter;
    this.#published = new OverdueCheck(overdueAfter);
    this.#confirmedProbes = new OverdueCheck(overdueAfter);
    this.#arrivedProbes = new OverdueCheck(overdueAfter);
  }

  /** Compares the outstanding messages with those of earlier checks. Called at a constant interval. */
  check({ published, confirmedProbes, arrivedProbes }: Exchanges): void {
    const lateConfirm = this.#published.isOverdue(published);
    const lateProbe = this.#confirmedProbes.isOverdue(confirmedProbes);
    // A confirm may also be late because a single queue cannot accept its message: then probes are still confirmed.
    this.#publishing = !(lateProbe || (lateConfirm && confirmedProbes.unanswered !== null));
    this.#consuming = !this.#arrivedProbes.isOverdue(arrivedProbes);
    const isLate = lateConfirm || lateProbe || !this.#consuming;
    this.#steadyChecks = isLate ? 0 : Math.min(this.#steadyChecks + 1, this.#steadyAfter);
  }

  /** Published messages are confirmed in time. */
  get publishing(): boolean {
    return this.#publishing;
  }

  /** Published messages arrive in time. */
  get consuming(): boolean {
    return this.#consuming;
  }

  /** No answer was overdue during the last `steadyAfter` checks. */
  get responsive(): boolean {
    return this.#steadyChecks >= this.#steadyAfter;
  }
}

/** Remembers how many messages had been sent at each of the last checks. */
class OverdueCheck {
  readonly #checks: number;
  readonly #sent: number[] = [];

  constructor(checks: number) {
    this.#checks = checks;
  }

  isOverdue({ sent, unanswered }: Exchange): boolean {
    this.#sent.push(sent);
    const due = this.#sent.length > this.#checks ? (this.#sent.shift() ?? 0) : 0;
    return unanswered !== null && unanswered <= due;
  }
}
