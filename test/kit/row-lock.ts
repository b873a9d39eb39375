import postgres from "postgres";
import { waitUntil } from "../services/wait-until.js";

/** A transaction of another session that holds rows, so that statements that want them wait: so they are certainly in progress. */
export interface RowLock extends AsyncDisposable {
  /** Takes more rows in the same transaction. */
  take(statement: string, parameters?: readonly string[]): Promise<void>;
  /** How many statements wait for a lock in this database. */
  blocked(): Promise<number>;
  /** Waits until `count` statements wait for a lock in this database. */
  waiting(count: number): Promise<void>;
  /** Whether there is a row that a statement with `for update` names, and nobody holds it. */
  isFree(statement: string, parameters?: readonly string[]): Promise<boolean>;
  /** Lets go: those that wait run one after the other, each as of when it was sent. */
  release(): Promise<void>;
}

/**
 * Takes the rows that a statement with `for update` names.
 * @throws Error when there are not `count` of them
 */
export async function lockRows(
  databaseUrl: string,
  statement: string,
  parameters: readonly string[],
  count: number,
): Promise<RowLock> {
  const sql = postgres(databaseUrl, { max: 2, onnotice: () => {} });
  const holder = await sql.reserve();
  await holder`BEGIN`;
  const rows = await holder.unsafe(statement, [...parameters]);
  if (rows.length !== count) throw new Error(`there are ${rows.length} rows to lock, not ${count}`);
  async function blocked(): Promise<number> {
    const waiters = await sql`
      SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    return waiters.length;
  }
  return {
    blocked,
    async take(text, values = []) {
      await holder.unsafe(text, [...values]);
    },
    waiting: (statements) =>
      waitUntil(`${statements} statements waiting`, async () => (await blocked()) === statements, {
        timeout: 10_000,
        interval: 5,
      }),
    async isFree(text, values = []) {
      const free = await sql.unsafe(`${text} skip locked`, [...values]);
      return free.length > 0;
    },
    async release() {
      await holder`COMMIT`;
    },
    [Symbol.asyncDispose]: () => sql.end({ timeout: 1 }),
  };
}

/** Takes the rows of inboxes that exist. */
export function lockInbox(databaseUrl: string, ...userIds: string[]): Promise<RowLock> {
  const places = userIds.map((_, index) => `$${index + 1}`).join(", ");
  const statement = `select from inboxes where user_id in (${places}) for update`;
  return lockRows(databaseUrl, statement, userIds, userIds.length);
}
