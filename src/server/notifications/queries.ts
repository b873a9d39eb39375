import { type SQL, sql } from "drizzle-orm";
import { validate as isUuid } from "uuid";
import { z } from "zod";
import type { Priority } from "../database/column-values.js";
import type { Database } from "../database/database.js";
import { jsonParameter } from "../database/sql-parameters.js";
import { currentEpoch } from "../database/epoch.js";
import { decodeListCursor } from "./cursor.js";
import { InvalidInputError } from "./errors.js";
import { checkPageSize, checkUserId, clampInstant, keepValidCategories, maxCategories } from "./input.js";
import { type Notification, notificationSchema } from "./notification.js";
import { hasExpired, isLive, notificationJson } from "./sql-fragments.js";

/** Counts of an inbox, and the head of its event stream: `epoch` and `sequence` make the cursor. */
export interface InboxHead {
  readonly userId: string;
  readonly epoch: string;
  /** Number of the last event; 0 before the first. */
  readonly sequence: number;
  readonly unreadCount: number;
  readonly totalCount: number;
}

/** An inbox and the pages that were asked for, in their order, all of one snapshot. */
export interface InboxSnapshot {
  readonly head: InboxHead;
  readonly pages: readonly NotificationPage[];
}

export interface PageRequest {
  readonly filter: NotificationFilter | null;
  /** 1 to 100. */
  readonly first: number;
  /** A list cursor. */
  readonly after: string | null;
  /** Whether to count what is on all pages. */
  readonly countAll: boolean;
}

export interface NotificationFilter {
  readonly read: boolean | null;
  readonly categories: readonly string[] | null;
  readonly priorities: readonly Priority[] | null;
  /** Exclusive. */
  readonly createdAfter: Date | null;
  /** Exclusive. */
  readonly createdBefore: Date | null;
}

/** Newest first. */
export interface NotificationPage {
  readonly items: readonly ListedNotification[];
  readonly hasNext: boolean;
  readonly hasPrevious: boolean;
  /** null where it was not asked for. */
  readonly totalCount: number | null;
}

/** A notification and its place in the list. */
export interface ListedNotification {
  readonly notification: Notification;
  readonly createdSequence: number;
}

const pageSchema = z.object({
  items: z.array(z.object({ notification: notificationSchema, createdSequence: z.int() })),
  totalCount: z.int().nullable(),
});

const snapshotSchema = z.object({
  epoch: z.string(),
  sequence: z.int(),
  unreadCount: z.int(),
  totalCount: z.int(),
  pages: z.array(pageSchema),
});

/**
 * Reads an inbox and pages of its list in one statement, so in one snapshot. A user without notifications has an empty inbox.
 * @throws InvalidInputError that names what is wrong with a page.
 */
export async function readInbox(
  database: Database,
  userId: string,
  requests: readonly PageRequest[],
): Promise<InboxSnapshot> {
  checkUserId(userId, "userId");
  const pages = requests.map((request) => pageJson(userId, request));
  const statement = sql`
    select json_build_object(
      'epoch', ${currentEpoch},
      'sequence', coalesce(inbox.last_sequence, 0),
      'unreadCount', coalesce(inbox.unread_count, 0) - expired.unread,
      'totalCount', coalesce(inbox.total_count, 0) - expired.total,
      'pages', json_build_array(${sql.join(pages, sql`, `)})
    ) as result
    from (
      select count(*)::int as total, (count(*) filter (where n.read_at is null))::int as unread
      from notifications n where n.user_id = ${userId} and ${hasExpired}
    ) expired
    left join inboxes inbox on inbox.user_id = ${userId}`;
  const { pages: rows, ...head } = await database.one(statement, snapshotSchema);
  return {
    head: { userId, ...head },
    pages: requests.map((request, index) => toPage(request, rows[index], head.totalCount)),
  };
}

/** One notification that has not expired, of this user or, with null, of anyone; null when there is none. */
export async function readNotification(
  database: Database,
  id: string,
  ownerId: string | null,
): Promise<Notification | null> {
  if (!isUuid(id)) return null;
  const ownedBy = ownerId === null ? sql`true` : sql`n.user_id = ${ownerId}`;
  const statement = sql`
    select ${notificationJson} as result from notifications n where n.id = ${id}::uuid and ${ownedBy} and ${isLive}`;
  const [notification] = await database.many(statement, notificationSchema);
  return notification ?? null;
}

/** `items` holds one more than asked for when another page follows. */
function toPage(
  request: PageRequest,
  row: z.output<typeof pageSchema> | undefined,
  inboxTotal: number,
): NotificationPage {
  const items = row?.items ?? [];
  const counted = request.filter === null ? inboxTotal : (row?.totalCount ?? null);
  return {
    items: items.slice(0, request.first),
    hasNext: items.length > request.first,
    hasPrevious: request.after !== null,
    totalCount: request.countAll ? counted : null,
  };
}

/** A page as a JSON expression. Served by notifications_list, or by notifications_unread when filtered by `read: false`. */
function pageJson(userId: string, { filter, first, after, countAll }: PageRequest): SQL {
  checkPageSize(first);
  const listed = sql`n.user_id = ${userId} and ${isLive} and ${filterCondition(filter)}`;
  const count = countAll && filter !== null;
  return sql`json_build_object(
    'items', (
      select coalesce(json_agg(json_build_object(
        'notification', ${notificationJson}, 'createdSequence', n.created_sequence) order by n.created_sequence desc), '[]')
      from (
        select n.* from notifications n where ${listed} and ${afterCondition(after)}
        order by n.created_sequence desc limit ${first + 1}::int
      ) n
    ),
    'totalCount', ${count ? sql`(select count(*)::int from notifications n where ${listed})` : sql`null::int`}
  )`;
}

function afterCondition(after: string | null): SQL {
  if (after === null) return sql`true`;
  const createdSequence = decodeListCursor(after);
  if (createdSequence === null) throw new InvalidInputError("after", "must be a cursor from this list");
  return sql`n.created_sequence < ${createdSequence}::int`;
}

function filterCondition(filter: NotificationFilter | null): SQL {
  if (filter === null) return sql`true`;
  const { read, categories, priorities, createdAfter, createdBefore } = filter;
  const conditions: SQL[] = [sql`true`];
  if (read !== null) conditions.push(read ? sql`n.read_at is not null` : sql`n.read_at is null`);
  if (categories !== null) {
    if (categories.length > maxCategories) {
      throw new InvalidInputError("filter.categories", `must be at most ${maxCategories}`);
    }
    conditions.push(isAnyOf(sql`n.category`, keepValidCategories(categories)));
  }
  if (priorities !== null) conditions.push(isAnyOf(sql`n.priority`, priorities));
  if (createdAfter !== null) conditions.push(sql`n.created_at > ${instantParameter(createdAfter)}`);
  if (createdBefore !== null) conditions.push(sql`n.created_at < ${instantParameter(createdBefore)}`);
  return sql.join(conditions, sql` and `);
}

function instantParameter(instant: Date): SQL {
  return sql`${clampInstant(instant).toISOString()}::timestamptz`;
}

function isAnyOf(column: SQL, values: readonly string[]): SQL {
  return sql`${column} in (select value from json_array_elements_text(${jsonParameter(values)}))`;
}
