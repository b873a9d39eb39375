import { useSyncExternalStore } from "react";

/** Does the browser have a network? It may, and the server may be out of reach all the same. */
export function useIsOnline(): boolean {
  return useSyncExternalStore(subscribe, () => navigator.onLine, alwaysOnline);
}

function subscribe(listener: () => void): () => void {
  const controller = new AbortController();
  for (const type of ["online", "offline"]) addEventListener(type, listener, { signal: controller.signal });
  return () => controller.abort();
}

function alwaysOnline(): boolean {
  return true;
}
