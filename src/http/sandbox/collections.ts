import { documentOf, type Example } from "./examples.js";

/** One place to change for every operation: the token is a variable of Altair's environment. */
export const authorization = { authorization: "Bearer {{token}}" };

/** The examples as Altair keeps saved operations: a collection for each group. */
export function collectionsOf({ path, examples }: { path: string; examples: readonly Example[] }): unknown[] {
  const groups = [...new Set(examples.map(({ group }) => group))];
  return groups.map((group, place) => {
    const ofGroup = examples.filter((example) => example.group === group);
    return {
      id: idOf(group),
      title: `Carillon: ${group.toLowerCase()}`,
      workspaceId: "local",
      storageType: "local",
      parentPath: "",
      // "Newest" first, which is how Altair shows collections.
      updated_at: groups.length - place,
      queries: ofGroup.map((example, place) => savedOperation(path, example, place)),
    };
  });
}

function savedOperation(path: string, example: Example, place: number): unknown {
  return {
    id: idOf(`${example.group} ${example.title}`),
    version: 1,
    type: "window",
    storageType: "local",
    // What Altair calls "newest", too, has the oldest first within a collection.
    updated_at: place + 1,
    windowName: example.title,
    query: documentOf(example),
    variables: JSON.stringify(example.variables, null, 2),
    apiUrl: path,
    subscriptionUrl: path,
    headers: [{ key: "authorization", value: authorization.authorization, enabled: true }],
    subscriptionConnectionParams: JSON.stringify(authorization),
    subscriptionRequestHandlerId: "graphql-ws",
    subscriptionUseDefaultRequestHandler: false,
  };
}

/** Always the same: the next visit replaces what this one saved. */
function idOf(name: string): string {
  return `carillon ${name.toLowerCase()}`.replaceAll(" ", "-");
}
