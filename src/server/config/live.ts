import { z } from "zod";
import { variable } from "./variable.js";
import { wholeNumber } from "./whole-number.js";

/** What a slow subscriber costs at most. */
export const liveSection = z.object({
  /** Events in memory for one subscription; beyond that, the events are read from the log. */
  maxEvents: variable("LIVE_BUFFER_EVENTS", wholeNumber(1, 100_000), 256),
  /** The same in bytes. */
  maxBytes: variable("LIVE_BUFFER_BYTES", wholeNumber(1024, 2 ** 30), 2 ** 20),
  /** How long a subscriber may make no progress before its socket is closed, ms. */
  stallTimeout: variable("LIVE_STALL_TIMEOUT", wholeNumber(100, 3_600_000), 30_000),
});
