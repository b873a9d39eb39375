/**
 * The URL of a notification as a link may have it: http or https, or a path of the page's own origin. Anything else is
 * none, so that no sender can have a click run a script or leave the page unseen.
 */
export function linkOf(actionUrl: string | null): string | undefined {
  if (actionUrl === null) return undefined;
  // Browsers take a second slash or a backslash for the beginning of a host, and pass over tabs and line breaks.
  if (/^\/(?![/\\])/.test(actionUrl)) return /[\t\n\r\\]/.test(actionUrl) ? undefined : actionUrl;
  if (!URL.canParse(actionUrl)) return undefined;
  return ["http:", "https:"].includes(new URL(actionUrl).protocol) ? actionUrl : undefined;
}
