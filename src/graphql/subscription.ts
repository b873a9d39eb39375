import type { Viewer } from "../auth/viewer.js";
import { mayUseInbox } from "../auth/viewer.js";
import type { FeedItem, FeedStart } from "../live/feed.js";
import { decodeCursor } from "../notifications/cursor.js";
import { checkUserId } from "../notifications/input.js";
import { requireInbox } from "./access.js";
import type { Resolvers } from "./generated.js";

export const subscriptionResolvers = {
  Subscription: {
    notificationEvents: {
      subscribe: async (_root, { userId, after }, context) => {
        const viewer = requireInbox(context, userId);
        checkUserId(userId, "userId");
        const feed = await context.openFeed(userId, startOf(userId, after ?? null));
        return new ViewerStream(feed, viewer, userId);
      },
    },
  },
} satisfies Resolvers;

function startOf(userId: string, after: string | null): FeedStart {
  return after === null ? "now" : (decodeCursor(userId, after) ?? "unknown");
}

interface Payload {
  readonly notificationEvents: FeedItem;
}

/**
 * The feed as the payloads of the subscription, and the filter: a feed bears one user's items, and an item of anyone else, or
 * one that the viewer may not see, would not pass even if it did. An object rather than a generator, because a generator
 * that waits cannot be closed.
 */
class ViewerStream implements AsyncIterableIterator<Payload, undefined> {
  readonly #feed: AsyncIterator<FeedItem, undefined>;
  readonly #mayPass: (item: FeedItem) => boolean;

  constructor(feed: AsyncIterator<FeedItem, undefined>, viewer: Viewer, userId: string) {
    this.#feed = feed;
    this.#mayPass = (item) => item.userId === userId && mayUseInbox(viewer, item.userId);
  }

  async next(): Promise<IteratorResult<Payload, undefined>> {
    for (;;) {
      const { done, value } = await this.#feed.next();
      if (done === true) return { done, value };
      if (this.#mayPass(value)) return { done: false, value: { notificationEvents: value } };
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
