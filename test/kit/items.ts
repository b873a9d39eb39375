import type { Received } from "./subscriber.js";

/** An item of a subscription in a few words: "1 NotificationCreated 'Your parcel'". Items without a sequence have no number. */
export function inWords(item: Received): string {
  if (item.__typename === "InboxReady" || item.__typename === "InboxReset") return item.__typename;
  const title = item.__typename === "NotificationCreated" ? ` '${item.notification.title}'` : "";
  return `${item.sequence} ${item.__typename}${title}`;
}

/** The titles that were created, in the order in which the user received them. */
export function titlesOf(items: readonly Received[]): string[] {
  return items.flatMap((item) =>
    item.__typename === "NotificationCreated" ? [item.notification.title] : [],
  );
}

/** The numbers of the events, without the marks between them. */
export function sequencesOf(items: readonly Received[]): number[] {
  return items.flatMap(({ __typename, sequence }) =>
    __typename === "InboxReady" || __typename === "InboxReset" ? [] : [sequence],
  );
}

/** 1 to `count`. */
export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
