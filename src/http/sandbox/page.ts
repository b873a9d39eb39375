/** The page of the sandbox: Altair's own, with our options, our scripts and our style sheet. */
import { getAltairHtml, type renderAltair } from "altair-static";
import { authorization, collectionsOf } from "./collections.js";
import { documentOf, type Example } from "./examples.js";
import { dataBlock } from "./data-block.js";

type AltairOptions = NonNullable<Parameters<typeof renderAltair>[0]>;

export interface PageOptions {
  /** Where GraphQL is served, over HTTP and WebSocket. */
  readonly path: string;
  /** URL of the folder of static files; ends with a slash. */
  readonly base: string;
  readonly examples: readonly Example[];
  /** Filled into the authorization header; null: left for the person to fill in. */
  readonly token: string | null;
}

/**
 * Renders the page. The options are a block of data rather than Altair's inline script, so that the policy can forbid
 * inline scripts, and part of the page rather than a script of their own, so that no other site can load the token.
 */
export function renderPage(options: PageOptions): string {
  let html = getAltairHtml();
  html = replace(html, /<base [^>]*>/, `<base href="${options.base}" />`);
  html = replace(html, /<title>.*<\/title>/, "<title>Carillon sandbox</title>");
  html = replace(
    html,
    /<link rel="icon"[^>]*>/,
    '<link rel="icon" type="image/svg+xml" href="carillon/icon.svg" />',
  );
  html = replace(html, "</head>", '<link href="carillon/sandbox.css" rel="stylesheet" /></head>');
  return replace(
    html,
    "</body>",
    dataBlock({ options: altairOptions(options), collections: collectionsOf(options) }) +
      '<script type="module" src="carillon/sandbox.js"></script></body>',
  );
}

/** An upgrade of Altair that changes its page is noticed at once. */
function replace(html: string, pattern: string | RegExp, replacement: string): string {
  // A function: a replacement string would give "$" a meaning.
  const replaced = html.replace(pattern, () => replacement);
  if (replaced === html) throw new Error(`Altair's page has no ${String(pattern)}`);
  return replaced;
}

function altairOptions({ path, examples, token }: PageOptions): AltairOptions {
  return {
    endpointURL: path,
    subscriptionsEndpoint: path,
    initialHeaders: authorization,
    initialSubscriptionsPayload: authorization,
    initialSubscriptionRequestHandlerId: "graphql-ws",
    initialEnvironments: {
      activeSubEnvironment: "token",
      subEnvironments: [
        {
          id: "token",
          title: token === null ? "Set a token" : "Development token",
          variables: { token: token ?? "" },
        },
      ],
    },
    initialSettings: {
      theme: "system",
      "alert.disableUpdateNotification": true,
      "banners.disable": true,
      // The schema gives docs and completion, and is given to those who have a token: at once, or when they have set it.
      "schema.reloadOnStart": token !== null,
      "schema.reload.onEnvChange": token === null,
      disablePushNotification: true,
    },
    initialWindows: examples
      .filter(({ group }) => group === "Inbox")
      .map((example) => ({
        initialName: example.title,
        initialQuery: documentOf(example),
        initialVariables: JSON.stringify(example.variables, null, 2),
        initialHeaders: authorization,
        initialSubscriptionsPayload: authorization,
        initialSubscriptionRequestHandlerId: "graphql-ws",
      })),
    // Otherwise the first visit is kept for ever: an expired token, and examples of an older version.
    preserveState: false,
    instanceStorageNamespace: "carillon_",
  };
}
