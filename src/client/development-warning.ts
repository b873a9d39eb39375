/** Bundlers replace `process.env.NODE_ENV`, and Node.js has it. */
declare const process: { readonly env: { readonly NODE_ENV?: string } };

/** Prints a line on the console, except in production. */
export function warnInDevelopment(message: string): void {
  try {
    if (process.env.NODE_ENV === "production") return;
  } catch {
    // A browser without a bundler.
  }
  console.warn(`[carillon] ${message}`);
}
