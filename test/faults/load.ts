import { setMaxListeners } from "node:events";
import type { InstanceGroup } from "./instances.js";
import { History } from "./history.js";
import { type Arrival, LiveTab } from "./live-tab.js";
import type { Random } from "./random.js";
import { lastingTokens, type Tokens } from "./tokens.js";
import { Writers } from "./writers.js";

export interface LoadOptions {
  /** Mutations a second, over all instances. */
  readonly rate: number;
  readonly users: number;
  /** Of each user's tabs, those that stay, and those that come and go. */
  readonly staying: number;
  readonly reconnecting: number;
  readonly tokens: Tokens;
  /** What the names of the users begin with. */
  readonly userPrefix: string;
}

/** Far from all that two cores can do, so that a fault's delays are told apart from those of a busy machine. */
const usualLoad = {
  rate: Number(process.env["FAULTS_RATE"] ?? 40),
  users: 16,
  staying: 3,
  reconnecting: 3,
  userPrefix: "",
};

/** An event that took longer came late: not by live delivery, but by the log. Milliseconds. */
const late = 1000;

/** Writers and subscribers at a steady pace, whatever becomes of the instances, and all that they saw. */
export class Load implements AsyncDisposable {
  readonly history = new History();
  readonly users: readonly string[];
  readonly tabs: readonly LiveTab[];
  /** The longest that any subscriber who was there waited for an event, in milliseconds. */
  longestSilence = 0;
  /** When the last event came late; milliseconds since 1970. */
  lastLate = 0;
  readonly #writers: Writers;
  readonly #staying: readonly LiveTab[];
  readonly #reconnecting: readonly LiveTab[];
  readonly #stopping = new AbortController();
  #loops: Promise<unknown> = Promise.resolve();

  /** @param options those that differ from the usual ones */
  constructor(options: Partial<LoadOptions>, instances: InstanceGroup, random: Random) {
    const {
      rate,
      users: userCount,
      staying,
      reconnecting,
      tokens,
      userPrefix,
    } = { ...usualLoad, tokens: lastingTokens(), ...options };
    const users = Array.from({ length: userCount }, (_, index) => `${userPrefix}user-${index}`);
    this.users = users;
    const openTab = (name: string, user: string): LiveTab => {
      const tab = this.history.openTab(name, user);
      const onArrival = (arrival: Arrival): void => this.#note(arrival);
      return new LiveTab(tab, tokens, instances, this.history, random.fork(name), onArrival);
    };
    const tabsNamed = (kind: string, count: number): LiveTab[] =>
      users.flatMap((user) =>
        Array.from({ length: count }, (_, number) => openTab(`${kind} tab ${number + 1} of ${user}`, user)),
      );
    this.#reconnecting = tabsNamed("reconnecting", reconnecting);
    // Each of them waits for the end.
    setMaxListeners(this.#reconnecting.length + 10, this.#stopping.signal);
    this.#staying = tabsNamed("staying", staying);
    this.tabs = [...this.#staying, ...this.#reconnecting];
    this.#writers = new Writers(
      { rate, users, tokens, keyPrefix: userPrefix },
      instances,
      this.history,
      random.fork("writers"),
    );
  }

  /** Has every tab that stays got an event of that time (milliseconds since 1970) or later? */
  hasReachedAll(time: number): boolean {
    return this.#staying.every(({ lastOccurredAt }) => lastOccurredAt > time);
  }

  openTabs(): void {
    for (const tab of this.tabs) tab.open();
  }

  start(): void {
    this.#writers.start();
    this.#loops = Promise.all(
      this.#reconnecting.map((tab) => tab.reconnectRepeatedly(this.#stopping.signal)),
    );
  }

  /** No more is written; the tabs stay open, to be given the rest. */
  async stopWriting(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([this.#writers.stop(), this.#loops]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stopWriting();
    await Promise.all(this.tabs.map((tab) => tab.close()));
  }

  #note({ waited, at }: Arrival): void {
    this.longestSilence = Math.max(this.longestSilence, waited);
    if (waited > late) this.lastLate = at;
  }
}
