import { randomUUID } from "node:crypto";
import { isExactNumber } from "./exact-number.js";

/**
 * A number in a client's JSON that `JSON.parse` would silently change: 1e400 becomes Infinity, and 12345678901234567890 another number.
 * No scalar of the schema accepts an `InexactNumber`, so that the error names the field that contains it.
 *
 * If an object contains a name twice, the last member counts, as in `JSON.parse` (RFC 8259, section 4, leaves this open).
 */
export class InexactNumber {
  /** The number as the client wrote it. */
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** For error messages that quote the value. */
  toJSON(): string {
    return this.text;
  }
}

/** Every inexact number has at least 16 digits or an exponent. Most texts contain neither. */
const suspicious = /[\d.]{16}|\d[eE]/;

/** Matches numbers, and strings in order to skip them. */
const stringOrNumber = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;

/** Prefix of the strings that replace inexact numbers. Clients cannot know it. */
const mark = `${randomUUID()}:`;

/**
 * Parses JSON, with an `InexactNumber` in place of each number that a JavaScript number cannot represent.
 * @throws SyntaxError when the text is not JSON
 */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (!suspicious.test(text)) return value;
  const marked = markIn(text);
  if (marked === text) return value;
  const holder: { readonly value: unknown } = { value: JSON.parse(marked) };
  restoreInexactNumbers(holder);
  return holder.value;
}

/**
 * The first half of `parseJson`, for libraries that call `JSON.parse` themselves: replaces inexact numbers with marked strings, which
 * `restoreInexactNumbers` converts after parsing. Text that is not JSON is returned unchanged.
 */
export function markInexactNumbers(text: string): string {
  return suspicious.test(text) && isJson(text) ? markIn(text) : text;
}

/**
 * The second half: replaces marked strings in a parsed value with `InexactNumber`s. Not recursive, because a reviver of `JSON.parse`
 * overflows the stack at some thousand levels.
 */
export function restoreInexactNumbers(parsed: object): void {
  const waiting = [parsed];
  for (let parent = waiting.pop(); parent !== undefined; parent = waiting.pop()) {
    const members: [string, unknown][] = Object.entries(parent);
    for (const [name, value] of members) {
      if (typeof value === "object" && value !== null) waiting.push(value);
      if (typeof value !== "string" || !value.startsWith(mark)) continue;
      // An assignment to __proto__ would not create a property.
      const number = new InexactNumber(value.slice(mark.length));
      Object.defineProperty(parent, name, {
        value: number,
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
  }
}

/** Accepts JSON only: on an unterminated string the pattern takes quadratic time. */
function markIn(json: string): string {
  return json.replaceAll(stringOrNumber, (token) =>
    token.startsWith('"') || isExactNumber(token) ? token : `"${mark}${token}"`,
  );
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
