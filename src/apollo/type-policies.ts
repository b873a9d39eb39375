import type { FieldPolicy, Reference, TypePolicies } from "@apollo/client";

/** A list in the cache: the pages that were loaded, merged. */
interface Pages {
  readonly nodes?: readonly Reference[];
  readonly pageInfo?: { readonly endCursor?: string | null };
}

/**
 * For `new InMemoryCache({ typePolicies: carillonTypePolicies })`. A user has one inbox, and the inbox has one list, to which
 * `fetchMore({ variables: { after } })` adds the next page.
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
      // A page that arrives twice, or that was requested before the list was read again, would leave a gap.
      if (existing.pageInfo?.endCursor !== after) return existing;
      return { ...incoming, nodes: [...(existing.nodes ?? []), ...newAmong(incoming, existing)] };
    },
  };
}

function newAmong(incoming: Pages, existing: Pages): readonly Reference[] {
  const known = new Set(existing.nodes?.map(({ __ref }) => __ref));
  return incoming.nodes?.filter(({ __ref }) => !known.has(__ref)) ?? [];
}
