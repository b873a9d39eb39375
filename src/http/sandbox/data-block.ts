/**
 * A block of data for the page's script: part of the page rather than a script of its own, so that the policy can forbid
 * inline scripts, and no other site can load what is in it.
 */
export function dataBlock(data: unknown): string {
  const json = JSON.stringify(data).replaceAll("<", String.raw`\u003c`);
  return `<script id="sandbox-data" type="application/json">${json}</script>`;
}
