import { fileURLToPath } from "node:url";
import { build } from "vite";

/** Bundles a module for a browser, as an application's bundler does, minified; `carillon/…` is what was built. */
export async function bundle(source: string): Promise<string> {
  // It stands here as far as imports go, so that they find the project's packages and the project itself.
  const entry = fileURLToPath(new URL("entry.js", import.meta.url));
  const output = await build({
    configFile: false,
    logLevel: "silent",
    root: import.meta.dirname,
    // React's development build, so that its StrictMode mounts everything twice.
    define: { "process.env.NODE_ENV": '"development"' },
    plugins: [
      {
        name: "entry",
        resolveId: (id) => (id === entry ? id : null),
        load: (id) => (id === entry ? source : null),
      },
    ],
    build: {
      write: false,
      minify: true,
      lib: { entry, formats: ["es"], fileName: "entry" },
    },
  });
  const [result] = Array.isArray(output) ? output : [output];
  if (result === undefined || !("output" in result)) throw new Error("There is no bundle");
  return result.output[0].code;
}
