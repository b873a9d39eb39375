/**
 * Creates a function that admits at most `perTick` callers per tick of the event loop, first come, first served, so that a connection
 * storm cannot starve live sockets.
 */
export function createConnectionThrottle(perTick: number): () => Promise<void> {
  const waiting: (() => void)[] = [];

  function tick(): void {
    for (const admit of waiting.splice(0, perTick)) admit();
    if (waiting.length > 0) setImmediate(tick);
  }

  return async () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      if (waiting.length === 1) setImmediate(tick);
    });
}
