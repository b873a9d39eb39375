import type { Viewer } from "../auth/viewer.js";
import type { DeadLetterOffice } from "../delivery/dead-letters/office.js";
import type { WebhookService } from "../delivery/webhooks/service.js";
import type { Feed, FeedStart } from "../live/feed.js";
import type { NotificationService } from "../notifications/service.js";

/** What every resolver is given, over HTTP and WebSocket alike. */
export interface Context {
  /** null: nobody said who is asking. */
  readonly viewer: Viewer | null;
  readonly notifications: NotificationService;
  readonly deadLetters: DeadLetterOffice;
  readonly webhooks: WebhookService;
  /** Opens a user's live stream. The caller has checked that the viewer may see it. */
  openFeed(userId: string, start: FeedStart): Promise<Feed>;
}
