import postgres from "postgres";
import { parseEvent } from "../../src/server/notifications/event.js";
import { type Change, changeInLog } from "./change.js";
import type { InboxState, GroundTruth } from "./check.js";

/** What the checker asks the database, beside the service. */
export interface GroundTruthReader extends AsyncDisposable {
  /** The epoch, and the sequence of the last event of each user who has any. */
  heads(): Promise<Heads>;
  /** How many events the broker has not confirmed, as far as the log knows. */
  unpublished(): Promise<number>;
  /** What the database holds of these users. */
  read(users: readonly string[]): Promise<GroundTruth>;
}

export interface Heads {
  readonly epoch: string;
  readonly sequences: ReadonlyMap<string, number>;
}

export function openGroundTruth(databaseUrl: string): GroundTruthReader {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {}, connect_timeout: 10 });
  return {
    async heads() {
      const rows = await sql<{ user_id: string; last_sequence: number }[]>`
        SELECT user_id, last_sequence FROM inboxes`;
      const [log] = await sql<{ epoch: string }[]>`SELECT epoch FROM event_log`;
      return {
        epoch: log?.epoch ?? "",
        sequences: new Map(rows.map((row) => [row.user_id, row.last_sequence])),
      };
    },
    async unpublished() {
      const [row] = await sql<{ count: number }[]>`
        SELECT count(*)::int AS count FROM notification_events WHERE publish_after IS NOT NULL`;
      return row?.count ?? 0;
    },
    async read(users) {
      return { log: await readLog(sql, users), inboxes: await readInboxes(sql, users) };
    },
    [Symbol.asyncDispose]: () => sql.end({ timeout: 1 }),
  };
}

async function readLog(sql: postgres.Sql, users: readonly string[]): Promise<Map<string, Change[]>> {
  const rows = await sql<{ event: unknown }[]>`
    SELECT json_build_object('id', id, 'userId', user_id, 'epoch', (SELECT epoch FROM event_log),
      'sequence', sequence, 'type', type, 'occurredAt', occurred_at, 'unreadCount', unread_count,
      'payload', payload) AS event
    FROM notification_events WHERE user_id = ANY(${users}) ORDER BY user_id, sequence`;
  const log = new Map<string, Change[]>();
  for (const row of rows) {
    const change = changeInLog(parseEvent(row.event));
    const changes = log.get(change.userId) ?? [];
    changes.push(change);
    log.set(change.userId, changes);
  }
  return log;
}

async function readInboxes(sql: postgres.Sql, users: readonly string[]): Promise<Map<string, InboxState>> {
  const rows = await sql<{ user_id: string; inbox: InboxState }[]>`
    SELECT user_id, json_build_object('lastSequence', last_sequence, 'unreadCount', unread_count,
      'totalCount', total_count,
      'unreadRows', (SELECT count(*) FROM notifications n WHERE n.user_id = i.user_id AND n.read_at IS NULL),
      'totalRows', (SELECT count(*) FROM notifications n WHERE n.user_id = i.user_id)) AS inbox
    FROM inboxes i WHERE i.user_id = ANY(${users})`;
  return new Map(rows.map(({ user_id, inbox }) => [user_id, inbox]));
}
