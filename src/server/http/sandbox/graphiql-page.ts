import { documentOf } from "./examples.js";
import type { SandboxPage } from "./sandbox-page.js";

/** GraphiQL, wholly from our own origin: it works without the internet, and its policy lets it talk to no other host. */
export const graphiqlPage: SandboxPage = {
  file: "graphiql.html",
  policy: {
    // Monaco, its editor, places each line by a style attribute and colors it by a style element, neither with a nonce.
    "style-src": "'self' 'unsafe-inline'",
    // It checks documents and JSON in workers.
    "worker-src": "'self'",
  },
  dataOf: ({ path, token, examples }) => ({
    path,
    token,
    examples: examples.map((example) => ({
      group: example.group,
      title: example.title,
      query: documentOf(example),
      variables: JSON.stringify(example.variables, null, 2),
    })),
  }),
};
