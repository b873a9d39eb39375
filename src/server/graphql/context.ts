import type { Viewer } from "../auth/viewer.js";
import type { DeadLetterService } from "../delivery/dead-letters/service.js";
import type { WebhookService } from "../delivery/webhooks/service.js";
import type { Feed, FeedStart } from "../live/feed.js";
import type { NotificationService } from "../notifications/service.js";

/** The context of every resolver, over HTTP and WebSocket alike. */
export interface Context {
  /** null: the request has no token. */
  readonly viewer: Viewer | null;
  readonly notifications: NotificationService;
  readonly deadLetters: DeadLetterService;
  readonly webhooks: WebhookService;
  /** Opens a user's event stream. The caller must have checked that the viewer may read it. */
  openFeed(userId: string, start: FeedStart): Promise<Feed>;
}
