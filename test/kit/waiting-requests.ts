import { waitUntil } from "../services/wait-until.js";

/** How many requests of an instance wait for a database connection. */
export async function countWaiting(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^carillon_waiting_requests (\d+)$/m.exec(metrics)?.[1]);
}

/** Resolves when at least `count` requests of an instance wait for a database connection. */
export async function untilWaiting(url: string, count: number): Promise<void> {
  let waiting = Number.NaN;
  await waitUntil(
    `${count} requests waiting`,
    async () => {
      waiting = await countWaiting(url);
      return waiting >= count;
    },
    { interval: 5, detail: () => `${waiting} wait` },
  );
}
