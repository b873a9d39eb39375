import { type ReactNode, useEffect, useRef, useState } from "react";
import type { InboxLabels } from "./labels.js";

interface ClearButtonProps {
  readonly labels: InboxLabels;
  readonly disabled: boolean;
  readonly onClear: () => void;
}

/** Asks before it deletes everything: that cannot be taken back. */
export function ClearButton({ labels, disabled, onClear }: ClearButtonProps): ReactNode {
  const [isAsking, setIsAsking] = useState(false);
  const no = useRef<HTMLButtonElement>(null);
  const clear = useRef<HTMLButtonElement>(null);
  const wasAsking = useRef(false);
  useEffect(() => {
    if (isAsking) no.current?.focus();
    else if (wasAsking.current) clear.current?.focus();
    wasAsking.current = isAsking;
  }, [isAsking]);

  if (!isAsking || disabled) {
    return (
      <button
        ref={clear}
        type="button"
        className="carillon-button"
        disabled={disabled}
        onClick={() => setIsAsking(true)}
      >
        {labels.clear}
      </button>
    );
  }
  return (
    <span
      className="carillon-question"
      role="group"
      aria-label={labels.clearQuestion}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        setIsAsking(false);
      }}
    >
      <span>{labels.clearQuestion}</span>
      <button
        type="button"
        className="carillon-button carillon-button-danger"
        onClick={() => {
          setIsAsking(false);
          onClear();
        }}
      >
        {labels.clearYes}
      </button>
      <button ref={no} type="button" className="carillon-button" onClick={() => setIsAsking(false)}>
        {labels.clearNo}
      </button>
    </span>
  );
}
