import { type MouseEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import type { Notification } from "@carillon/client";
import { Announcer } from "./announcer.js";
import { useUnreadCount } from "./hooks.js";
import { BellIcon } from "./icons.js";
import { InboxPanel } from "./inbox-panel.js";
import { englishLabels } from "./labels/english.js";
import type { InboxLabels } from "./labels/labels.js";
import type { NotificationItemProps } from "./notification-item.js";
import { renderNotification } from "./notification-list.js";

export interface InboxProps {
  /** `popover` (default): a bell with a badge that opens the list; `panel`: the list itself. */
  readonly variant?: "popover" | "panel";
  /** Default: the system's setting. */
  readonly theme?: "auto" | "light" | "dark";
  /** Replaces English labels: a set such as germanLabels, or some labels of your own. */
  readonly labels?: Partial<InboxLabels>;
  /** For times, such as "de"; default: the browser's. */
  readonly locale?: string;
  /** Called when a notification's link is clicked; `event.preventDefault()` keeps the page, for a router. */
  readonly onOpen?: (notification: Notification, event: MouseEvent) => void;
  /** Renders the content of a notification's article. */
  readonly renderItem?: (props: NotificationItemProps) => ReactNode;
  readonly className?: string;
}

/**
 * A user's inbox, ready to use. It needs a CarillonProvider above it and the style sheet `@carillon/react/inbox.css`, whose
 * variables (`--carillon-…`) adapt it to the application.
 */
export function Inbox({
  variant = "popover",
  theme = "auto",
  labels: ownLabels,
  locale,
  onOpen,
  renderItem = renderNotification,
  className = "",
}: InboxProps): ReactNode {
  const labels = { ...englishLabels, ...ownLabels };
  const panel = { labels, locale, onOpen, renderItem };
  return (
    <div className={`carillon-inbox ${className}`} data-theme={theme} data-variant={variant}>
      {variant === "panel" ? <InboxPanel {...panel} role="region" /> : <Popover {...panel} />}
      <Announcer labels={labels} />
    </div>
  );
}

type PopoverProps = Pick<Parameters<typeof InboxPanel>[0], "labels" | "locale" | "onOpen" | "renderItem">;

function Popover(props: PopoverProps): ReactNode {
  const unread = useUnreadCount();
  const panelId = useId();
  const [isOpen, setIsOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const bell = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLElement>(null);

  useEffect(() => {
    if (!isOpen) return undefined;
    panel.current?.focus();
    const closeOutside = ({ target }: PointerEvent): void => {
      if (target instanceof Node && root.current?.contains(target) === false) setIsOpen(false);
    };
    document.addEventListener("pointerdown", closeOutside);
    return () => document.removeEventListener("pointerdown", closeOutside);
  }, [isOpen]);

  function close(): void {
    setIsOpen(false);
    bell.current?.focus();
  }

  return (
    <div
      ref={root}
      className="carillon-anchor"
      onKeyDown={(event) => {
        if (event.key === "Escape" && isOpen) close();
      }}
    >
      <button
        ref={bell}
        type="button"
        className="carillon-bell"
        aria-label={props.labels.bell(unread)}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        aria-controls={isOpen ? panelId : undefined}
        onClick={() => setIsOpen(!isOpen)}
      >
        <BellIcon />
        {unread > 0 && (
          <span className="carillon-badge" aria-hidden="true">
            {unread > 99 ? "99+" : unread}
          </span>
        )}
      </button>
      {isOpen && (
        <div className="carillon-popover" id={panelId}>
          <InboxPanel {...props} role="dialog" panelRef={panel} onClose={close} />
        </div>
      )}
    </div>
  );
}
