import { type KeyboardEvent, type RefObject, useEffect, useRef } from "react";
import type { Notification } from "@carillon/client";
import type { ItemActions } from "./notification-item.js";

interface FeedKeyboardOptions {
  readonly notifications: readonly Notification[];
  readonly activeIndex: number;
  readonly scroller: RefObject<HTMLElement | null>;
  readonly scrollTo: (index: number) => void;
  readonly onActive: (id: string) => void;
  readonly actions: ItemActions;
}

/** How far Page Up and Page Down move, in items. */
const page = 5;

/** The keyboard control of the list. The focus waits for an item that is not in the document yet, and moves on when one is removed. */
export function useFeedKeyboard(options: FeedKeyboardOptions): {
  readonly onKeyDown: (event: KeyboardEvent) => void;
  /** Focuses the item at this index after the next change. */
  readonly focusNext: (index: number) => void;
} {
  const { notifications, activeIndex, scroller, scrollTo, onActive, actions } = options;
  const wanted = useRef<{ readonly index: number; readonly removedId: string | null } | null>(null);

  // After each render: the item may have been rendered only now.
  useEffect(() => {
    if (wanted.current === null) return;
    const { index, removedId } = wanted.current;
    const target = notifications[Math.min(index, notifications.length - 1)];
    if (target === undefined) {
      wanted.current = null;
      scroller.current?.closest<HTMLElement>("[data-carillon-panel]")?.focus();
      return;
    }
    // The item to be deleted is still there.
    if (target.id === removedId) return;
    const element = scroller.current?.querySelector<HTMLElement>(`[data-id="${CSS.escape(target.id)}"]`);
    if (element === null || element === undefined) return;
    wanted.current = null;
    element.focus({ preventScroll: true });
  });

  function move(index: number): void {
    const to = Math.max(0, Math.min(index, notifications.length - 1));
    const target = notifications[to];
    if (target === undefined) return;
    wanted.current = { index: to, removedId: null };
    onActive(target.id);
    scrollTo(to);
  }

  function focusNext(index: number): void {
    wanted.current = { index, removedId: notifications[index]?.id ?? null };
  }

  const moves: Readonly<Record<string, number>> = {
    ArrowDown: activeIndex + 1,
    ArrowUp: activeIndex - 1,
    PageDown: activeIndex + page,
    PageUp: activeIndex - page,
    Home: 0,
    End: notifications.length - 1,
  };

  function onKeyDown(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const to = moves[event.key];
    if (to !== undefined) {
      event.preventDefault();
      move(to);
      return;
    }
    // Links and buttons in an article handle their own keys.
    const article = event.target;
    if (!(article instanceof HTMLElement) || article.dataset["id"] === undefined) return;
    const notification = notifications[activeIndex];
    if (notification === undefined) return;
    if (event.key === "Delete" || event.key === "Backspace") {
      focusNext(activeIndex);
      actions.remove(notification);
    } else if (event.key === "r" || event.key === "R") {
      actions.toggleRead(notification);
    } else if (event.key === "Enter") {
      const link = article.querySelector("a");
      if (link !== null) link.click();
      else actions.toggleRead(notification);
    } else return;
    event.preventDefault();
  }

  return { onKeyDown, focusNext };
}
