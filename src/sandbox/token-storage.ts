import type { Storage } from "@graphiql/toolkit";

/** Stands for the development token in what is stored. */
const placeholder = "{development token}";

/** GraphiQL stores the open editors besides the tabs, and opens a further tab when the two differ. */
const redundantKeys = new Set(["graphiql:query", "graphiql:variables", "graphiql:headers"]);

/**
 * Where GraphiQL keeps the tabs between visits: the local storage, but for the development token. That is never stored, so that
 * the next visit has the token of its own page instead of an expired one. A token that the developer typed is kept.
 */
export function createTokenStorage(token: string | null): Storage {
  const storage = openLocalStorage();
  return {
    getItem: (key) =>
      redundantKeys.has(key) ? null : (storage.getItem(key)?.replaceAll(placeholder, token ?? "") ?? null),
    setItem(key, value) {
      if (redundantKeys.has(key)) return;
      storage.setItem(key, token === null ? value : value.replaceAll(token, placeholder));
    },
    removeItem: (key) => storage.removeItem(key),
    clear: () => storage.clear(),
    get length() {
      return storage.length;
    },
  };
}

/** A browser may deny it: then nothing is kept. */
function openLocalStorage(): Storage {
  try {
    return localStorage;
  } catch {
    return { getItem: () => null, setItem() {}, removeItem() {}, clear() {}, length: 0 };
  }
}
