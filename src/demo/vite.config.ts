import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** The page is served at /, what it loads below /demo/assets/: see src/http/demo. */
export default defineConfig({
  base: "/demo/",
  plugins: [react()],
  build: {
    outDir: "../../dist/demo",
    emptyOutDir: true,
    // Every browser that is to run it knows modulepreload, and its policy forbids styles and pictures that are inlined.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
});
