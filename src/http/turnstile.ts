/**
 * Lets so many callers pass in each turn of the event loop, first come, first served: what is in flight gets a share of every
 * turn, where a crowd that arrives at once would have one long turn to itself.
 */
export function createTurnstile(perTurn: number): () => Promise<void> {
  const waiting: (() => void)[] = [];

  function turn(): void {
    for (const pass of waiting.splice(0, perTurn)) pass();
    if (waiting.length > 0) setImmediate(turn);
  }

  return async () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      if (waiting.length === 1) setImmediate(turn);
    });
}
