// @ts-check
/**
 * Saves operations where Altair keeps them, since its options take none: in its database in this browser. Each has an id of its
 * own, so the next visit replaces them, and leaves alone what a person saved.
 */

/** Altair's, as of its version 8: Dexie multiplies its version 5 by ten. */
const name = "AltairDB";
const version = 50;

/** @typedef {{ queries: { apiUrl: string, subscriptionUrl: string }[] }} Collection Of what Altair keeps, what is changed here. */

/** @param {Collection[]} collections with paths for addresses, as the server does not know its own */
export async function saveCollections(collections) {
  for (const query of collections.flatMap(({ queries }) => queries)) {
    query.apiUrl = new URL(query.apiUrl, location.origin).href;
    query.subscriptionUrl = new URL(query.subscriptionUrl, location.origin.replace(/^http/, "ws")).href;
  }
  const opening = indexedDB.open(name, version);
  opening.addEventListener("upgradeneeded", () => create(opening.result));
  await done(opening);
  const database = opening.result;
  const store = database.transaction("queryCollections", "readwrite").objectStore("queryCollections");
  await Promise.all(collections.map((collection) => done(store.put(collection))));
  // Altair waits to open it for as long as somebody else has it open.
  database.close();
}

/**
 * What Altair would make itself at the first visit.
 * @param {IDBDatabase} database
 */
function create(database) {
  const collections = database.createObjectStore("queryCollections", { keyPath: "id", autoIncrement: true });
  collections.createIndex("title", "title");
  collections.createIndex("parentPath", "parentPath");
  database.createObjectStore("appState", { keyPath: "key" });
  database.createObjectStore("selectedFiles", { keyPath: "id" }).createIndex("windowId", "windowId");
  database.createObjectStore("localActionLogs", { keyPath: "id", autoIncrement: true });
}

/** @param {IDBRequest} request */
async function done(request) {
  await new Promise((resolve, reject) => {
    request.addEventListener("success", resolve);
    request.addEventListener("error", () => reject(new Error("IndexedDB", { cause: request.error })));
  });
}
