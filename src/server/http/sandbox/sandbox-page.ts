import type { PagePolicy } from "../security/security-headers.js";
import type { Example } from "./examples.js";

/** One of the pages that src/sandbox builds. */
export interface SandboxPage {
  /** In the folder of what is built. */
  readonly file: string;
  readonly policy: PagePolicy;
  /** What the page's script is given, as JSON. */
  readonly dataOf: (options: PageOptions) => unknown;
}

export interface PageOptions {
  /** Where GraphQL is served, over HTTP and WebSocket. */
  readonly path: string;
  readonly examples: readonly Example[];
  /** Filled into the authorization header; null: left for the person to fill in. */
  readonly token: string | null;
}
