/** Calls a listener whose error must not affect the others or the stream. The error is uncaught, as in any event listener. */
export function callSafely(call: () => void): void {
  try {
    call();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
