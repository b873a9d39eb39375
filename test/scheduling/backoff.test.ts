import { assert, double, integer, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { backoffDelay } from "../../src/server/scheduling/backoff.js";

const almostOne = 1 - Number.EPSILON;

describe("The wait before a reconnect", () => {
  it("is at most a second at first, then the interval, and doubles up to the cap", () => {
    const backoff = { interval: 5000, cap: 30_000 };
    const longest = [1, 2, 3, 4, 5, 6, 50].map((attempt) => backoffDelay(attempt, backoff, almostOne));
    expect(longest).toEqual([999, 4999, 9999, 19_999, 29_999, 29_999, 29_999]);
  });

  it("is spread over all of that, down to none", () => {
    const backoff = { interval: 5000, cap: 30_000 };
    expect([0, 0.25, 0.5].map((random) => backoffDelay(3, backoff, random))).toEqual([0, 2500, 5000]);
  });

  it("is never longer than the longer of interval and cap, whatever the attempt", () => {
    assert(
      property(
        integer({ min: 1, max: 1_000_000 }),
        integer({ min: 1, max: 600_000 }),
        double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (attempt, interval, random) => {
          const delay = backoffDelay(attempt, { interval, cap: 30_000 }, random);
          expect(delay).toBeGreaterThanOrEqual(0);
          expect(delay).toBeLessThanOrEqual(Math.max(interval, 30_000));
          if (attempt === 1) expect(delay).toBeLessThanOrEqual(interval);
        },
      ),
    );
  });
});
