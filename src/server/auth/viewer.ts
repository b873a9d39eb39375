/** The user on whose behalf a request is made, according to its token. */
export interface Viewer {
  /** The token's `sub`. */
  readonly userId: string;
  readonly scopes: ReadonlySet<string>;
  /** When the token expires, in milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Allows creating notifications for any user. */
export const sendScope = "notifications:send";

/** Allows reading and changing any inbox, and administering webhooks and dead letters. */
export const adminScope = "notifications:admin";

/** Whether the viewer may read, change and subscribe to this inbox. */
export function mayUseInbox(viewer: Viewer, userId: string): boolean {
  return viewer.userId === userId || viewer.scopes.has(adminScope);
}

/** Whether the viewer may create notifications. */
export function maySend(viewer: Viewer): boolean {
  return viewer.scopes.has(sendScope);
}

/** Whether the viewer may administer webhooks and dead letters. */
export function mayAdminister(viewer: Viewer): boolean {
  return viewer.scopes.has(adminScope);
}
