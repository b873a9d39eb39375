import { type Browser, chromium } from "playwright-core";
import { inject } from "vitest";
import { canInstallPackages, installPackages } from "./apt.js";
import { findProgram, isExecutable, programFolders } from "./commands.js";
import { chooseSource, MissingServiceError } from "./sources.js";

/** What the global setup found: where Chromium is, or the line that says what to do. */
export type ChromiumFound = { readonly path: string } | { readonly problem: string };

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const macPaths = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** Starts the browser without a window; a test makes its pages in contexts of its own and closes the browser. */
export async function launchChromium(): Promise<Browser> {
  const found = inject("chromium");
  if ("problem" in found) throw new Error(found.problem);
  return chromium.launch({
    executablePath: found.path,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** Finds Chromium, or installs it. What is missing fails the tests that launch it, not those that need no browser. */
export async function findChromium(): Promise<ChromiumFound> {
  try {
    return { path: await chromiumPath() };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

async function chromiumPath(): Promise<string> {
  const named = process.env["CHROMIUM_PATH"] ?? "";
  const source = await chooseSource("Chromium", {
    environment: () => named !== "",
    docker: () => false,
    machine: () => installed() !== undefined,
    apt: canInstallPackages,
  });
  if (source === "environment") {
    if (!isExecutable(named))
      throw new MissingServiceError("Chromium", `CHROMIUM_PATH=${named} is no program`);
    return named;
  }
  if (source === "apt") await installPackages("chromium");
  const path = installed();
  if (path === undefined) throw new MissingServiceError("Chromium", "apt installed none");
  return path;
}

function installed(): string | undefined {
  return findProgram(names, programFolders()) ?? macPaths.find(isExecutable);
}
