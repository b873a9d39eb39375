/**
 * The URL of a notification, if it is safe in a link: http or https, or a path of the page's own origin. Otherwise undefined, so that
 * no sender can make a click run a script or leave the page unnoticed.
 */
export function linkOf(actionUrl: string | null): string | undefined {
  if (actionUrl === null) return undefined;
  // Browsers treat a second slash or a backslash as the start of a host, and ignore tabs and line breaks.
  if (/^\/(?![/\\])/.test(actionUrl)) return /[\t\n\r\\]/.test(actionUrl) ? undefined : actionUrl;
  if (!URL.canParse(actionUrl)) return undefined;
  return ["http:", "https:"].includes(new URL(actionUrl).protocol) ? actionUrl : undefined;
}
