import postgres from "postgres";
import { waitUntil } from "../services/wait-until.js";

/** A transaction that holds a user's inbox, so that commands on it wait: a way to have them under way for certain. */
export interface InboxLock extends AsyncDisposable {
  /** Waits until `count` statements wait for the lock. */
  waiting(count: number): Promise<void>;
  release(): Promise<void>;
}

/** Takes the row of an inbox that exists. */
export async function lockInbox(databaseUrl: string, userId: string): Promise<InboxLock> {
  const sql = postgres(databaseUrl, { max: 2 });
  const holder = await sql.reserve();
  await holder`BEGIN`;
  const rows = await holder`SELECT 1 FROM inboxes WHERE user_id = ${userId} FOR UPDATE`;
  if (rows.length !== 1) throw new Error(`${userId} has no inbox yet`);
  return {
    waiting: (count) =>
      waitUntil(`${count} statements waiting for the inbox`, async () => {
        const waiters = await sql`
          SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
        return waiters.length === count;
      }),
    async release() {
      await holder`COMMIT`;
    },
    [Symbol.asyncDispose]: () => sql.end({ timeout: 1 }),
  };
}
