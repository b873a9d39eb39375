import { documentOf } from "./examples.js";
import type { SandboxPage } from "./sandbox-page.js";

/** Apollo's sandbox: it is loaded from Apollo's hosts, so it needs the internet. */
export const apolloPage: SandboxPage = {
  file: "apollo.html",
  // Of other hosts only the script that embeds the sandbox, and the frame that it is in.
  policy: {
    "script-src": "'self' https://embeddable-sandbox.cdn.apollographql.com",
    "frame-src": "https://sandbox.embed.apollographql.com",
  },
  dataOf({ path, token, examples }) {
    const inbox = examples.filter(({ group }) => group === "Inbox");
    const variables = Object.assign({}, ...inbox.map((example) => example.variables)) as unknown;
    return { path, token, document: documentOf(...inbox), variables };
  },
};
