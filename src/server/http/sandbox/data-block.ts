/**
 * Writes data for the page's script into a page: part of it rather than a script of its own, so that the policy can forbid
 * inline scripts, and no other site can load what is in it.
 */
export function withData(page: string, data: unknown): string {
  const json = JSON.stringify(data).replaceAll("<", String.raw`\u003c`);
  // A function: a replacement string would give "$" a meaning.
  return page.replace(
    "</body>",
    () => `<script id="sandbox-data" type="application/json">${json}</script></body>`,
  );
}
