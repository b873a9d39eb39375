import type { Viewer } from "../../auth/viewer.js";
import { mayUseInbox } from "../../auth/viewer.js";
import { decodeDeadLetterCursor } from "../../delivery/dead-letters/list.js";
import { isAttemptCursor } from "../../delivery/webhooks/attempt-store.js";
import type { FeedItem, FeedStart } from "../../live/feed.js";
import { decodeCursor, decodeListCursor } from "../../notifications/cursor.js";
import { InvalidInputError } from "../../notifications/errors.js";
import { checkUserId } from "../../notifications/input.js";
import { requireInbox } from "../authorization.js";
import type { Resolvers } from "../generated.js";

export const subscriptionResolvers = {
  Subscription: {
    notificationEvents: {
      subscribe: async (_root, { userId, after }, context) => {
        const viewer = requireInbox(context, userId);
        checkUserId(userId, "userId");
        const feed = await context.openFeed(userId, feedStartFor(userId, after ?? null));
        return new AuthorizedEventStream(feed, viewer, userId);
      },
    },
  },
} satisfies Resolvers;

/**
 * An unknown or outdated cursor is answered with InboxReset. The cursor of a list is an error: it is not a position in the stream, and
 * after InboxReset its client would only send it again.
 * @throws InvalidInputError for the cursor of a list
 */
function feedStartFor(userId: string, after: string | null): FeedStart {
  if (after === null) return "now";
  if (isListCursor(after)) {
    throw new InvalidInputError("after", "must be the cursor of an event or of the inbox, not of a list");
  }
  return decodeCursor(userId, after) ?? "unknown";
}

/** Whether it is a cursor of notifications, dead letters or webhook attempts. */
function isListCursor(cursor: string): boolean {
  return (
    decodeListCursor(cursor) !== null || decodeDeadLetterCursor(cursor) !== null || isAttemptCursor(cursor)
  );
}

interface Payload {
  readonly notificationEvents: FeedItem;
}

/**
 * Converts a feed into payloads of the subscription, and filters it: a feed contains one user's items only, and even if it did not, items of
 * other users, or that the viewer may not see, would be dropped. It is an object, because a generator cannot be closed while
 * it awaits.
 */
class AuthorizedEventStream implements AsyncIterableIterator<Payload, undefined> {
  readonly #feed: AsyncIterator<FeedItem, undefined>;
  readonly #isVisible: (item: FeedItem) => boolean;

  constructor(feed: AsyncIterator<FeedItem, undefined>, viewer: Viewer, userId: string) {
    this.#feed = feed;
    this.#isVisible = (item) => item.userId === userId && mayUseInbox(viewer, item.userId);
  }

  async next(): Promise<IteratorResult<Payload, undefined>> {
    for (;;) {
      const { done, value } = await this.#feed.next();
      if (done === true) return { done, value };
      if (this.#isVisible(value)) return { done: false, value: { notificationEvents: value } };
    }
  }

  async return(): Promise<IteratorResult<Payload, undefined>> {
    await this.#feed.return?.();
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<IteratorResult<Payload, undefined>> {
    await this.#feed.return?.();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
