/**
 * A text as PostgreSQL can store it: without NUL and halves of surrogate pairs. What others publish may hold both, and what
 * somebody looks for is changed alike, so that it is found.
 */
export function storable(text: string): string {
  return text.replaceAll("\0", "\uFFFD").toWellFormed();
}
