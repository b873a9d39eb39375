import { type Finding, ok, warning } from "./finding.js";

/** Tokens are given 5 s of leeway: clocks that differ by more make good ones invalid. ms */
const tolerance = 2000;

/** How far a clock is ahead of this machine's. */
export function clockFinding(whose: string, ahead: number): Finding {
  const difference = `${Math.abs(ahead)} ms ${ahead < 0 ? "behind" : "ahead of"} this machine's`;
  if (Math.abs(ahead) <= tolerance) return ok(`${whose} clock: ${difference}`);
  return warning(`${whose} clock: ${difference}`, "Keep the clocks of all machines by NTP");
}
