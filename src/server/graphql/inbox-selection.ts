import { type FieldNode, getArgumentValues, type GraphQLResolveInfo, isObjectType } from "graphql";
import type {
  InboxHead,
  NotificationFilter,
  NotificationPage,
  PageRequest,
} from "../notifications/queries.js";
import type { QueryNotificationsArgs } from "./generated.js";
import { selectedFields } from "./selected-fields.js";

/**
 * An inbox is read in one snapshot with all pages that are selected under it. Fields of type Inbox therefore look ahead at the selection
 * and read all pages at once; `Inbox.notifications` then finds its page by its response key.
 */
export interface SelectedInbox {
  readonly head: InboxHead;
  readonly pages: ReadonlyMap<string, NotificationPage>;
}

export type PageArguments = Pick<QueryNotificationsArgs, "after" | "filter" | "first">;

/** The number of items on a page when `first` is absent. */
export const defaultPageSize = 20;

/** The pages that are selected under a field of type Inbox, by response key. */
export function selectedPages(info: GraphQLResolveInfo): Map<string, PageRequest> {
  const pages = new Map<string, PageRequest>();
  for (const [key, fields] of selectedFields(info.fieldNodes, info)) {
    const [field] = fields;
    if (field?.name.value !== "notifications") continue;
    pages.set(key, toPageRequest(pageArguments(field, info), fields, info));
  }
  return pages;
}

/** The page that a field of type NotificationConnection requests. */
export function selectedPage(args: PageArguments, info: GraphQLResolveInfo): PageRequest {
  return toPageRequest(args, info.fieldNodes, info);
}

/** Whether `totalCount` is selected under a connection field. */
export function isTotalSelected(info: GraphQLResolveInfo): boolean {
  return selectsTotal(info.fieldNodes, info);
}

/** The arguments of `Inbox.notifications`, coerced by the schema to this type. */
function pageArguments(field: FieldNode, { schema, variableValues }: GraphQLResolveInfo): PageArguments {
  const inbox = schema.getType("Inbox");
  const definition = isObjectType(inbox) ? inbox.getFields()["notifications"] : undefined;
  if (definition === undefined) throw new Error("the schema has no Inbox.notifications");
  return getArgumentValues(definition, field, variableValues);
}

function toPageRequest(
  { filter, first, after }: PageArguments,
  fields: readonly FieldNode[],
  info: GraphQLResolveInfo,
): PageRequest {
  return {
    filter: toFilter(filter),
    first: first ?? defaultPageSize,
    after: after ?? null,
    countAll: selectsTotal(fields, info),
  };
}

function selectsTotal(fields: readonly FieldNode[], info: GraphQLResolveInfo): boolean {
  const selected = [...selectedFields(fields, info).values()].flat();
  return selected.some(({ name }) => name.value === "totalCount");
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
