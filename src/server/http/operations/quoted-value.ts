/** The longest quoted value in an error message, in UTF-16 code units: clients may send values of any size. */
const maxQuoteLength = 100;

/** Returns the text, truncated with "…" if it is longer than `maxLength`. */
export function truncate(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  return `${text.slice(0, maxLength - 1).toWellFormed()}…`;
}

/** Formats a JSON value as graphql-js does, but stops at the maximum length. */
export function quote(value: unknown): string {
  let text = "";
  for (const piece of piecesOf(value)) {
    text += piece;
    if (text.length > maxQuoteLength) break;
  }
  return truncate(text, maxQuoteLength);
}

function* piecesOf(value: unknown): Generator<string> {
  if (typeof value === "string") {
    yield JSON.stringify(truncate(value, maxQuoteLength));
  } else if (Array.isArray(value)) {
    yield "[";
    for (const [index, item] of value.entries()) {
      if (index > 0) yield ", ";
      yield* piecesOf(item);
    }
    yield "]";
  } else if (typeof value === "object" && value !== null) {
    yield "{ ";
    for (const [index, [key, member]] of Object.entries(value).entries()) {
      yield `${index > 0 ? ", " : ""}${truncate(key, maxQuoteLength)}: `;
      yield* piecesOf(member);
    }
    yield " }";
  } else {
    yield String(value);
  }
}
