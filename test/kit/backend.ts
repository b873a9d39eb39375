import {
  CreateNotificationDocument,
  type CreateNotificationInput,
  InboxDocument,
  type InboxQuery,
  MarkNotificationsReadDocument,
} from "../../src/client/generated.js";
import { backendToken, token } from "./app.js";
import { request } from "./requests.js";

/** A backend creates a notification; resolves with its id when it is acknowledged. */
export async function notify(
  url: string,
  userId: string,
  title: string,
  more: Partial<CreateNotificationInput> = {},
): Promise<string> {
  const input = { userId, title, category: "test", ...more };
  const data = await request(url, await backendToken(), CreateNotificationDocument, { input });
  return data.createNotification.notification.id;
}

/** A user marks notifications read. */
export async function markRead(url: string, userId: string, ids: string[]): Promise<void> {
  await request(url, await token(userId), MarkNotificationsReadDocument, { userId, ids });
}

/** A user looks into the inbox: the newest 100. */
export async function inboxOf(url: string, userId: string): Promise<InboxQuery["inbox"]> {
  const { inbox } = await request(url, await token(userId), InboxDocument, { userId, first: 100 });
  return inbox;
}
