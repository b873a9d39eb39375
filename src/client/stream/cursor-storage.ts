/** Stores the cursor of a user's stream from one page load to the next. */
export interface CursorStorage {
  load(key: string): string | null;
  save(key: string, cursor: string): void;
}

/** Stores cursors in `localStorage`, or in `sessionStorage` to give each tab its own. */
export function cursorStorage(storage: Pick<Storage, "getItem" | "setItem">): CursorStorage {
  return {
    load: (key) => orNull(() => storage.getItem(key)),
    save: (key, cursor) => orNull(() => storage.setItem(key, cursor)),
  };
}

/** Storage may be full or forbidden: then the stream starts at the present, as without it. */
function orNull<T>(access: () => T): T | null {
  try {
    return access();
  } catch {
    return null;
  }
}
