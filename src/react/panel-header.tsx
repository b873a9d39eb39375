import { type ReactNode, useEffect, useRef, useState } from "react";
import { ClearQuestion } from "./clear-question.js";
import { CloseIcon } from "./icons.js";
import type { InboxLabels } from "./labels/labels.js";

interface PanelHeaderProps {
  readonly labels: InboxLabels;
  readonly titleId: string;
  readonly unreadCount: number;
  readonly totalCount: number;
  readonly onMarkAllRead: () => void;
  readonly onClear: () => void;
  /** Closes the panel; undefined where it is always shown. */
  readonly onClose: (() => void) | undefined;
}

/** The title and the commands on all notifications. The question before "Clear" has a row of its own below them. */
export function PanelHeader({
  labels,
  titleId,
  unreadCount,
  totalCount,
  onMarkAllRead,
  onClear,
  onClose,
}: PanelHeaderProps): ReactNode {
  const [isAsking, setIsAsking] = useState(false);
  const clear = useRef<HTMLButtonElement>(null);
  const wasAsking = useRef(false);
  useEffect(() => {
    if (wasAsking.current && !isAsking) clear.current?.focus();
    wasAsking.current = isAsking;
  }, [isAsking]);

  return (
    <>
      <div className="carillon-header">
        <h2 className="carillon-heading" id={titleId}>
          {labels.title}
        </h2>
        <span className="carillon-header-actions">
          <button
            type="button"
            className="carillon-button"
            disabled={unreadCount === 0}
            onClick={onMarkAllRead}
          >
            {labels.markAllRead}
          </button>
          <button
            ref={clear}
            type="button"
            className="carillon-button"
            disabled={totalCount === 0}
            aria-expanded={isAsking}
            onClick={() => setIsAsking(!isAsking)}
          >
            {labels.clear}
          </button>
          {onClose !== undefined && (
            <button
              type="button"
              className="carillon-icon-button"
              aria-label={labels.close}
              onClick={onClose}
            >
              <CloseIcon />
            </button>
          )}
        </span>
      </div>
      {isAsking && totalCount > 0 && (
        <ClearQuestion labels={labels} onClear={onClear} onClose={() => setIsAsking(false)} />
      )}
    </>
  );
}
