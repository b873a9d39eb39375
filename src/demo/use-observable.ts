import { useCallback, useSyncExternalStore } from "react";
import type { Observable } from "@carillon/client";

/** The value of an observable. However fast it changes, the component renders once a frame. */
export function useObservable<T>(observable: Observable<T>): T {
  const subscribe = useCallback(
    (rerender: () => void) => {
      let frame: number | null = null;
      const unsubscribe = observable.subscribe(() => {
        frame ??= requestAnimationFrame(() => {
          frame = null;
          rerender();
        });
      });
      return () => {
        unsubscribe();
        if (frame !== null) cancelAnimationFrame(frame);
      };
    },
    [observable],
  );
  return useSyncExternalStore(subscribe, () => observable.get());
}
