import { availableParallelism, loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { Closing } from "../../src/closing.js";
import { waitUntil } from "../services/wait-until.js";
import { type Allowances, check } from "./check.js";
import { figuresInWords, type Figures } from "./figures.js";
import { Fleet } from "./fleet.js";
import { Load, type LoadOptions } from "./load.js";
import { createRandom, type Random, seedOfRun } from "./random.js";
import { openWitness, type Witness } from "./truth.js";

/*
 * One fault under load, after the manner of Jepsen:
 *
 *   instances start ─ tabs open ─ load ── fault ── heal ── load ends ─ all tabs reach the head ─ check ─ one line of figures
 *                                  2.5 s    4 s     2.5 s
 *
 * With FAULTS_MINUTES the fault is made and healed again and again for that long. The seed decides what is written, where to
 * and when tabs come and go, but not how the processes interleave: the same seed gives the same plan, not the same run.
 */

/** The scene of a scenario, for those who make the fault. */
export interface Scene {
  readonly fleet: Fleet;
  readonly load: Load;
  readonly random: Random;
  readonly witness: Witness;
}

export interface Scenario {
  readonly name: string;
  readonly databaseUrl: string;
  readonly rabbitmqUrl: string;
  /** How many instances there are at first; 3 unless given. */
  readonly instances?: number;
  /** Variables of each instance. */
  readonly environment?: NodeJS.ProcessEnv;
  readonly load?: Partial<LoadOptions>;
  /** Starts the first instances, where it is not enough to start so many alike. */
  readonly startInstances?: (fleet: Fleet) => Promise<void>;
  readonly fault: (scene: Scene) => Promise<void>;
  /** Called when the fault has lasted; what it resolves with counts as healed. */
  readonly heal?: (scene: Scene) => Promise<void>;
  /** Milliseconds of load before, during and after the fault. */
  readonly pace?: Partial<Pace>;
  /** Called when everything is at rest again, and before the instances are ended. */
  readonly inspect?: (scene: Scene, figures: Figures) => Promise<void>;
  readonly bounds?: Partial<Bounds>;
  readonly allow?: Allowances;
}

interface Pace {
  readonly before: number;
  readonly during: number;
  readonly after: number;
}

/** Milliseconds. */
interface Bounds {
  /** The longest that a subscriber may wait for an event. */
  readonly silence: number;
  /** From the healing until the instances say that all is well, and events come at once again. */
  readonly recovery: number;
}

const usualPace: Pace = { before: 2500, during: 4000, after: 2500 };
const usualBounds: Bounds = { silence: 6000, recovery: 10_000 };

/** An instance that holds so many bytes more than before keeps what it should forget. */
const memoryGrowth = 200 * 2 ** 20;

const minutes = Number(process.env["FAULTS_MINUTES"] ?? 0);

/** For the tests' timeouts, in milliseconds. */
export const scenarioTimeout = 120_000 + minutes * 60_000;

const seed = seedOfRun();

/** Runs it, prints its figures, and fails on whatever is wrong. */
export async function runScenario(scenario: Scenario): Promise<Figures> {
  const closing = new Closing();
  const random = createRandom(seed).fork(scenario.name);
  const fleet = closing.use(new Fleet(environmentOf(scenario)));
  try {
    const witness = closing.use(openWitness(scenario.databaseUrl));
    await startFirst(scenario, fleet);
    const load = closing.use(new Load(scenario.load ?? {}, fleet, random));
    return await play(scenario, { fleet, load, random, witness });
  } catch (error) {
    process.stdout.write(`\n${scenario.name}: failed with FAULTS_SEED=${seed}\n${fleet.lastWords()}\n`);
    throw error;
  } finally {
    await closing[Symbol.asyncDispose]();
  }
}

function environmentOf({ databaseUrl, rabbitmqUrl, environment }: Scenario): NodeJS.ProcessEnv {
  return {
    DATABASE_URL: databaseUrl,
    RABBITMQ_URL: rabbitmqUrl,
    DATABASE_POOL_SIZE: "8",
    LOG_LEVEL: "warn",
    ...environment,
  };
}

async function startFirst({ startInstances, instances = 3 }: Scenario, fleet: Fleet): Promise<void> {
  if (startInstances !== undefined) await startInstances(fleet);
  else await Promise.all(Array.from({ length: instances }, () => fleet.start()));
}

async function play(scenario: Scenario, scene: Scene): Promise<Figures> {
  const { fleet, load, witness } = scene;
  load.openTabs();
  await waitUntil("Every tab's beginning", () => load.tabs.every(({ ready }) => ready), { timeout: 20_000 });
  await waitUntil("The instances' readiness", () => fleet.isReady(), { timeout: 20_000 });
  const memoryBefore = await fleet.memory();
  load.start();
  const recovery = await breakAndHeal(scenario, scene);
  await load.stopWriting();
  await reachHead(load, await witness.heads());
  await waitUntil("Publishing all that is in the log", async () => (await witness.unpublished()) === 0);
  const metrics = await fleet.metrics();
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
    strain: strainOfMachine(),
  };
  process.stdout.write(`${scenario.name}: ${figuresInWords(figures)} [FAULTS_SEED=${seed}]\n`);
  const wrong = [...check(load.history, await witness.truth(), scenario.allow), ...fleet.findings()];
  expect(wrong.slice(0, 20), `${wrong.length} findings`).toEqual([]);
  await scenario.inspect?.(scene, figures);
  const bounds = { ...usualBounds, ...scenario.bounds };
  expect(figures.longestSilence, "the longest silence").toBeLessThan(bounds.silence * figures.strain);
  expect(figures.recovery, "the recovery").toBeLessThan(bounds.recovery * figures.strain);
  expect((await fleet.memory()) - memoryBefore, "the growth of memory").toBeLessThan(memoryGrowth);
  return figures;
}

/** Makes the fault and heals it, once or as often as there is time. @returns the longest recovery. */
async function breakAndHeal(scenario: Scenario, scene: Scene): Promise<number> {
  const { before, during, after } = { ...usualPace, ...scenario.pace };
  const end = performance.now() + minutes * 60_000;
  let longest = 0;
  do {
    await sleep(before);
    await scenario.fault(scene);
    await sleep(during);
    await scenario.heal?.(scene);
    const healed = Date.now();
    await waitUntil("The instances' recovery", () => scene.fleet.isReady());
    const ready = Date.now();
    await sleep(after);
    longest = Math.max(longest, Math.max(ready, scene.load.lastLate) - healed);
  } while (performance.now() < end);
  return longest;
}

async function reachHead(load: Load, heads: ReadonlyMap<string, number>): Promise<void> {
  const behind = () => load.tabs.filter(({ userId, reached }) => reached < (heads.get(userId) ?? 0));
  // Generous: whoever does not come so far by then is lost, and the check says whose event it was.
  await waitUntil("Reaching the head", () => behind().length === 0, { timeout: 40_000 }).catch(
    () => undefined,
  );
}

/** How much more the machine had to do in the last minute than it can; 1 when it could do all. Bounds are stretched by it. */
function strainOfMachine(): number {
  return Math.max(1, (loadavg()[0] ?? 0) / availableParallelism());
}
