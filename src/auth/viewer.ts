/** Who is asking, as the token says it. */
export interface Viewer {
  /** The token's `sub`. */
  readonly userId: string;
  readonly scopes: ReadonlySet<string>;
  /** When the token ends, in milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Creates notifications for anyone. */
export const sendScope = "notifications:send";

/** Reads and acts for anyone, and sees operations. */
export const adminScope = "notifications:admin";

/** May the viewer read, mark, delete and subscribe to this inbox? */
export function mayUseInbox(viewer: Viewer, userId: string): boolean {
  return viewer.userId === userId || viewer.scopes.has(adminScope);
}

/** May the viewer create notifications? */
export function maySend(viewer: Viewer): boolean {
  return viewer.scopes.has(sendScope);
}

/** May the viewer see and change how the service is operated? */
export function mayOperate(viewer: Viewer): boolean {
  return viewer.scopes.has(adminScope);
}
