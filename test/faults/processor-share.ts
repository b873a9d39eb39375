import { once } from "node:events";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";

/** Milliseconds that a measurement takes. */
const duration = 300;

/**
 * Measures which share of the machine's processors this process gets when it asks for all of them: 1 on a machine that is idle. Measured
 * while the system under test is idle too, it is what other processes, and other guests of the host, leave to it.
 */
export async function measureProcessorShare(): Promise<number> {
  const processors = availableParallelism();
  const spin = `const end = performance.now() + ${duration}; while (performance.now() < end);`;
  const [before, begin] = [process.cpuUsage(), performance.now()];
  const workers = Array.from({ length: processors }, () => new Worker(spin, { eval: true }));
  await Promise.all(workers.map((worker) => once(worker, "exit")));
  const { user, system } = process.cpuUsage(before);
  return Math.min(1, (user + system) / 1000 / ((performance.now() - begin) * processors));
}
