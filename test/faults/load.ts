import { setMaxListeners } from "node:events";
import { token } from "../kit/app.js";
import type { Fleet } from "./fleet.js";
import { History } from "./history.js";
import { type Arrival, LiveTab } from "./live-tab.js";
import type { Random } from "./random.js";
import { Writers } from "./writers.js";

export interface LoadOptions {
  /** Mutations a second, over all instances. */
  readonly rate: number;
  readonly users: number;
  /** Of each user's tabs, those that stay, and those that come and go. */
  readonly staying: number;
  readonly roving: number;
}

export const usualLoad: LoadOptions = { rate: 100, users: 40, staying: 3, roving: 3 };

/** An event that took longer came late: not by live delivery, but by the log. Milliseconds. */
const late = 1000;

/** Long enough for the longest run, in seconds. */
const tokenLifetime = 24 * 60 * 60;

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

  static async open(options: LoadOptions, fleet: Fleet, random: Random): Promise<Load> {
    const users = Array.from({ length: options.users }, (_, index) => `user-${index}`);
    const tokens = await Promise.all(users.map((user) => token(user, "", tokenLifetime)));
    return new Load(options, users, tokens, fleet, random);
  }

  private constructor(
    options: LoadOptions,
    users: readonly string[],
    tokens: readonly string[],
    fleet: Fleet,
    random: Random,
  ) {
    const openTab = (name: string, index: number): LiveTab => {
      const tab = this.history.openTab(name, users[index] ?? "");
      const onArrival = (arrival: Arrival): void => this.#note(arrival);
      return new LiveTab(tab, tokens[index] ?? "", fleet, this.history, random.fork(name), onArrival);
    };
    const tabsNamed = (kind: string, count: number): LiveTab[] =>
      users.flatMap((user, index) =>
        Array.from({ length: count }, (_, number) => openTab(`${kind} tab ${number + 1} of ${user}`, index)),
      );
    this.#roving = tabsNamed("roving", options.roving);
    // Each of them waits for the end.
    setMaxListeners(this.#roving.length + 10, this.#stopping.signal);
    this.tabs = [...tabsNamed("staying", options.staying), ...this.#roving];
    this.#writers = new Writers({ rate: options.rate, users }, fleet, this.history, random.fork("writers"));
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
