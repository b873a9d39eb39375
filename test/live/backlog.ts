import postgres from "postgres";

/** Users among whom a backlog is divided. */
export const backlogUsers = 100;

/**
 * Writes events that nobody has published into the log of an empty, migrated database: what a broker leaves behind that was
 * away for long. They have been due for as long as an hour.
 */
export async function fillBacklog(databaseUrl: string, events: number): Promise<void> {
  await fillLog(databaseUrl, events, "now() - n * interval '1 hour' / total");
}

/** Writes events that were published long ago. */
export async function fillPublished(databaseUrl: string, events: number): Promise<void> {
  await fillLog(databaseUrl, events, "null");
}

async function fillLog(databaseUrl: string, events: number, publishAfter: string): Promise<void> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  try {
    await sql.unsafe(`
      with log as (
        insert into notification_events (user_id, sequence, id, type, occurred_at, unread_count, payload, publish_after)
        select 'user ' || n % ${backlogUsers}, n / ${backlogUsers} + 1, gen_random_uuid(), 'created',
          now() - interval '1 hour', n / ${backlogUsers} + 1,
          json_build_object('notification', json_build_object(
            'id', gen_random_uuid(), 'userId', 'user ' || n % ${backlogUsers}, 'category', 'backlog',
            'title', 'Number ' || n, 'body', repeat('x', 200), 'data', null, 'actionUrl', null, 'priority', 'NORMAL',
            'createdAt', now(), 'readAt', null, 'expiresAt', null)),
          ${publishAfter}
        from (select generate_series(0, ${events} - 1) as n, ${events} as total) numbers
        returning user_id, sequence
      )
      insert into inboxes (user_id, last_sequence, unread_count, total_count)
      select user_id, max(sequence), max(sequence), max(sequence) from log group by user_id`);
    await sql.unsafe("analyze");
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/**
 * Fills the inboxes of the same users with notifications, of which one in ten is unread and one in ten will expire, and makes
 * as many inboxes of others and idempotency keys.
 */
export async function fillNotifications(databaseUrl: string, notifications: number): Promise<void> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  try {
    await sql.unsafe(`
      insert into notifications
        (id, user_id, created_sequence, category, title, priority, created_at, read_at, expires_at)
      select gen_random_uuid(), 'user ' || n % ${backlogUsers}, n / ${backlogUsers} + 1, 'backlog', 'Number ' || n, 'NORMAL',
        now(), case when n / ${backlogUsers} % 10 = 0 then null else now() end,
        case when n / ${backlogUsers} % 10 = 1 then now() + interval '1 day' end
      from generate_series(0, ${notifications} - 1) n`);
    await sql.unsafe(`
      insert into inboxes (user_id) select 'other user ' || n from generate_series(1, ${notifications}) n;
      insert into idempotency_keys select 'backend', n::text, '{}', now() from generate_series(1, ${notifications}) n`);
    await sql.unsafe("analyze");
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** How many events of the log nobody has published. */
export function countUnpublished(databaseUrl: string): Promise<number> {
  return count(databaseUrl, "publish_after is not null");
}

/** How many events are in the log. */
export function countEvents(databaseUrl: string): Promise<number> {
  return count(databaseUrl, "true");
}

async function count(databaseUrl: string, condition: string): Promise<number> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  try {
    const [row] = await sql.unsafe<{ count: number }[]>(
      `select count(*)::int as count from notification_events where ${condition}`,
    );
    return row?.count ?? 0;
  } finally {
    await sql.end({ timeout: 5 });
  }
}
