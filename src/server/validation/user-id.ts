import { isBlank } from "./blank-text.js";

/** Describes a valid user id, as the end of a sentence: "userId must have …". */
export const userIdRule =
  "1 to 128 characters, at least one of them visible, and no control characters or line breaks";

/** Excludes control characters, lone surrogates, and the line and paragraph separators. */
const pattern = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]{1,128}$/u;

/** Whether the text is a valid user id. The rule is the same for the `sub` of tokens and for recipients, so every inbox can be opened. */
export function isUserId(text: string): boolean {
  return pattern.test(text) && !isBlank(text);
}
