import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** The pages are served at /graphql, what they load below /graphql/sandbox/assets/: see src/server/http/sandbox. */
export default defineConfig({
  base: "/graphql/sandbox/",
  plugins: [react()],
  build: {
    // All supported browsers have modulepreload, and the pages' policy forbids inlined fonts and workers.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    license: { fileName: "third-party-licenses.md" },
    // Monaco, the editor of GraphiQL, is one chunk.
    chunkSizeWarningLimit: 4000,
    rolldownOptions: {
      // GraphiQL's files say "use no memo" to the React compiler, which has run on them already.
      checks: { moduleLevelDirective: false },
      input: ["graphiql.html", "apollo.html"].map((file) => fileURLToPath(new URL(file, import.meta.url))),
    },
  },
  worker: { format: "es" },
});
