import type { MouseEvent, ReactNode } from "react";
import type { Notification } from "@carillon/client";
import { linkOf } from "./action-url.js";
import { CheckIcon, DotIcon, TrashIcon } from "./icons.js";
import type { InboxLabels } from "./labels/labels.js";
import { relativeTime } from "./relative-time.js";

/** What the user can do with a notification. */
export interface ItemActions {
  /** The link was clicked: marks it as read, and lets the link lead where it leads. */
  readonly open: (notification: Notification, event: MouseEvent) => void;
  readonly toggleRead: (notification: Notification) => void;
  readonly remove: (notification: Notification) => void;
}

export interface NotificationItemProps {
  readonly notification: Notification;
  readonly labels: InboxLabels;
  readonly locale: string | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly actions: ItemActions;
  /** The id of the element that labels the article. */
  readonly titleId: string;
  /** Is it the item that the Tab key moves into? */
  readonly isActive: boolean;
}

/** The content of a notification's article. Texts are rendered as text, whatever they contain. */
export function NotificationItem({
  notification,
  labels,
  locale,
  now,
  actions,
  titleId,
  isActive,
}: NotificationItemProps): ReactNode {
  const { title, body, createdAt, priority } = notification;
  const isUnread = notification.readAt === null;
  const link = linkOf(notification.actionUrl);
  const tabIndex = isActive ? 0 : -1;
  const toggleLabel = isUnread ? labels.markRead : labels.markUnread;
  return (
    <>
      <span className="carillon-dot" aria-hidden="true" />
      <div className="carillon-text">
        <h3 className="carillon-item-title" id={titleId}>
          {isUnread && <span className="carillon-unseen">{labels.unread}: </span>}
          {link === undefined ? (
            <bdi className="carillon-title">{title}</bdi>
          ) : (
            <a
              className="carillon-title"
              href={link}
              tabIndex={tabIndex}
              onClick={(event) => actions.open(notification, event)}
            >
              <bdi className="carillon-bidi">{title}</bdi>
            </a>
          )}
          {priority === "URGENT" && <span className="carillon-urgent">{labels.urgent}</span>}
        </h3>
        {body !== null && (
          <p className="carillon-body">
            <bdi className="carillon-bidi">{body}</bdi>
          </p>
        )}
        <time
          className="carillon-time"
          dateTime={createdAt}
          title={new Date(createdAt).toLocaleString(locale)}
        >
          <bdi className="carillon-bidi">{relativeTime(createdAt, now, locale)}</bdi>
        </time>
      </div>
      <div className="carillon-item-actions">
        <button
          type="button"
          tabIndex={tabIndex}
          className="carillon-icon-button"
          aria-label={`${toggleLabel}: ${title}`}
          title={toggleLabel}
          onClick={() => actions.toggleRead(notification)}
        >
          {isUnread ? <CheckIcon /> : <DotIcon />}
        </button>
        <button
          type="button"
          tabIndex={tabIndex}
          className="carillon-icon-button"
          aria-label={`${labels.delete}: ${title}`}
          title={labels.delete}
          onClick={() => actions.remove(notification)}
        >
          <TrashIcon />
        </button>
      </div>
    </>
  );
}
