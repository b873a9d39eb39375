/** How many tasks may wait, and for how long; without limits, any number for any time. */
export interface WaitLimits {
  /** The most tasks of one key that wait. */
  readonly maxWaiting: number;
  /** The longest that a task waits, ms. */
  readonly timeout: number;
}

/** A task was refused before it started. */
export class QueueRefusal extends Error {
  override readonly name = "QueueRefusal";

  constructor(readonly code: "QUEUE_FULL" | "QUEUE_TIMEOUT") {
    super(code === "QUEUE_FULL" ? "Too many tasks are waiting" : "The task waited too long");
  }
}

interface QueuedTask {
  start(): void;
}

/**
 * Runs at most `concurrency` tasks of one key at a time, first come, first served, and tasks of different keys
 * concurrently. With a concurrency of 1 it is a mutex for each key.
 */
export class KeyedQueue {
  readonly #concurrency: number;
  /** For each key the running tasks, then the waiting ones, in order. */
  readonly #tasks = new Map<string, QueuedTask[]>();
  #waiting = 0;

  /** @param concurrency how many tasks of one key run at the same time */
  constructor(concurrency: number) {
    this.#concurrency = concurrency;
  }

  /** How many tasks wait. */
  get waiting(): number {
    return this.#waiting;
  }

  /**
   * Settles as `work` does. The outcome of earlier tasks makes no difference.
   * @throws QueueRefusal when the task did not start, because too many wait or it waited too long
   */
  async run<T>(key: string, work: () => Promise<T>, limits: WaitLimits | null = null): Promise<T> {
    const tasks = this.#tasks.get(key) ?? [];
    if (tasks.length - this.#concurrency >= (limits?.maxWaiting ?? Infinity)) {
      throw new QueueRefusal("QUEUE_FULL");
    }
    const task: QueuedTask = { start() {} };
    this.#tasks.set(key, tasks);
    tasks.push(task);
    try {
      if (tasks.length > this.#concurrency) await this.#waitForTurn(task, limits?.timeout ?? null);
      return await work();
    } finally {
      const index = tasks.indexOf(task);
      tasks.splice(index, 1);
      // A running task has ended: the first of the waiting ones takes its place.
      if (index < this.#concurrency) tasks[this.#concurrency - 1]?.start();
      if (tasks.length === 0) this.#tasks.delete(key);
    }
  }

  async #waitForTurn(task: QueuedTask, timeout: number | null): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    this.#waiting += 1;
    try {
      await new Promise<void>((resolve, reject) => {
        task.start = resolve;
        const refuse = (): void => reject(new QueueRefusal("QUEUE_TIMEOUT"));
        if (timeout !== null) timer = setTimeout(refuse, timeout);
      });
    } finally {
      clearTimeout(timer);
      this.#waiting -= 1;
    }
  }
}
