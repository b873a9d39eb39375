import postgres from "postgres";
import { waitUntil } from "../services/wait-until.js";

/** Another session that holds a user's inbox, so that commands on it pile up in the order in which they were sent. */
export interface HeldInbox extends AsyncDisposable {
  /** Resolves when this many statements wait for a lock in this database. */
  waiting(count: number): Promise<void>;
  /** Lets go: those that wait run one after the other, each as of when it was sent. */
  release(): Promise<void>;
}

export async function holdInbox(url: string, userId: string): Promise<HeldInbox> {
  const holder = postgres(url, { max: 1, onnotice: () => {} });
  const observer = postgres(url, { max: 1, onnotice: () => {} });
  await holder.unsafe("begin");
  await holder.unsafe("select from inboxes where user_id = $1 for update", [userId]);
  return {
    waiting: (count) =>
      waitUntil(
        `${count} statements waiting`,
        async () => {
          const rows = await observer.unsafe(
            "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
          );
          return rows.length === count;
        },
        { timeout: 10_000, interval: 5 },
      ),
    async release() {
      await holder.unsafe("commit");
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([holder.end({ timeout: 1 }), observer.end({ timeout: 1 })]);
    },
  };
}
