import { stringifyVariables } from "@urql/core";
import type { Cache, Resolver, UpdateResolver, Variables } from "@urql/exchange-graphcache";

/**
 * A list is one list, whatever pages of it were asked for: it is kept under the field's arguments without `first` and `after`.
 * What is read first is the list; a page that goes on from its end is added.
 */
export const addPage: UpdateResolver = (_result, args, cache, { parentKey, fieldName }) => {
  const page = keyOf(cache.resolve(parentKey, fieldName, args));
  const list = keyOf(cache.resolve(parentKey, fieldName, ofWholeList(args)));
  const after = args["after"] ?? null;
  if (page === null || page === list) return;
  if (after === null || list === null) {
    forgetLaterPages(cache, parentKey, fieldName, args);
    cache.link(parentKey, fieldName, ofWholeList(args), page);
    return;
  }
  // A page that came twice, or that was asked for before the list was read anew: behind it there would be a hole.
  if (endCursor(cache, list) !== after) return;
  cache.link(list, "nodes", [...new Set([...nodesOf(cache, list), ...nodesOf(cache, page)])]);
  cache.link(list, "pageInfo", keyOf(cache.resolve(page, "pageInfo")));
};

/** Gives the whole list, as far as it was loaded; nothing when the page that is asked for is not. */
export const wholeList: Resolver = (_parent, args, cache, { parentKey, fieldName }) => {
  const isLoaded = !hasAfter(args) || keyOf(cache.resolve(parentKey, fieldName, args)) !== null;
  return isLoaded ? cache.resolve(parentKey, fieldName, ofWholeList(args)) : undefined;
};

/** The list was read anew: what followed its end before is to be asked for again. */
export function forgetLaterPages(cache: Cache, parent: string, fieldName: string, args: Variables): void {
  forgetLists(cache, parent, fieldName, (other) => hasAfter(other) && isSameList(other, args));
}

/** Lets go of the lists of a field that are meant: queries that show one read it anew. */
export function forgetLists(
  cache: Cache,
  parent: string,
  fieldName: string,
  isMeant: (args: Variables) => boolean,
): void {
  for (const field of cache.inspectFields(parent)) {
    const args = field.arguments ?? {};
    if (field.fieldName === fieldName && isMeant(args)) cache.invalidate(parent, fieldName, args);
  }
}

/** As the query `Inbox` has them when it asks for no page in particular: without any, null. */
function ofWholeList(args: Variables): Variables | null {
  const known = Object.entries(args).filter(
    ([name, value]) => name !== "first" && name !== "after" && value !== null && value !== undefined,
  );
  return known.length === 0 ? null : Object.fromEntries(known);
}

/** Is it the list of all, or of some? */
export function isFiltered(args: Variables): boolean {
  return (args["filter"] ?? null) !== null;
}

function hasAfter(args: Variables): boolean {
  return (args["after"] ?? null) !== null;
}

function isSameList(one: Variables, other: Variables): boolean {
  return stringifyVariables(ofWholeList(one) ?? {}) === stringifyVariables(ofWholeList(other) ?? {});
}

function nodesOf(cache: Cache, list: string): readonly string[] {
  const nodes: unknown = cache.resolve(list, "nodes");
  return Array.isArray(nodes) ? nodes.filter(isKey) : [];
}

function endCursor(cache: Cache, list: string): unknown {
  const pageInfo = keyOf(cache.resolve(list, "pageInfo"));
  return pageInfo === null ? null : cache.resolve(pageInfo, "endCursor");
}

function keyOf(link: unknown): string | null {
  return isKey(link) ? link : null;
}

function isKey(link: unknown): link is string {
  return typeof link === "string";
}
