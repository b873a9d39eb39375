import { defaultRangeExtractor, type Range, useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useCallback, useEffect, useId, useRef, useState } from "react";
import type { Notification } from "../client/index.js";
import { useFeedKeys } from "./feed-keys.js";
import type { InboxLabels } from "./labels.js";
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
  /** Shows what stands in the article of a notification; default: NotificationItem. */
  readonly renderItem: (props: NotificationItemProps) => ReactNode;
}

/** Pixels of an item before it was measured. */
const usualHeight = 92;

/** So many items before the end of what is loaded, more is loaded. */
const lookahead = 15;

/**
 * The list as a feed (ARIA Authoring Practices): articles between which arrow keys, Page Up and Down, Home and End move. Only
 * those in sight are in the document, however many there are.
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
    estimateSize: () => usualHeight,
    getItemKey: (index) => notifications[index]?.id ?? index,
    overscan: 6,
    // What a person reads stays where it is when something arrives above it; at the top, what arrives is to be seen.
    anchorTo: (scroller.current?.scrollTop ?? 0) > 0 ? "end" : "start",
    // The active item stays in the document when it is scrolled away, so that the focus is not lost with it.
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

  const { onKeyDown, focusSoon } = useFeedKeys({
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
                    focusSoon(index);
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

/** Shows a notification as the list does by itself. */
export function renderNotification(props: NotificationItemProps): ReactNode {
  return <NotificationItem {...props} />;
}
