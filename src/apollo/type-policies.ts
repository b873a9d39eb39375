import type { FieldPolicy, Reference, TypePolicies } from "@apollo/client";

/** What the cache keeps of a list: the pages that were loaded, as one. */
interface Pages {
  readonly nodes?: readonly Reference[];
  readonly pageInfo?: { readonly endCursor?: string | null };
}

/**
 * For `new InMemoryCache({ typePolicies: carillonTypePolicies })`. There is one inbox a user, and its list is one list, to
 * which `fetchMore({ variables: { after } })` adds the next page.
 */
export const carillonTypePolicies = {
  Inbox: { keyFields: ["userId"], fields: { notifications: paged(["filter"]) } },
  Query: { fields: { notifications: paged(["userId", "filter"]) } },
} satisfies TypePolicies;

function paged(keyArgs: readonly string[]): FieldPolicy<Pages> {
  return {
    keyArgs: [...keyArgs],
    merge(existing, incoming, { args }) {
      const after: unknown = args?.["after"] ?? null;
      if (after === null || existing === undefined) return incoming;
      // A page that came twice, or that was asked for before the list was read anew: behind it there would be a hole.
      if (existing.pageInfo?.endCursor !== after) return existing;
      return { ...incoming, nodes: [...(existing.nodes ?? []), ...newAmong(incoming, existing)] };
    },
  };
}

function newAmong(incoming: Pages, existing: Pages): readonly Reference[] {
  const known = new Set(existing.nodes?.map(({ __ref }) => __ref));
  return incoming.nodes?.filter(({ __ref }) => !known.has(__ref)) ?? [];
}
