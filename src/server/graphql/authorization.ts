import { mayAdminister, maySend, mayUseInbox, type Viewer } from "../auth/viewer.js";
import type { Context } from "./context.js";
import { forbidden, unauthenticated } from "./error-format.js";

/** @throws GraphQLError with code UNAUTHENTICATED */
export function requireViewer({ viewer }: Context): Viewer {
  if (viewer === null) throw unauthenticated();
  return viewer;
}

/** @throws GraphQLError with code UNAUTHENTICATED, or FORBIDDEN for another user's inbox */
export function requireInbox(context: Context, userId: string): Viewer {
  const viewer = requireViewer(context);
  if (!mayUseInbox(viewer, userId)) {
    throw forbidden("This is another user's inbox: the scope notifications:admin is required");
  }
  return viewer;
}

/** @throws GraphQLError with code UNAUTHENTICATED or FORBIDDEN */
export function requireSender(context: Context): Viewer {
  const viewer = requireViewer(context);
  if (!maySend(viewer)) throw forbidden("Creating notifications requires the scope notifications:send");
  return viewer;
}

/** @throws GraphQLError with code UNAUTHENTICATED or FORBIDDEN */
export function requireAdmin(context: Context): Viewer {
  const viewer = requireViewer(context);
  if (!mayAdminister(viewer)) throw forbidden("This operation requires the scope notifications:admin");
  return viewer;
}
