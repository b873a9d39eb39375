import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { upTo } from "../kit/items.js";
import { waitUntil } from "../services/wait-until.js";
import { type Allowances, check } from "./check.js";
import { figuresInWords, type Figures } from "./figures.js";
import { InstanceGroup } from "./instances.js";
import { measureProcessorShare } from "./processor-share.js";
import { Load, type LoadOptions } from "./load.js";
import { createRandom, type Random, seedOfRun } from "./random.js";
import { differenceOf } from "./metrics.js";
import { type Heads, openGroundTruth, type GroundTruthReader } from "./ground-truth.js";

/*
 * Faults under load, after the manner of Jepsen. A testbed is one set of instances; scenarios run on it one after the other:
 *
 *   tabs open ─ load ─── fault ── heal ── load ends ─ all tabs reach the head ─ check ─ one line of figures
 *                    │        │         │
 *     every tab has got an    │         every tab has got an event
 *     event                 4 s         that is younger than the recovery
 *
 * Each scenario has users of its own, so that it is checked by itself. With FAULTS_MINUTES the fault is made and healed again
 * and again for that long. The seed decides what is written, where to and when tabs come and go, but not how the processes
 * interleave: the same seed gives the same plan, not the same run.
 */

/** What a scenario runs on, for the code that makes its fault. */
export interface ScenarioContext {
  readonly instances: InstanceGroup;
  readonly load: Load;
  readonly random: Random;
  readonly groundTruth: GroundTruthReader;
}

export interface TestbedOptions {
  readonly databaseUrl: string;
  readonly rabbitmqUrl: string;
  /** How many instances there are at first; 3 unless given. */
  readonly instances?: number;
  /** Variables of each instance. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Starts the first instances, where it is not enough to start several alike. */
  readonly startInstances?: (instances: InstanceGroup) => Promise<void>;
}

export interface Scenario {
  readonly name: string;
  readonly load?: Partial<LoadOptions>;
  readonly fault: (scene: ScenarioContext) => Promise<void>;
  /** Called when the fault has lasted; what it resolves with counts as healed. */
  readonly heal?: (scene: ScenarioContext) => Promise<void>;
  /** The fault cannot be made again. */
  readonly once?: boolean;
  /** How long the fault lasts once it is made, in milliseconds; 4,000 unless given. */
  readonly during?: number;
  /** Called when everything is at rest again, and before the instances are ended. */
  readonly inspect?: (scene: ScenarioContext, figures: Figures) => Promise<void>;
  readonly bounds?: Partial<Bounds>;
  /** Asked for when everything is at rest again. */
  readonly allow?: (scene: ScenarioContext) => Promise<Allowances>;
}

/** Milliseconds, on a machine that does nothing else; they are stretched as far as other processes delay this one. */
interface Bounds {
  /** The longest that a subscriber may wait for an event. */
  readonly silence: number;
  /** From the healing until the instances say that all is well, and events come at once again. */
  readonly recovery: number;
}

const usualDuration = 4000;
const usualBounds: Bounds = { silence: 6000, recovery: 10_000 };

/** An instance that holds more bytes than this beyond what it held before keeps what it should forget. */
const memoryGrowth = 200 * 2 ** 20;

const minutes = Number(process.env["FAULTS_MINUTES"] ?? 0);

/** For the tests' timeouts, in milliseconds. */
export const scenarioTimeout = 120_000 + minutes * 60_000;

const seed = seedOfRun();

/** One set of instances, on which scenarios run one after the other. */
export class Testbed implements AsyncDisposable {
  readonly #instances: InstanceGroup;
  readonly #groundTruth: GroundTruthReader;
  #scenarios = 0;

  private constructor(instances: InstanceGroup, groundTruth: GroundTruthReader) {
    this.#instances = instances;
    this.#groundTruth = groundTruth;
  }

