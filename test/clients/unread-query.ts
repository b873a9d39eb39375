import type { TypedDocumentNode } from "../../src/client/typed-document-node.js";
import { parse } from "graphql";
import type { InboxQuery } from "../../src/client/generated.js";

/** A query as an application may write its own: what is unread, by a filter. */
export const UnreadDocument: TypedDocumentNode<InboxQuery, { userId: string }> = parse(`
  query Unread($userId: ID!) {
    inbox(userId: $userId) {
      __typename
      userId
      unreadCount
      totalCount
      cursor
      notifications(filter: { read: false }) {
        __typename
        nodes { __typename id userId category title body data actionUrl priority createdAt readAt expiresAt }
        pageInfo { __typename hasNextPage endCursor }
      }
    }
  }
`);
