import { type ReactNode, useEffect, useRef } from "react";
import type { InboxLabels } from "./labels/labels.js";

interface ClearQuestionProps {
  readonly labels: InboxLabels;
  readonly onClear: () => void;
  /** Called when the question is answered or dismissed. */
  readonly onClose: () => void;
}

/** Asks before everything is deleted, which cannot be undone. It has the focus, on the harmless answer. */
export function ClearQuestion({ labels, onClear, onClose }: ClearQuestionProps): ReactNode {
  const no = useRef<HTMLButtonElement>(null);
  useEffect(() => no.current?.focus(), []);
  return (
    <div
      className="carillon-question"
      role="group"
      aria-label={labels.clearQuestion}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onClose();
      }}
    >
      <span className="carillon-question-text">{labels.clearQuestion}</span>
      <span className="carillon-question-answers">
        <button
          type="button"
          className="carillon-button carillon-button-danger"
          onClick={() => {
            onClose();
            onClear();
          }}
        >
          {labels.clearYes}
        </button>
        <button ref={no} type="button" className="carillon-button" onClick={onClose}>
          {labels.clearNo}
        </button>
      </span>
    </div>
  );
}