  static async start(options: TestbedOptions): Promise<Testbed> {
    const testbed = new Testbed(
      new InstanceGroup(environmentOf(options)),
      openGroundTruth(options.databaseUrl),
    );
    try {
      await startFirst(options, testbed.#instances);
      return testbed;
    } catch (error) {
      await testbed[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Runs it, prints its figures, and fails on whatever is wrong. */
  async run(scenario: Scenario): Promise<Figures> {
    this.#scenarios += 1;
    const random = createRandom(seed).fork(scenario.name);
    const options = { userPrefix: `${this.#scenarios}-`, ...scenario.load };
    await using load = new Load(options, this.#instances, random);
    try {
      return await play(scenario, {
        instances: this.#instances,
        load,
        random,
        groundTruth: this.#groundTruth,
      });
    } catch (error) {
      const output = this.#instances.lastWords();
      process.stdout.write(`\n${scenario.name}: failed with FAULTS_SEED=${seed}\n${output}\n`);
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#instances[Symbol.asyncDispose](), this.#groundTruth[Symbol.asyncDispose]()]);
  }
}

/** Runs a scenario on a testbed of its own. */
export async function runScenario({ name, ...rest }: Scenario & TestbedOptions): Promise<Figures> {
  await using testbed = await Testbed.start(rest);
  return await testbed.run({ name, ...rest });
}

function environmentOf({ databaseUrl, rabbitmqUrl, environment }: TestbedOptions): NodeJS.ProcessEnv {
  return {
    DATABASE_URL: databaseUrl,
    RABBITMQ_URL: rabbitmqUrl,
    DATABASE_POOL_SIZE: "8",
    LOG_LEVEL: "warn",
    ...environment,
  };
}

async function startFirst(options: TestbedOptions, group: InstanceGroup): Promise<void> {
  if (options.startInstances !== undefined) await options.startInstances(group);
  else await Promise.all(upTo(options.instances ?? 3).map(() => group.start()));
}

async function play(scenario: Scenario, scene: ScenarioContext): Promise<Figures> {
  const { instances, load, groundTruth } = scene;
  load.openTabs();
  await waitUntil("Every tab's beginning", () => load.tabs.every(({ ready }) => ready), { timeout: 20_000 });
  await waitUntil("The instances' readiness", () => instances.isReady(), { timeout: 20_000 });
  const memoryBefore = await instances.memory();
  const metricsBefore = await instances.metrics();
  const shareBefore = await measureProcessorShare();
  load.start();
  const recovery = await breakAndHeal(scenario, scene);
  await load.stopWriting();
  await reachHead(load, await groundTruth.heads());
  await waitUntil("Publishing all that is in the log", async () => (await groundTruth.unpublished()) === 0);
  const metrics = differenceOf(await instances.metrics(), metricsBefore);
  const figures: Figures = {
    acknowledged: load.history.acknowledged,
    attempts: load.history.attempts.length,
    delivered: load.history.delivered,
    caughtUp: metrics.caughtUp,
    relayed: metrics.relayed,
    repeatsDropped: metrics.repeatsDropped,
    unreadable: metrics.unreadable,
    refused: load.history.errors.get("SERVICE_UNAVAILABLE") ?? 0,
    slowestRefusal: load.history.slowestError,
    longestSilence: load.longestSilence,
    recovery,
    processorShare: (shareBefore + (await measureProcessorShare())) / 2,
  };
  process.stdout.write(`${scenario.name}: ${figuresInWords(figures)} [FAULTS_SEED=${seed}]\n`);
  const wrong = [
    ...check(load.history, await groundTruth.read(load.users), await scenario.allow?.(scene)),
    ...instances.findings(),
  ];
  expect(wrong.slice(0, 20), `${wrong.length} findings`).toEqual([]);
  await scenario.inspect?.(scene, figures);
  const bounds = { ...usualBounds, ...scenario.bounds };
  const { longestSilence, recovery: longestRecovery, processorShare } = figures;
  expect(longestSilence, "the longest silence").toBeLessThan(bounds.silence / processorShare);
  expect(longestRecovery, "the recovery").toBeLessThan(bounds.recovery / processorShare);
  expect((await instances.memory()) - memoryBefore, "the growth of memory").toBeLessThan(memoryGrowth);
  return figures;
}

/** Makes the fault and heals it, once or as often as there is time. @returns the longest recovery, in milliseconds. */
async function breakAndHeal(scenario: Scenario, scene: ScenarioContext): Promise<number> {
  const { load } = scene;
  const end = performance.now() + minutes * 60_000;
  let longest = 0;
  do {
    await waitUntil("Everyone's first event", () => load.hasReachedAll(0), { timeout: 30_000 });
    await scenario.fault(scene);
    await sleep(scenario.during ?? usualDuration);
    await scenario.heal?.(scene);
    const healed = Date.now();
    await waitUntil("The instances' recovery", () => scene.instances.isReady());
    const ready = Date.now();
    await waitUntil("Everyone's event after the recovery", () => load.hasReachedAll(ready), {
      timeout: 40_000,
    });
    longest = Math.max(longest, Math.max(ready, load.lastLate) - healed);
  } while (scenario.once !== true && performance.now() < end);
  return longest;
}

async function reachHead(load: Load, { epoch, sequences }: Heads): Promise<void> {
  const behind = () =>
    load.tabs.filter((tab) => !tab.hasReached({ epoch, sequence: sequences.get(tab.userId) ?? 0 }));
  // Generous: whoever does not come so far by then is lost, and the check says whose event it was.
  await waitUntil("Reaching the head", () => behind().length === 0, { timeout: 40_000 }).catch(
    () => undefined,
  );
}
