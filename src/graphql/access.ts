import { mayOperate, maySend, mayUseInbox, type Viewer } from "../auth/viewer.js";
import type { Context } from "./context.js";
import { forbidden, unauthenticated } from "./errors.js";

/** @throws GraphQLError with code UNAUTHENTICATED */
export function requireViewer({ viewer }: Context): Viewer {
  if (viewer === null) throw unauthenticated();
  return viewer;
}

/** @throws GraphQLError with code UNAUTHENTICATED, or FORBIDDEN for somebody else's inbox */
export function requireInbox(context: Context, userId: string): Viewer {
  const viewer = requireViewer(context);
  if (!mayUseInbox(viewer, userId)) {
    throw forbidden("This inbox is not yours: it takes the scope notifications:admin");
  }
  return viewer;
}

/** @throws GraphQLError with code UNAUTHENTICATED or FORBIDDEN */
export function requireSender(context: Context): Viewer {
  const viewer = requireViewer(context);
  if (!maySend(viewer)) throw forbidden("Creating notifications takes the scope notifications:send");
  return viewer;
}

/** @throws GraphQLError with code UNAUTHENTICATED or FORBIDDEN */
export function requireOperator(context: Context): Viewer {
  const viewer = requireViewer(context);
  if (!mayOperate(viewer)) throw forbidden("Operations take the scope notifications:admin");
  return viewer;
}
