import { useCallback, useSyncExternalStore } from "react";
import type { Observable } from "../client/index.js";

/** The value of an observable. However fast it changes, the component renders once a frame. */
export function useObservable<T>(observable: Observable<T>): T {
  const subscribe = useCallback(
    (rerender: () => void) => {
      let frame: number | null = null;
      const end = observable.subscribe(() => {
        frame ??= requestAnimationFrame(() => {
          frame = null;
          rerender();
        });
      });
      return () => {
        end();
        if (frame !== null) cancelAnimationFrame(frame);
      };
    },
    [observable],
  );
  return useSyncExternalStore(subscribe, () => observable.get());
}
