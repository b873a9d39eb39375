import { setMaxListeners } from "node:events";
import type { Fleet } from "./fleet.js";
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
  readonly roving: number;
  readonly tokens: Tokens;
}

const usualLoad = { rate: 100, users: 40, staying: 3, roving: 3 };

/** An event that took longer came late: not by live delivery, but by the log. Milliseconds. */
const late = 1000;

/** Writers and subscribers at a steady pace, whatever becomes of the instances, and all that they saw. */
export class Load implements AsyncDisposable {
  readonly history = new History();
  readonly tabs: readonly LiveTab[];
  /** The longest that any subscriber who was there waited for an event, in milliseconds. */
  longestSilence = 0;
  /** When the last event came late; milliseconds since 1970. */
  lastLate = 0;
  readonly #writers: Writers;
  readonly #roving: readonly LiveTab[];
  readonly #stopping = new AbortController();
  #loops: Promise<unknown> = Promise.resolve();

  /** @param options those that differ from the usual ones */
  constructor(options: Partial<LoadOptions>, fleet: Fleet, random: Random) {
    const {
      rate,
      users: userCount,
      staying,
      roving,
      tokens,
    } = { ...usualLoad, tokens: lastingTokens(), ...options };
    const users = Array.from({ length: userCount }, (_, index) => `user-${index}`);
    const openTab = (name: string, user: string): LiveTab => {
      const tab = this.history.openTab(name, user);
      const onArrival = (arrival: Arrival): void => this.#note(arrival);
      return new LiveTab(tab, tokens, fleet, this.history, random.fork(name), onArrival);
    };
    const tabsNamed = (kind: string, count: number): LiveTab[] =>
      users.flatMap((user) =>
        Array.from({ length: count }, (_, number) => openTab(`${kind} tab ${number + 1} of ${user}`, user)),
      );
    this.#roving = tabsNamed("roving", roving);
    // Each of them waits for the end.
    setMaxListeners(this.#roving.length + 10, this.#stopping.signal);
    this.tabs = [...tabsNamed("staying", staying), ...this.#roving];
    this.#writers = new Writers({ rate, users, tokens }, fleet, this.history, random.fork("writers"));
  }

  openTabs(): void {
    for (const tab of this.tabs) tab.open();
  }

  start(): void {
    this.#writers.start();
    this.#loops = Promise.all(this.#roving.map((tab) => tab.rove(this.#stopping.signal)));
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
