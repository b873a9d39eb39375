import type { Cache } from "@urql/exchange-graphcache";
import type { CachedInbox } from "@carillon/client/cache";
import { InboxDocument } from "@carillon/client/operations";

/** The user's inbox, with as much of its list as was loaded. */
export function readInbox(cache: Cache, userId: string): CachedInbox | undefined {
  return cache.readQuery({ query: InboxDocument, variables: { userId } })?.inbox;
}

/** Writes the user's inbox. */
export function writeInbox(cache: Cache, inbox: CachedInbox): void {
  cache.updateQuery({ query: InboxDocument, variables: { userId: inbox.userId } }, () => ({
    __typename: "Query",
    inbox,
  }));
}
