import { defaultRangeExtractor, type Range, useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useCallback, useEffect, useId, useRef, useState } from "react";
import type { Notification } from "@carillon/client";
import { linkOf } from "./action-url.js";
import { useFeedKeyboard } from "./feed-keyboard.js";
import type { InboxLabels } from "./labels/labels.js";
import { type ItemActions, NotificationItem, type NotificationItemProps } from "./notification-item.js";
import { useNow } from "./relative-time.js";

export interface NotificationListProps {
  readonly notifications: readonly Notification[];
  readonly totalCount: number;
  readonly isLoading: boolean;
  readonly loadMore: () => void;
  readonly labels: InboxLabels;
  readonly locale: string | undefined;
  readonly actions: ItemActions;
  /** Renders the content of a notification's article; default: NotificationItem. */
  readonly renderItem: (props: NotificationItemProps) => ReactNode;
}

/** The assumed height in pixels of an item that is not measured yet. */
const estimatedHeight = 92;

/** How many items before the end of the loaded ones the next page is loaded. */
const lookahead = 15;

/**
 * The list as a feed (ARIA Authoring Practices): articles between which arrow keys, Page Up and Down, Home and End move. Only the
 * visible articles are in the document, however many there are.
 */
export function NotificationList(props: NotificationListProps): ReactNode {
  const { notifications, actions, loadMore } = props;
  const feedId = useId();
  const now = useNow();
  const scroller = useRef<HTMLDivElement>(null);
  const [activeId, setActiveId] = useState<string | null>(null);
  const found = notifications.findIndex(({ id }) => id === activeId);
  const activeIndex = Math.max(0, found);

  const virtualizer = useVirtualizer({
    count: notifications.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => estimatedHeight,
    getItemKey: (index) => notifications[index]?.id ?? index,
    overscan: 6,
    // Scrolled down, the visible items stay in place when something arrives above; at the top, the arrival is shown.
    anchorTo: (scroller.current?.scrollTop ?? 0) > 0 ? "end" : "start",
    // The active item stays in the document when it is scrolled away, so that the focus is not lost.
    rangeExtractor: useCallback(
      (range: Range) =>
        found === -1
          ? defaultRangeExtractor(range)
          : [...new Set([...defaultRangeExtractor(range), found])].sort((a, b) => a - b),
      [found],
    ),
  });
  const items = virtualizer.getVirtualItems();
  const last = items.at(-1)?.index ?? -1;

  useEffect(() => {
    if (last >= notifications.length - lookahead) loadMore();
  }, [last, notifications.length, loadMore]);

  const { onKeyDown, focusNext } = useFeedKeyboard({
    notifications,
    activeIndex,
    scroller,
    scrollTo: (index) => virtualizer.scrollToIndex(index),
    onActive: setActiveId,
    actions,
  });

  return (
    <div className="carillon-scroller" ref={scroller}>
      <div
        role="feed"
        aria-label={props.labels.title}
        aria-busy={props.isLoading}
        className="carillon-feed"
        style={{ height: virtualizer.getTotalSize() }}
        onKeyDown={onKeyDown}
      >
        {items.map(({ index, key, start }) => {
          const notification = notifications[index];
          if (notification === undefined) return null;
          const titleId = `${feedId}${notification.id}`;
          const isActive = index === activeIndex;
          return (
            <article
              key={key}
              ref={virtualizer.measureElement}
              data-index={index}
              data-id={notification.id}
              data-unread={notification.readAt === null}
              className="carillon-item"
              style={{ transform: `translateY(${start}px)` }}
              tabIndex={isActive ? 0 : -1}
              aria-labelledby={titleId}
              aria-posinset={index + 1}
              aria-setsize={Math.max(props.totalCount, notifications.length)}
              onFocus={() => setActiveId(notification.id)}
              onClick={({ target }) => {
                if (isUnlinked(notification) && isPlainClick(target)) actions.toggleRead(notification);
              }}
            >
              {props.renderItem({
                notification,
                labels: props.labels,
                locale: props.locale,
                now,
                titleId,
                isActive,
                actions: {
                  ...actions,
                  remove(removed) {
                    focusNext(index);
                    actions.remove(removed);
                  },
                },
              })}
            </article>
          );
        })}
      </div>
    </div>
  );
}

/** Is it unread, without a link that would mark it read? */
function isUnlinked({ readAt, actionUrl }: Notification): boolean {
  return readAt === null && linkOf(actionUrl) === undefined;
}

/** Is it a click on the item itself: not on a control in it, and not the end of a selection of text? */
function isPlainClick(target: EventTarget): boolean {
  if (!(target instanceof Element) || getSelection()?.isCollapsed === false) return false;
  return target.closest("a, button, input, select, textarea, label, summary, [role=button]") === null;
}

/** The default content of a notification's article. */
export function renderNotification(props: NotificationItemProps): ReactNode {
  return <NotificationItem {...props} />;
}
