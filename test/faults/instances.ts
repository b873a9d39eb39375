import { ResourceStack } from "../../src/server/scheduling/resource-stack.js";
import { type Instance, startInstance } from "../kit/instance.js";
import { openLoadBalancer } from "../services/load-balancer.js";
import { type Metrics, readMetrics, sumOf } from "./metrics.js";
import type { Random } from "./random.js";

/**
 * The instances of a scenario, which are killed and started under the feet of the load: writers and subscribers ask it where
 * to go. An instance that ends without the instances's doing is a finding.
 */
export class InstanceGroup implements AsyncDisposable {
  readonly #environment: NodeJS.ProcessEnv;
  readonly #started: Instance[] = [];
  readonly #running: Instance[] = [];
  /** What those told that were ended on purpose. */
  readonly #last: Metrics[] = [];
  readonly #closing = new ResourceStack();
  #entry: string | null = null;

  /** @param environment of every instance */
  constructor(environment: NodeJS.ProcessEnv) {
    this.#environment = environment;
  }

  get running(): readonly Instance[] {
    return this.#running;
  }

  /**
   * Starts one more instance, with these variables besides those of all.
   * @param program what Node.js is to run instead of the service's own program
   */
  async start(environment: NodeJS.ProcessEnv = {}, program?: readonly string[]): Promise<Instance> {
    const instance = this.#closing.use(
      await startInstance({ ...this.#environment, ...environment }, program),
    );
    this.#started.push(instance);
    this.#running.push(instance);
    return instance;
  }

  /** From now on writers and subscribers go to a load balancer in front of all that run, for as long as the instances lasts. */
  async balance(): Promise<void> {
    const balancer = await openLoadBalancer(this.#running.map(({ url }) => url));
    this.#entry = this.#closing.use(balancer).url;
  }

  /** An instance's URL, or the load balancer's; when none runs, one that ran. */
  choose(random: Random): string {
    if (this.#entry !== null) return this.#entry;
    return random.pick(this.#running.length > 0 ? this.#running : this.#started).url;
  }

  /** Ends an instance on purpose, and sends nobody there any more. @returns its exit code; null after SIGKILL. */
  async end(instance: Instance, signal: "SIGKILL" | "SIGTERM"): Promise<number | null> {
    this.#last.push(await readMetrics(instance.url));
    this.forget(instance);
    return await instance.stop(signal);
  }

  /** Sends nobody there any more, and takes it that this instance ends by itself. */
  forget(instance: Instance): void {
    const index = this.#running.indexOf(instance);
    if (index !== -1) this.#running.splice(index, 1);
  }

  async metrics(): Promise<Metrics> {
    return sumOf([...this.#last, ...(await Promise.all(this.#running.map(({ url }) => readMetrics(url))))]);
  }

  /** The greatest memory of any that runs, in bytes. */
  async memory(): Promise<number> {
    const all = await Promise.all(this.#running.map(({ url }) => readMetrics(url)));
    return Math.max(0, ...all.map(({ memory }) => memory));
  }

  /** Whether all of them say that they, the database and the broker are well. */
  async isReady(): Promise<boolean> {
    const answers = await Promise.all(this.#running.map(isReady));
    return answers.every(Boolean);
  }

  /** What no fault may lead to: an instance that has ended by itself, or an error that nobody handled. */
  findings(): string[] {
    const ended = this.#running
      .filter(({ process }) => process.exitCode !== null || process.signalCode !== null)
      .map(({ url, process }) => `${url} ended with ${process.exitCode ?? process.signalCode}`);
    const outcries = this.#started.flatMap((instance) =>
      instance
        .output()
        .split("\n")
        .filter((line) => outcry.test(line))
        .map((line) => `${instance.url}: ${line.slice(0, 500)}`),
    );
    return [...ended, ...outcries];
  }

  /** Every line that any instance has written. */
  output(): string[] {
    return this.#started.flatMap((instance) => instance.output().split("\n"));
  }

  /** The last that each instance has written, for whoever has to find out why. */
  lastWords(): string {
    return this.#started.map((instance) => `${instance.url}\n${instance.output().slice(-4000)}`).join("\n");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#closing[Symbol.asyncDispose]();
  }
}

const outcry = /unhandled.?rejection|uncaught.?exception|MaxListenersExceeded|triggerUncaught/i;

async function isReady({ url }: Instance): Promise<boolean> {
  try {
    const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(3000) });
    const body: unknown = await response.json();
    return typeof body === "object" && body !== null && "status" in body && body.status === "ok";
  } catch {
    return false;
  }
}
