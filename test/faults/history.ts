import type { Received } from "../kit/subscriber.js";
import { type Change, changeOf, inOneLine, isMark } from "./change.js";

/*
 * What happened in a run, as seen from outside: every attempt of every writer, and everything that every subscriber was
 * given. check.ts judges it.
 */

/** A mutation, with all its repeats. */
export interface Attempt {
  /** Unique in the run; of a creation, its idempotency key and its title. */
  readonly key: string;
  readonly kind: "create" | "read" | "delete" | "read-all" | "clear";
  readonly userId: string;
  /** The notifications that it names; of a creation, the one that it was answered, once it was. */
  ids: readonly string[];
  /**
   * ok: it was acknowledged. failed: it was refused as wrong, so it must have done nothing. unknown: it was not answered, so
   * it may have taken effect or not.
   */
  outcome: "unknown" | "ok" | "failed";
  /** How often it was sent. */
  tries: number;
  /** When it was sent last; milliseconds since 1970. */
  sentAt: number;
}

/** One item of a subscription. A mark is where live began, or where history was lost. */
export type Item =
  | Change
  | { readonly mark: "ready" | "reset"; readonly sequence: number; unreadCount: number };

/** What one subscriber was given, over all its connections. */
export interface Tab {
  readonly name: string;
  readonly userId: string;
  readonly items: Item[];
  /** When it was given the first of them; milliseconds since 1970. */
  beganAt: number | null;
  /** Ends that a client does not come back from by itself. */
  readonly failures: string[];
}

export class History {
  readonly attempts: Attempt[] = [];
  readonly tabs: Tab[] = [];
  /** How often a mutation was answered with an error of this code. */
  readonly errors = new Map<string, number>();
  /** The longest that a backend waited for an error, in milliseconds. */
  slowestError = 0;
  /** How often sockets were closed with this code. */
  readonly closes = new Map<number, number>();
  /** Many tabs are given the same event: it is kept once. */
  readonly #known = new Map<string, Change>();

  attempt(attempt: Pick<Attempt, "key" | "kind" | "userId" | "ids">): Attempt {
    const recorded: Attempt = { ...attempt, outcome: "unknown", tries: 0, sentAt: 0 };
    this.attempts.push(recorded);
    return recorded;
  }

  recordError(code: string, waited: number): void {
    this.errors.set(code, (this.errors.get(code) ?? 0) + 1);
    this.slowestError = Math.max(this.slowestError, waited);
  }

  recordClose(code: number): void {
    this.closes.set(code, (this.closes.get(code) ?? 0) + 1);
  }

  openTab(name: string, userId: string): Tab {
    const tab: Tab = { name, userId, items: [], beganAt: null, failures: [] };
    this.tabs.push(tab);
    return tab;
  }

  record(tab: Tab, item: Received, at = Date.now()): Item {
    const recorded = this.#read(item);
    tab.beganAt ??= at;
    tab.items.push(recorded);
    return recorded;
  }

  get acknowledged(): number {
    return this.attempts.filter(({ outcome }) => outcome === "ok").length;
  }

  get delivered(): number {
    return this.tabs.reduce((sum, { items }) => sum + items.filter((item) => !("mark" in item)).length, 0);
  }

  #read(item: Received): Item {
    if (isMark(item)) {
      const mark = item.__typename === "InboxReady" ? "ready" : "reset";
      return { mark, sequence: item.sequence, unreadCount: item.unreadCount };
    }
    const change = changeOf(item);
    const line = inOneLine(change);
    const known = this.#known.get(line) ?? change;
    this.#known.set(line, known);
    return known;
  }
}
