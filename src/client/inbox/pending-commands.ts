import type { InboxState } from "./inbox-state.js";
import type { OptimisticChange } from "./optimistic-changes.js";

/** A command that is in progress, or that is done and whose event has not arrived yet. */
interface PendingCommand {
  readonly change: OptimisticChange;
  /** The head of the stream after the command; null while it is in progress. */
  cursor: string | null;
}

/** Shows what commands will do until their events arrive or they fail. */
export class PendingCommands {
  readonly #onChange: () => void;
  #pending: readonly PendingCommand[] = [];
  /** The cursors that the inbox has passed since the oldest pending command. */
  readonly #passed = new Set<string>();

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /**
   * @param send sends the command and resolves with the cursor of the inbox after it
   * @param current the inbox's cursor
   */
  async run(
    change: OptimisticChange,
    send: () => Promise<string>,
    current: () => string | null,
  ): Promise<void> {
    const pending: PendingCommand = { change, cursor: null };
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

  /** The inbox with all pending commands applied. */
  apply(state: InboxState): InboxState {
    return this.#pending.reduce((changed, { change }) => change(changed), state);
  }

  /** The inbox has passed this cursor. */
  pass(cursor: string): void {
    if (this.#pending.length === 0) return;
    this.#passed.add(cursor);
    this.#remove((one) => one.cursor === cursor);
  }

  /** The commands that are done by now. @returns removes them: call it when a snapshot that was requested later is there */
  finished(): () => void {
    const finished = new Set(this.#pending.filter(({ cursor }) => cursor !== null));
    return () => this.#remove((one) => finished.has(one));
  }

  #remove(isMeant: (pending: PendingCommand) => boolean): void {
    const kept = this.#pending.filter((one) => !isMeant(one));
    if (kept.length === this.#pending.length) return;
    this.#pending = kept;
    if (kept.length === 0) this.#passed.clear();
    this.#onChange();
  }
}
