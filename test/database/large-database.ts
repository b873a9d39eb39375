import postgres from "postgres";

/** The user with much of all that is in a large database. */
export const largeUser = "large";

/**
 * Fills every table of a migrated database and analyses it: 100,000 notifications, as many events and 5,000 users, of whom
 * one has a large share.
 */
export async function fillLargely(databaseUrl: string): Promise<void> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  try {
    await sql.unsafe(`
      insert into inboxes select 'user ' || n, 20, 10, 20 from generate_series(0, 4999) n;
      insert into inboxes values ('${largeUser}', 40000, 20000, 40000);
      insert into notifications
        (id, user_id, created_sequence, category, title, body, data, priority, created_at, read_at, expires_at)
      select gen_random_uuid(), user_id, sequence, 'category.' || n % 100, 'A title', repeat('x', 200), '{"a":1}',
        'NORMAL', now() - n * interval '1 second', case when n % 2 = 0 then now() end,
        case when n % 100 = 0 then now() + (n % 1000 - 100) * interval '1 minute' end
      from ${numbered};
      insert into notification_events
      select user_id, sequence, gen_random_uuid(), 'created', now() - n * interval '10 seconds', 1,
        json_build_object('notification', json_build_object(
          'id', gen_random_uuid(), 'userId', user_id, 'category', 'category.1', 'title', 'A title',
          'body', repeat('x', 200), 'data', null, 'actionUrl', null, 'priority', 'NORMAL', 'createdAt', now(),
          'readAt', null, 'expiresAt', null)),
        case when n % 100 = 0 then now() end
      from ${numbered};
      insert into idempotency_keys
      select 'backend', n::text, '{}', now() - n * interval '1 second' from generate_series(1, 100000) n;
      insert into webhook_endpoints (id, url, enabled, secret, created_at, updated_at)
      select gen_random_uuid(), 'https://example.com', true, 'whsec_', now(), now() from generate_series(1, 150);
      insert into webhook_attempts
      select gen_random_uuid(), w.id, gen_random_uuid(), 1, now() - n * interval '10 minutes', n % 2 = 0, 200, 10, null
      from webhook_endpoints w cross join generate_series(1, 500) n;
      insert into dead_letters
      select rpad(n::text, 43, '-'), 'notification.new', n::text, 'created', 4, repeat('abcd', 100), 'FAILED',
        'the handler failed', 3, now() - n * interval '1 minute', now() - n * interval '1 minute'
      from generate_series(1, 20000) n`);
    await sql.unsafe("analyze");
  } finally {
    await sql.end({ timeout: 5 });
  }
}

const numbered = `(
  select n, case when n < 40000 then '${largeUser}' else 'user ' || n % 5000 end as user_id,
    case when n < 40000 then n + 1 else (n - 40000) / 5000 + 1 end as sequence
  from generate_series(0, 99999) n) numbered`;
