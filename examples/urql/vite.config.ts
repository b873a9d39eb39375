import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Where Carillon is: what the page asks of it goes through here, as it goes through a proxy in production. */
const service = process.env["CARILLON_URL"] ?? "http://127.0.0.1:4000";

export default defineConfig({
  plugins: [react()],
  server: { proxy: { "/graphql": { target: service, ws: true }, "/demo/token": service } },
});
