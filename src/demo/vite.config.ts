import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** The page is served at /, what it loads below /demo/assets/: see src/server/http/demo. */
export default defineConfig({
  base: "/demo/",
  plugins: [react()],
  build: {
    // All supported browsers have modulepreload, and the page's policy forbids inlined styles and pictures.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
});
