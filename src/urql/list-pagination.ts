import { stringifyVariables } from "@urql/core";
import type { Cache, Resolver, UpdateResolver, Variables } from "@urql/exchange-graphcache";

/**
 * All pages of a list are merged into one, which is stored under the field's arguments without `first` and `after`. The first page
 * replaces the list; a page that continues at its end is added.
 */
export const addPage: UpdateResolver = (_result, args, cache, { parentKey, fieldName }) => {
  const page = keyOf(cache.resolve(parentKey, fieldName, args));
  const list = keyOf(cache.resolve(parentKey, fieldName, listArguments(args)));
  const after = args["after"] ?? null;
  if (page === null || page === list) return;
  if (after === null || list === null) {
    invalidateLaterPages(cache, parentKey, fieldName, args);
    cache.link(parentKey, fieldName, listArguments(args), page);
    return;
  }
  // A page that arrives twice, or that was requested before the list was read again, would leave a gap.
  if (endCursor(cache, list) !== after) return;
  cache.link(list, "nodes", [...new Set([...nodesOf(cache, list), ...nodesOf(cache, page)])]);
  cache.link(list, "pageInfo", keyOf(cache.resolve(page, "pageInfo")));
};

/** Resolves to the whole list, as far as it was loaded; to nothing when the requested page was not. */
export const wholeList: Resolver = (_parent, args, cache, { parentKey, fieldName }) => {
  const isLoaded = !hasAfter(args) || keyOf(cache.resolve(parentKey, fieldName, args)) !== null;
  return isLoaded ? cache.resolve(parentKey, fieldName, listArguments(args)) : undefined;
};

/** Invalidates the pages after the first: the list was read again, and its later pages have to be requested again. */
export function invalidateLaterPages(cache: Cache, parent: string, fieldName: string, args: Variables): void {
  invalidateLists(cache, parent, fieldName, (other) => hasAfter(other) && isSameList(other, args));
}

/** Invalidates some lists of a field: queries that show one read it again. */
export function invalidateLists(
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

/** The arguments of a list without those of a page; null when there are none. */
function listArguments(args: Variables): Variables | null {
  const known = Object.entries(args).filter(
    ([name, value]) => name !== "first" && name !== "after" && value !== null && value !== undefined,
  );
  return known.length === 0 ? null : Object.fromEntries(known);
}

/** Do the arguments select a part of the list? */
export function isFiltered(args: Variables): boolean {
  return (args["filter"] ?? null) !== null;
}

function hasAfter(args: Variables): boolean {
  return (args["after"] ?? null) !== null;
}

function isSameList(one: Variables, other: Variables): boolean {
  return stringifyVariables(listArguments(one) ?? {}) === stringifyVariables(listArguments(other) ?? {});
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
