import type { GraphQLResolveInfo } from "graphql";
import { adminScope } from "../../auth/viewer.js";
import { encodeCursor, encodeListCursor } from "../../notifications/cursor.js";
import type { NewNotification } from "../../notifications/input.js";
import type { InboxHead, ListedNotification } from "../../notifications/queries.js";
import { requireInbox, requireSender, requireViewer } from "../authorization.js";
import type { Context } from "../context.js";
import type { CreateNotificationInput, Resolvers } from "../generated.js";
import { type SelectedInbox, selectedPage, selectedPages } from "../inbox-selection.js";
import { createPageInfoResolver } from "../pagination.js";

export const notificationResolvers = {
  Query: {
    notification: async (_parent, { id }, context) => {
      const viewer = requireViewer(context);
      return await context.notifications.notification(
        id,
        viewer.scopes.has(adminScope) ? null : viewer.userId,
      );
    },
    notifications: async (_parent, { userId, ...args }, context, info) => {
      requireInbox(context, userId);
      const { pages } = await context.notifications.inbox(userId, [selectedPage(args, info)]);
      return single(pages);
    },
    inbox: async (_parent, { userId }, context, info) => {
      requireInbox(context, userId);
      return await readInbox(userId, context, info);
    },
  },
  Mutation: {
    createNotification: async (_parent, { input }, context) => {
      const { userId: sender } = requireSender(context);
      const notifications = await context.notifications.create(sender, [toNew(input)], () => "input");
      return { notification: single(notifications) };
    },
    createNotifications: async (_parent, { inputs }, context) => {
      const { userId: sender } = requireSender(context);
      const notifications = await context.notifications.create(sender, inputs.map(toNew), bulkInputPath);
      return { notifications };
    },
    markNotificationsRead: async (_parent, { userId, ids }, context) => {
      requireInbox(context, userId);
      return await context.notifications.markRead(userId, ids);
    },
    markNotificationsUnread: async (_parent, { userId, ids }, context) => {
      requireInbox(context, userId);
      return await context.notifications.markUnread(userId, ids);
    },
    markAllNotificationsRead: async (_parent, { userId, upTo }, context) => {
      requireInbox(context, userId);
      return await context.notifications.markAllRead(userId, upTo ?? null);
    },
    deleteNotifications: async (_parent, { userId, ids }, context) => {
      requireInbox(context, userId);
      return await context.notifications.delete(userId, ids);
    },
    clearNotifications: async (_parent, { userId, upTo }, context) => {
      requireInbox(context, userId);
      return await context.notifications.clear(userId, upTo ?? null);
    },
  },
  NotificationsPayload: {
    inbox: (changed, _args, context, info) => inboxAfter(changed.inbox, context, info),
  },
  InboxPayload: { inbox: (changed, _args, context, info) => inboxAfter(changed.inbox, context, info) },
  DeleteNotificationsPayload: {
    deletedIds: ({ event }) => (event?.type === "deleted" ? event.payload.notificationIds : []),
    inbox: (changed, _args, context, info) => inboxAfter(changed.inbox, context, info),
  },
  Inbox: {
    userId: ({ head }) => head.userId,
    unreadCount: ({ head }) => head.unreadCount,
    totalCount: ({ head }) => head.totalCount,
    cursor: ({ head }) => encodeCursor(head.userId, head),
    notifications: ({ pages }, _args, _context, info) => {
      const page = pages.get(String(info.path.key));
      if (page === undefined) throw new Error(`the page ${info.path.key} was not read with its inbox`);
      return page;
    },
  },
  NotificationConnection: {
    edges: ({ items }) => items,
    nodes: ({ items }) => items.map(({ notification }) => notification),
    totalCount: ({ totalCount }) => {
      if (totalCount === null) throw new Error("the total was not read with its page");
      return totalCount;
    },
    pageInfo: createPageInfoResolver(cursorOf),
  },
  NotificationEdge: {
    cursor: cursorOf,
    node: ({ notification }) => notification,
  },
} satisfies Resolvers;

async function readInbox(userId: string, context: Context, info: GraphQLResolveInfo): Promise<SelectedInbox> {
  const selected = selectedPages(info);
  const { head, pages } = await context.notifications.inbox(userId, [...selected.values()]);
  return { head, pages: new Map([...selected.keys()].flatMap((key, index) => entry(key, pages[index]))) };
}

/** The command has returned the counts. Only if lists are selected, the inbox is read again, with the counts of that snapshot. */
function inboxAfter(
  head: InboxHead,
  context: Context,
  info: GraphQLResolveInfo,
): SelectedInbox | Promise<SelectedInbox> {
  if (selectedPages(info).size > 0) return readInbox(head.userId, context, info);
  return { head, pages: new Map() };
}

function bulkInputPath(index: number): string {
  return `inputs[${index}]`;
}

function entry<T>(key: string, value: T | undefined): [string, T][] {
  return value === undefined ? [] : [[key, value]];
}

function single<T>(items: readonly T[]): T {
  const [item] = items;
  if (item === undefined || items.length > 1) throw new Error(`expected one item, got ${items.length}`);
  return item;
}

function toNew(input: CreateNotificationInput): NewNotification {
  return {
    userId: input.userId,
    category: input.category,
    title: input.title,
    body: input.body ?? null,
    data: input.data ?? null,
    actionUrl: input.actionUrl ?? null,
    priority: input.priority ?? "NORMAL",
    expiresAt: input.expiresAt ?? null,
    idempotencyKey: input.idempotencyKey ?? null,
  };
}

function cursorOf({ createdSequence }: ListedNotification): string {
  return encodeListCursor(createdSequence);
}
