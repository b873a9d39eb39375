/**
 * White space, control characters, format characters (zero width, direction) and characters that fonts may ignore. The blank
 * Braille pattern and the null notehead are invisible, too, but have none of these properties.
 * https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point
 */
const invisible = /^[\p{White_Space}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800\u{1D159}]*$/u;

/** Whether the text has no visible character. True for the empty text. */
export function isBlank(text: string): boolean {
  return invisible.test(text);
}
