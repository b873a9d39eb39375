import { type ReactNode, type Ref, useCallback, useId, useState } from "react";
import type { Notification } from "@carillon/client";
import { useConnection, useInbox } from "./hooks.js";
import { RestingBell } from "./icons.js";
import type { InboxLabels } from "./labels/labels.js";
import type { ItemActions, NotificationItemProps } from "./notification-item.js";
import { NotificationList } from "./notification-list.js";
import { PanelHeader } from "./panel-header.js";
import { useIsOnline } from "./use-is-online.js";

export interface InboxPanelProps {
  readonly labels: InboxLabels;
  readonly locale: string | undefined;
  readonly renderItem: (props: NotificationItemProps) => ReactNode;
  readonly onOpen: ((notification: Notification, event: React.MouseEvent) => void) | undefined;
  /** Closes the panel; undefined where it is always shown. */
  readonly onClose?: () => void;
  readonly role: "dialog" | "region";
  /** Not `ref`, which React 18 does not give to a component. */
  readonly panelRef?: Ref<HTMLElement>;
}

/** The list with its header and notices. */
export function InboxPanel({
  labels,
  locale,
  renderItem,
  onOpen,
  onClose,
  role,
  panelRef,
}: InboxPanelProps): ReactNode {
  const inbox = useInbox();
  const { status } = useConnection();
  const isOnline = useIsOnline();
  const titleId = useId();
  const [hasFailed, setHasFailed] = useState(false);

  const attempt = useCallback((command: Promise<void>): void => {
    setHasFailed(false);
    command.catch(() => setHasFailed(true));
  }, []);
  const toggleRead = ({ id, readAt }: Notification): void =>
    attempt(readAt === null ? inbox.markRead([id]) : inbox.markUnread([id]));
  const actions: ItemActions = {
    open(notification, event) {
      if (notification.readAt === null) toggleRead(notification);
      onOpen?.(notification, event);
    },
    toggleRead,
    remove: ({ id }) => attempt(inbox.delete([id])),
  };
  const { loadMore, hasMore } = inbox;
  const loadNext = useCallback(() => {
    if (hasMore) attempt(loadMore());
  }, [hasMore, loadMore, attempt]);

  return (
    <section
      ref={panelRef}
      className="carillon-panel"
      role={role}
      aria-labelledby={titleId}
      tabIndex={-1}
      data-carillon-panel
    >
      <PanelHeader
        labels={labels}
        titleId={titleId}
        unreadCount={inbox.unreadCount}
        totalCount={inbox.totalCount}
        onMarkAllRead={() => attempt(inbox.markAllRead())}
        onClear={() => attempt(inbox.clear())}
        onClose={onClose}
      />
      {inbox.status === "ready" && status !== "live" && (
        <p className="carillon-notice" role="status">
          {isOnline ? labels.disconnected : labels.offline}
        </p>
      )}
      {hasFailed && (
        <p className="carillon-notice carillon-notice-error" role="alert">
          {labels.commandFailed}
          <button type="button" className="carillon-button" onClick={() => setHasFailed(false)}>
            {labels.dismiss}
          </button>
        </p>
      )}
      <PanelBody
        inbox={inbox}
        labels={labels}
        list={
          <NotificationList
            notifications={inbox.notifications}
            totalCount={inbox.totalCount}
            isLoading={inbox.loadingMore}
            loadMore={loadNext}
            labels={labels}
            locale={locale}
            actions={actions}
            renderItem={renderItem}
          />
        }
        onRetry={() => void inbox.refresh().catch(() => undefined)}
      />
    </section>
  );
}

interface PanelBodyProps {
  readonly inbox: ReturnType<typeof useInbox>;
  readonly labels: InboxLabels;
  readonly list: ReactNode;
  readonly onRetry: () => void;
}

function PanelBody({ inbox, labels, list, onRetry }: PanelBodyProps): ReactNode {
  if (inbox.status === "loading") {
    return (
      <div className="carillon-skeleton" role="status" aria-label={labels.loading}>
        {[0, 1, 2, 3].map((n) => (
          <span key={n} className="carillon-skeleton-row" />
        ))}
      </div>
    );
  }
  if (inbox.status === "failed") {
    return (
      <div className="carillon-state" role="alert">
        <p className="carillon-state-text">{labels.failed}</p>
        <button type="button" className="carillon-button carillon-button-strong" onClick={onRetry}>
          {labels.retry}
        </button>
      </div>
    );
  }
  if (inbox.notifications.length === 0 && !inbox.hasMore) {
    return (
      <div className="carillon-state">
        <RestingBell />
        <p className="carillon-state-title">{labels.empty}</p>
        <p className="carillon-state-text">{labels.emptyHint}</p>
      </div>
    );
  }
  return list;
}
