import { type KeyboardEvent, type RefObject, useEffect, useRef } from "react";
import type { Notification } from "../client/index.js";
import type { ItemActions } from "./notification-item.js";

interface FeedKeysOptions {
  readonly notifications: readonly Notification[];
  readonly activeIndex: number;
  readonly scroller: RefObject<HTMLElement | null>;
  readonly scrollTo: (index: number) => void;
  readonly onActive: (id: string) => void;
  readonly actions: ItemActions;
}

/** How far Page Up and Page Down go, in items. */
const page = 5;

/** The keys of the list, and the focus, which follows an item that is not in the document yet, or is about to go. */
export function useFeedKeys(options: FeedKeysOptions): {
  readonly onKeyDown: (event: KeyboardEvent) => void;
  /** Focuses what stands at this place after the next change. */
  readonly focusSoon: (index: number) => void;
} {
  const { notifications, activeIndex, scroller, scrollTo, onActive, actions } = options;
  const wanted = useRef<{ readonly index: number; readonly leaving: string | null } | null>(null);

  // After each render: the item may have needed one to be there.
  useEffect(() => {
    if (wanted.current === null) return;
    const { index, leaving } = wanted.current;
    const target = notifications[Math.min(index, notifications.length - 1)];
    if (target === undefined) {
      wanted.current = null;
      scroller.current?.closest<HTMLElement>("[data-carillon-panel]")?.focus();
      return;
    }
    // The one to be deleted is still there.
    if (target.id === leaving) return;
    const element = scroller.current?.querySelector<HTMLElement>(`[data-id="${CSS.escape(target.id)}"]`);
    if (element === null || element === undefined) return;
    wanted.current = null;
    element.focus({ preventScroll: true });
  });

  function move(index: number): void {
    const to = Math.max(0, Math.min(index, notifications.length - 1));
    const target = notifications[to];
    if (target === undefined) return;
    wanted.current = { index: to, leaving: null };
    onActive(target.id);
    scrollTo(to);
  }

  function focusSoon(index: number): void {
    wanted.current = { index, leaving: notifications[index]?.id ?? null };
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
    // Within an article, its links and buttons have keys of their own.
    const article = event.target;
    if (!(article instanceof HTMLElement) || article.dataset["id"] === undefined) return;
    const notification = notifications[activeIndex];
    if (notification === undefined) return;
    if (event.key === "Delete" || event.key === "Backspace") {
      focusSoon(activeIndex);
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

  return { onKeyDown, focusSoon };
}
