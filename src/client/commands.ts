import type { InboxState } from "./inbox-state.js";
import type { Change } from "./optimism.js";

/** A command that is under way, or that is done and whose event has not come yet. */
interface Pending {
  readonly change: Change;
  /** The head of the stream after it was done; null while it is under way. */
  cursor: string | null;
}

/** Shows what commands will do, until their events show it or they fail. */
export class Commands {
  readonly #onChange: () => void;
  #pending: readonly Pending[] = [];
  /** The cursors that the inbox came past since the oldest of them was given. */
  readonly #passed = new Set<string>();

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /**
   * @param send gives the command and resolves with the cursor of the inbox after it
   * @param current where the inbox stands
   */
  async run(change: Change, send: () => Promise<string>, current: () => string | null): Promise<void> {
    const pending: Pending = { change, cursor: null };
    this.#pending = [...this.#pending, pending];
    this.#onChange();
    try {
      pending.cursor = await send();
    } catch (error) {
      this.#remove((one) => one === pending);
      throw error;
    }
    if (pending.cursor === current() || this.#passed.has(pending.cursor))
      this.#remove((one) => one === pending);
  }

  /** The inbox as it will be. */
  apply(state: InboxState): InboxState {
    return this.#pending.reduce((changed, { change }) => change(changed), state);
  }

  /** The inbox has come past this cursor. */
  pass(cursor: string): void {
    if (this.#pending.length === 0) return;
    this.#passed.add(cursor);
    this.#remove((one) => one.cursor === cursor);
  }

  /** Those that are done by now. @returns takes them off, once a snapshot that was asked for later is there */
  done(): () => void {
    const done = new Set(this.#pending.filter(({ cursor }) => cursor !== null));
    return () => this.#remove((one) => done.has(one));
  }

  #remove(isMeant: (pending: Pending) => boolean): void {
    const kept = this.#pending.filter((one) => !isMeant(one));
    if (kept.length === this.#pending.length) return;
    this.#pending = kept;
    if (kept.length === 0) this.#passed.clear();
    this.#onChange();
  }
}
