import { type ReactNode, useEffect, useRef, useState } from "react";
import { useNotificationEvent } from "./hooks.js";
import type { InboxLabels } from "./labels/labels.js";

/** Milliseconds in which arrivals are collected: a flood is one announcement, not a thousand. */
const collectFor = 1000;

/** Announces to screen readers what arrives (a polite ARIA live region). */
export function Announcer({ labels }: { readonly labels: InboxLabels }): ReactNode {
  const [text, setText] = useState("");
  const arrived = useRef({ count: 0, title: "" });
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  useNotificationEvent("created", ({ notification }) => {
    arrived.current = { count: arrived.current.count + 1, title: notification.title };
    timer.current ??= setTimeout(() => {
      const { count, title } = arrived.current;
      setText(labels.arrived(count, title));
      arrived.current = { count: 0, title: "" };
      timer.current = undefined;
    }, collectFor);
  });
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );

  return (
    <div className="carillon-unseen" role="status" aria-live="polite">
      {text}
    </div>
  );
}
