import { existsSync } from "node:fs";

/** The folder of package.json: the project, or once built dist/, which mirrors it. */
const packageFolder = findPackageFolder(new URL("./", import.meta.url));

/** What this program reads besides its code. @param path from the folder of package.json */
export function packageFile(path: string): URL {
  return new URL(path, packageFolder);
}

function findPackageFolder(folder: URL): URL {
  if (existsSync(new URL("package.json", folder))) return folder;
  const parent = new URL("../", folder);
  if (parent.href === folder.href) throw new Error(`there is no package.json above ${import.meta.url}`);
  return findPackageFolder(parent);
}
