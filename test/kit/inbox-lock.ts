import postgres from "postgres";
import { waitUntil } from "../services/wait-until.js";

/** A transaction that holds inboxes, so that commands on them wait: so they are certainly in progress. */
export interface InboxLock extends AsyncDisposable {
  /** How many statements wait for the lock. */
  blocked(): Promise<number>;
  /** Waits until `count` statements wait for the lock. */
  waiting(count: number): Promise<void>;
  release(): Promise<void>;
}

/** Takes the rows of inboxes that exist. */
export async function lockInbox(databaseUrl: string, ...userIds: string[]): Promise<InboxLock> {
  const sql = postgres(databaseUrl, { max: 2 });
  const holder = await sql.reserve();
  await holder`BEGIN`;
  const rows = await holder`SELECT 1 FROM inboxes WHERE user_id IN ${sql(userIds)} FOR UPDATE`;
  if (rows.length !== userIds.length) throw new Error(`one of ${userIds.join(", ")} has no inbox yet`);
  async function blocked(): Promise<number> {
    const waiters = await sql`
      SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    return waiters.length;
  }
  return {
    blocked,
    waiting: (count) =>
      waitUntil(`${count} statements waiting for the inbox`, async () => (await blocked()) === count),
    async release() {
      await holder`COMMIT`;
    },
    [Symbol.asyncDispose]: () => sql.end({ timeout: 1 }),
  };
}
