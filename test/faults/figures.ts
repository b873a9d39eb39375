/** What a scenario came to; durations are milliseconds. */
export interface Figures {
  readonly attempts: number;
  readonly acknowledged: number;
  /** Events, over all subscribers. */
  readonly delivered: number;
  /** Of those, taken from the log instead of the broker. */
  readonly caughtUp: number;
  /** Events that were published from the log, since their first publisher had no confirm. */
  readonly relayed: number;
  readonly repeatsDropped: number;
  readonly unreadable: number;
  /** Mutations answered with SERVICE_UNAVAILABLE, and the longest that one waited for that. */
  readonly refused: number;
  readonly slowestRefusal: number;
  /** The longest that a subscriber who was there waited for an event. */
  readonly longestSilence: number;
  /** From the healing until all is well again. */
  readonly recovery: number;
  /** The part of the machine's processors that other processes left to the scenario: 0 to 1. */
  readonly processorShare: number;
}

export function figuresInWords(figures: Figures): string {
  const { attempts, acknowledged, delivered, caughtUp, relayed, repeatsDropped, unreadable } = figures;
  return [
    `${acknowledged} of ${attempts} mutations acknowledged`,
    `${delivered} events delivered`,
    `${caughtUp} caught up from the log`,
    `${relayed} relayed`,
    `${repeatsDropped} repeats dropped`,
    ...(unreadable > 0 ? [`${unreadable} unreadable`] : []),
    ...(figures.refused > 0 ? [`${figures.refused} refused within ${seconds(figures.slowestRefusal)}`] : []),
    `longest silence ${seconds(figures.longestSilence)}`,
    `recovery ${seconds(figures.recovery)}`,
    `with ${Math.round(figures.processorShare * 100)} % of the processors`,
  ].join(", ");
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
