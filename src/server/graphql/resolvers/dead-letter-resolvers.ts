import { jsonOf, textOf } from "../../delivery/dead-letters/body.js";
import { encodeDeadLetterCursor } from "../../delivery/dead-letters/list.js";
import { type DeadLetterFilter as Filter, selectionOf } from "../../delivery/dead-letters/selection.js";
import { requireAdmin } from "../authorization.js";
import type { DeadLetterFilter, Resolvers } from "../generated.js";
import { defaultPageSize, isTotalSelected } from "../inbox-selection.js";
import { createPageInfoResolver } from "../pagination.js";

export const deadLetterResolvers = {
  Query: {
    deadLetters: async (_parent, { filter, first, after }, context, info) => {
      requireAdmin(context);
      return await context.deadLetters.list({
        filter: toFilter(filter),
        first: first ?? defaultPageSize,
        after: after ?? null,
        countAll: isTotalSelected(info),
      });
    },
  },
  Mutation: {
    retryDeadLetters: async (_parent, { ids, filter }, context) => {
      requireAdmin(context);
      return { count: await context.deadLetters.retry(selectionOf(ids ?? null, toFilter(filter))) };
    },
    discardDeadLetters: async (_parent, { ids, filter }, context) => {
      requireAdmin(context);
      return { count: await context.deadLetters.discard(selectionOf(ids ?? null, toFilter(filter))) };
    },
  },
  DeadLetterConnection: {
    edges: ({ items }) => items,
    nodes: ({ items }) => items,
    totalCount: ({ totalCount }) => {
      if (totalCount === null) throw new Error("the total was not read with its page");
      return totalCount;
    },
    pageInfo: createPageInfoResolver(encodeDeadLetterCursor),
  },
  DeadLetterEdge: {
    cursor: encodeDeadLetterCursor,
    node: (deadLetter) => deadLetter,
  },
  DeadLetter: {
    eventId: ({ messageId }) => messageId,
    payload: ({ body }) => jsonOf(body),
    body: ({ body }) => textOf(body),
  },
} satisfies Resolvers;

function toFilter(filter: DeadLetterFilter | null | undefined): Filter | null {
  if (filter === null || filter === undefined) return null;
  return {
    queue: filter.queue ?? null,
    type: filter.type ?? null,
    reason: filter.reason ?? null,
    failedAfter: filter.failedAfter ?? null,
    failedBefore: filter.failedBefore ?? null,
  };
}
