import type { GraphQLResolveInfo } from "graphql";
import { parseResolveInfo, type ResolveTree } from "graphql-parse-resolve-info";
import type {
  InboxHead,
  NotificationFilter,
  NotificationPage,
  PageRequest,
} from "../notifications/queries.js";
import type { QueryNotificationsArgs } from "./generated.js";

/**
 * An inbox is read in one snapshot with every page that is selected under it. So the field that gives the inbox looks ahead
 * at the selection, and reads all pages at once; `Inbox.notifications` then finds its page by its response key.
 */
export interface InboxSource {
  readonly head: InboxHead;
  readonly pages: ReadonlyMap<string, NotificationPage>;
}

export type PageArguments = Pick<QueryNotificationsArgs, "after" | "filter" | "first">;

/** Items of a page where nobody says how many. */
export const defaultPageSize = 20;

/** The pages that are selected under a field of type Inbox, by their response keys. */
export function selectedPages(info: GraphQLResolveInfo): Map<string, PageRequest> {
  const pages = new Map<string, PageRequest>();
  const fields = treeOf(info).fieldsByTypeName["Inbox"] ?? {};
  for (const [key, field] of Object.entries(fields)) {
    // The arguments were coerced by the schema, which knows no others for this field.
    if (field.name === "notifications") pages.set(key, toPageRequest(field.args, field));
  }
  return pages;
}

/** The page that a field of type NotificationConnection asks for. */
export function selectedPage(args: PageArguments, info: GraphQLResolveInfo): PageRequest {
  return toPageRequest(args, treeOf(info));
}

/** Whether a field of a connection's type is asked for its total. */
export function isTotalSelected(info: GraphQLResolveInfo): boolean {
  return asksForTotal(treeOf(info));
}

function toPageRequest({ filter, first, after }: PageArguments, field: ResolveTree): PageRequest {
  return {
    filter: toFilter(filter),
    first: first ?? defaultPageSize,
    after: after ?? null,
    countAll: asksForTotal(field),
  };
}

function asksForTotal({ fieldsByTypeName }: ResolveTree): boolean {
  const selected = Object.values(fieldsByTypeName).flatMap((fields) => Object.values(fields));
  return selected.some(({ name }) => name === "totalCount");
}

function toFilter(filter: PageArguments["filter"]): NotificationFilter | null {
  if (filter === null || filter === undefined) return null;
  return {
    read: filter.read ?? null,
    categories: filter.categories ?? null,
    priorities: filter.priorities ?? null,
    createdAfter: filter.createdAfter ?? null,
    createdBefore: filter.createdBefore ?? null,
  };
}

function treeOf(info: GraphQLResolveInfo): ResolveTree {
  const tree = parseResolveInfo(info);
  if (!isResolveTree(tree)) throw new Error("a field with sub-fields has no selection");
  return tree;
}

/** The library's other answer is for other options. */
function isResolveTree(tree: ReturnType<typeof parseResolveInfo>): tree is ResolveTree {
  return tree !== null && tree !== undefined && "fieldsByTypeName" in tree;
}
