import {
  CreateNotificationDocument,
  type CreateNotificationInput,
  InboxDocument,
  type InboxQuery,
  MarkNotificationsReadDocument,
} from "../../src/client/generated.js";
import { backendToken, token } from "./app.js";
import { ask, request } from "./requests.js";

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

/** A backend creates up to 1,000 notifications at once. */
export async function notifyMany(url: string, inputs: CreateNotificationInput[]): Promise<void> {
  const mutation = `mutation ($inputs: [CreateNotificationInput!]!) {
    createNotifications(inputs: $inputs) { notifications { id } }
  }`;
  const { errors } = await ask(url, await backendToken(), mutation, { inputs });
  if (errors !== undefined) throw new Error(`the notifications were not created: ${JSON.stringify(errors)}`);
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
