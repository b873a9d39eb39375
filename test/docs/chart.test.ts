import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { root } from "./blocks.js";
import { drawChart, faultsOf } from "./fault-chart.js";

const page = readFileSync(`${root}docs/reliability.md`, "utf8");

it("reads every row of the table of faults", () => {
  const faults = faultsOf(page);
  expect(faults).toHaveLength([...page.matchAll(/ of \d+ +\|/g)].length);
  expect(faults[0]).toEqual({
    name: "Messages repeated, delayed, reordered and dropped",
    delivered: 1578,
    silence: 10.4,
    recovery: 1.6,
  });
});

it("draws the chart of the front page from it", async () => {
  await expect(drawChart(faultsOf(page))).toMatchFileSnapshot(`${root}docs/images/faults.svg`);
});
