/**
 * Calls when it is worth to try again, or to see whether the connection still lives: the network is back or gone, or the
 * person came back to the tab. Elsewhere than in browsers, never.
 * @returns ends it
 */
export function onWake(wake: () => void): () => void {
  if (typeof document === "undefined") return () => undefined;
  const controller = new AbortController();
  const { signal } = controller;
  for (const type of ["online", "offline"]) addEventListener(type, wake, { signal });
  document.addEventListener(
    "visibilitychange",
    () => {
      if (document.visibilityState === "visible") wake();
    },
    { signal },
  );
  return () => controller.abort();
}
