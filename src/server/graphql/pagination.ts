import type { PageInfo } from "./generated.js";

/** A page as the domain returns it. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly hasNext: boolean;
  readonly hasPrevious: boolean;
}

/**
 * Creates the resolver of a connection's `pageInfo`.
 * @param cursorOf returns the cursor of an item
 */
export function createPageInfoResolver<T>(cursorOf: (item: T) => string): (page: Page<T>) => PageInfo {
  return ({ items, hasNext, hasPrevious }) => {
    const [first, last] = [items.at(0), items.at(-1)];
    return {
      hasNextPage: hasNext,
      hasPreviousPage: hasPrevious,
      startCursor: first === undefined ? null : cursorOf(first),
      endCursor: last === undefined ? null : cursorOf(last),
    };
  };
}
