/** Draws the table of faults in docs/reliability.md as a chart, readable on light and dark pages. */

/** One row of the table; times are seconds. */
export interface Fault {
  readonly name: string;
  readonly delivered: number;
  readonly silence: number;
  readonly recovery: number;
}

const row =
  /^\| (?<name>[^|]+?) +\| \d+ of \d+ +\| (?<delivered>\d+) +\| \d+ +\| (?<silence>[\d.]+) s +\| (?<recovery>[\d.]+) s +\|$/gm;

/** The rows of the table. */
export function faultsOf(markdown: string): Fault[] {
  return [...markdown.matchAll(row)].map(({ groups = {} }) => ({
    name: groups["name"] ?? "",
    delivered: Number(groups["delivered"]),
    silence: Number(groups["silence"]),
    recovery: Number(groups["recovery"]),
  }));
}

const width = 880;
const top = 76;
const rowHeight = 17;
/** The x of 0 s, and the pixels of a second. */
const origin = 372;
const scale = 44;

/** The chart as SVG. */
export function drawChart(faults: readonly Fault[]): string {
  const bottom = top + faults.length * rowHeight;
  const delivered = faults.reduce((sum, fault) => sum + fault.delivered, 0).toLocaleString("en-US");
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${bottom + 32}" role="img" aria-labelledby="title">
  <title id="title">The longest silence of any tab under each of ${faults.length} faults, in seconds</title>
  <style>${style}</style>
  <rect class="card" x="0.5" y="0.5" width="${width - 1}" height="${bottom + 31}" rx="12" />
  <text class="heading" x="24" y="32">${faults.length} faults, ${delivered} deliveries, no violation of the promise</text>
  <text class="note" x="24" y="54">Longest time that any connected tab waited for an event while the system was broken, in seconds</text>
${[0, 2, 4, 6, 8, 10].map((seconds) => gridLine(seconds, bottom)).join("\n")}
${faults.map((fault, index) => bar(fault, top + index * rowHeight)).join("\n")}
</svg>
`;
}

function gridLine(seconds: number, bottom: number): string {
  const x = origin + seconds * scale;
  return `  <path class="grid" d="M${x} ${top - 4} V${bottom + 4}" />
  <text class="tick" x="${x}" y="${bottom + 20}">${seconds} s</text>`;
}

function bar({ name, silence }: Fault, y: number): string {
  const length = Math.round(silence * scale);
  return `  <text class="name" x="${origin - 10}" y="${y + 12}">${name}</text>
  <rect class="bar" x="${origin}" y="${y + 3}" width="${Math.max(length, 2)}" height="11" rx="2" />
  <text class="value" x="${origin + length + 6}" y="${y + 12}">${silence.toFixed(1)}</text>`;
}

const style = `
    .card { fill: #ffffff; stroke: #d0d7de; }
    .grid { stroke: #d8dee4; }
    .bar { fill: #0969da; }
    text { font: 12px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328; }
    .heading { font-size: 16px; font-weight: 600; }
    .name { text-anchor: end; }
    .tick { text-anchor: middle; }
    .note, .tick, .value { fill: #57606a; }
    @media (prefers-color-scheme: dark) {
      .card { fill: #0d1117; stroke: #30363d; }
      .grid { stroke: #30363d; }
      .bar { fill: #58a6ff; }
      text { fill: #e6edf3; }
      .note, .tick, .value { fill: #b1bac4; }
    }
  `;
