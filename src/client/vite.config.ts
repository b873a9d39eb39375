import { defineConfig } from "vite";

/**
 * graphql-ws becomes part of the package: installed beside it, it would bring its peer `graphql`, of which its client uses
 * nothing, into every application.
 */
export default defineConfig({
  build: {
    target: "es2023",
    // The declarations are there already.
    emptyOutDir: false,
    minify: false,
    license: { fileName: "third-party-licenses.md" },
    lib: {
      entry: { index: "index.ts", operations: "generated.ts", cache: "cache.ts" },
      formats: ["es"],
    },
    rolldownOptions: { output: { chunkFileNames: "shared.js" } },
  },
});
