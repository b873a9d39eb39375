/**
 * Calls back when trying again or checking the connection is worthwhile: the network has come back or gone, or the tab is
 * visible again. Outside browsers, never.
 * @returns removes the listeners
 */
export function onReconnectTrigger(callback: () => void): () => void {
  if (typeof document === "undefined") return () => undefined;
  const controller = new AbortController();
  const { signal } = controller;
  for (const type of ["online", "offline"]) addEventListener(type, callback, { signal });
  document.addEventListener(
    "visibilitychange",
    () => {
      if (document.visibilityState === "visible") callback();
    },
    { signal },
  );
  return () => controller.abort();
}
