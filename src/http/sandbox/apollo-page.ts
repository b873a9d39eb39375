/** The page of the other sandbox, Apollo's: it is loaded from Apollo's hosts, so it needs the internet. */
import type { PagePolicy } from "../pages/page-headers.js";
import { dataBlock } from "./data-block.js";
import { documentOf } from "./examples.js";
import type { PageOptions } from "./page.js";

const scriptHost = "https://embeddable-sandbox.cdn.apollographql.com";
const frameHost = "https://sandbox.embed.apollographql.com";

/** Of other hosts only the script that embeds the sandbox, and the frame that it is in. */
export const apolloPolicy: PagePolicy = {
  "script-src": `'self' ${scriptHost}`,
  "frame-src": frameHost,
};

/** Renders the page. The token stays in it: its own script adds it to what the frame asks for. */
export function renderApolloPage({ path, base, examples, token }: PageOptions): string {
  const inbox = examples.filter(({ group }) => group === "Inbox");
  const variables = Object.assign({}, ...inbox.map((example) => example.variables)) as unknown;
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>Carillon sandbox</title>
    <link rel="icon" type="image/svg+xml" href="${base}carillon/icon.svg" />
    <link rel="stylesheet" href="${base}carillon/apollo.css" />
    <script defer src="${scriptHost}/v2/embeddable-sandbox.umd.production.min.js"></script>
    <script type="module" src="${base}carillon/apollo.js"></script>
  </head>
  <body>
    <main id="sandbox"><p>Apollo's sandbox is loaded from the internet …</p></main>
    ${dataBlock({ path, token, document: documentOf(...inbox), variables })}
  </body>
</html>
`;
}
