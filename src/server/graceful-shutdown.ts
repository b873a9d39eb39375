import closeWithGrace from "close-with-grace";
import type { App } from "./app.js";
import type { Log } from "./telemetry/log.js";

/** Milliseconds that an orderly stop may take after the drain; then the process exits. */
const stopTimeout = 20_000;

/**
 * Signals within this time (ms) count as one: on Ctrl-C a process started by npm receives one signal from the terminal and one from
 * npm. close-with-grace ends the process on any second signal, so the signals are handled here, and it handles the errors.
 */
const sameSignalWindow = 500;

const signals = ["SIGTERM", "SIGINT"] as const;

/** Signals that close-with-grace would handle, and that keep the effect they have by default; and the two above. */
const skippedEvents: closeWithGrace.AllEvents[] = [
  ...signals,
  "SIGHUP",
  "SIGQUIT",
  "SIGILL",
  "SIGTRAP",
  "SIGABRT",
  "SIGBUS",
  "SIGFPE",
  "SIGSEGV",
  "SIGUSR2",
  "beforeExit",
];

/**
 * Ends the process in order:
 * - SIGTERM: drains for SHUTDOWN_DELAY, then stops; exit code 0
 * - SIGINT (Ctrl-C): stops without a drain; exit code 0
 * - an uncaught exception or an unhandled rejection: logs it once, stops without a drain; exit code 1
 *
 * A second signal, a second error or the time limit ends the process immediately with exit code 1.
 * @param currentApp null while the instance is starting: it has accepted no requests, so there is nothing to stop
 */
export function installGracefulShutdown(currentApp: () => App | null, log: Log): void {
  let signal: NodeJS.Signals | null = null;
  let signaledAt: number | null = null;

  const { close } = closeWithGrace(
    {
      // The time limit starts after the drain, see `stop`.
      delay: false,
      logger: false,
      skip: skippedEvents,
      onSecondError: (error) => log.fatal({ err: error }, "second uncaught error"),
    },
    async ({ manual = false, err }) => {
      if (manual) {
        await stop(currentApp(), signal, log);
        return;
      }
      log.fatal({ err }, "uncaught error");
      await stop(currentApp(), null, log);
      // A rejection may have no reason, which close-with-grace would take for success.
      throw new Error("stopped after an uncaught error", { cause: err });
    },
  );

  for (const name of signals) {
    process.on(name, () => {
      if (signaledAt !== null && performance.now() - signaledAt <= sameSignalWindow) return;
      if (signaledAt !== null) process.exit(1);
      signaledAt = performance.now();
      signal = name;
      close();
    });
  }
}

/** @throws when it does not stop in order */
async function stop(app: App | null, signal: NodeJS.Signals | null, log: Log): Promise<void> {
  if (signal !== null) log.info({ signal }, "shutdown started");
  if (app === null) return;
  if (signal === "SIGTERM") await app.drain();
  setTimeout(() => {
    log.error({ milliseconds: stopTimeout }, "shutdown timed out");
    process.exit(1);
  }, stopTimeout).unref();
  try {
    await app[Symbol.asyncDispose]();
    if (signal !== null) log.info("shutdown complete");
  } catch (error) {
    log.error({ err: error }, "shutdown failed");
    throw error;
  }
}
