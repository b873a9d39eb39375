import type { Check } from "./finding.js";
import { ok, problem } from "./finding.js";

/** As in package.json's `engines`. */
const oldest = [20, 19] as const;

/** Checks that this version of Node.js is supported. */
export const checkNode: Check = {
  name: "Node.js",
  run() {
    const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
    const isSupported = major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
    const text = `Node.js ${process.versions.node}`;
    return isSupported ? [ok(text)] : [problem(text, `Install Node.js ${oldest.join(".")} or later`)];
  },
};
