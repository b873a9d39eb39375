import postgres from "postgres";
import { parseEvent } from "../../src/notifications/event.js";
import { type Change, changeInLog } from "./change.js";
import type { InboxTruth, Truth } from "./check.js";

/** What the checker asks the database, beside the service. */
export interface Witness extends AsyncDisposable {
  /** The sequence of the last event of each user. */
  heads(): Promise<ReadonlyMap<string, number>>;
  /** How many events the broker has not confirmed, as far as the log knows. */
  unpublished(): Promise<number>;
  truth(): Promise<Truth>;
}

export function openWitness(databaseUrl: string): Witness {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {}, connect_timeout: 10 });
  return {
    async heads() {
      const rows = await sql<{ user_id: string; last_sequence: number }[]>`
        SELECT user_id, last_sequence FROM inboxes`;
      return new Map(rows.map((row) => [row.user_id, row.last_sequence]));
    },
    async unpublished() {
      const [row] = await sql<{ count: number }[]>`
        SELECT count(*)::int AS count FROM notification_events WHERE publish_after IS NOT NULL`;
      return row?.count ?? 0;
    },
    async truth() {
      return { log: await readLog(sql), inboxes: await readInboxes(sql) };
    },
    [Symbol.asyncDispose]: () => sql.end({ timeout: 1 }),
  };
}

async function readLog(sql: postgres.Sql): Promise<Map<string, Change[]>> {
  const rows = await sql<{ event: unknown }[]>`
    SELECT json_build_object('id', id, 'userId', user_id, 'epoch', (SELECT epoch FROM event_log),
      'sequence', sequence, 'type', type, 'occurredAt', occurred_at, 'unreadCount', unread_count,
      'payload', payload) AS event
    FROM notification_events ORDER BY user_id, sequence`;
  const log = new Map<string, Change[]>();
  for (const row of rows) {
    const change = changeInLog(parseEvent(row.event));
    const changes = log.get(change.userId) ?? [];
    changes.push(change);
    log.set(change.userId, changes);
  }
  return log;
}

async function readInboxes(sql: postgres.Sql): Promise<Map<string, InboxTruth>> {
  const rows = await sql<{ user_id: string; inbox: InboxTruth }[]>`
    SELECT user_id, json_build_object('lastSequence', last_sequence, 'unreadCount', unread_count,
      'totalCount', total_count,
      'unreadRows', (SELECT count(*) FROM notifications n WHERE n.user_id = i.user_id AND n.read_at IS NULL),
      'totalRows', (SELECT count(*) FROM notifications n WHERE n.user_id = i.user_id)) AS inbox
    FROM inboxes i`;
  return new Map(rows.map(({ user_id, inbox }) => [user_id, inbox]));
}
