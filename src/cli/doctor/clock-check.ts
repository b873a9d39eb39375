import { type Finding, ok, warning } from "./finding.js";

/** Milliseconds. Token checks tolerate clocks that differ by 5 seconds; with a larger difference valid tokens are rejected. */
const tolerance = 2000;

/** @param ahead milliseconds by which the clock is ahead of this machine's */
export function clockFinding(whose: string, ahead: number): Finding {
  const difference = `${Math.abs(ahead)} ms ${ahead < 0 ? "behind" : "ahead of"} this machine's`;
  if (Math.abs(ahead) <= tolerance) return ok(`${whose} clock: ${difference}`);
  return warning(`${whose} clock: ${difference}`, "Synchronize the clocks of all machines with NTP");
}
