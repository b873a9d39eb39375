/**
 * Whether a JavaScript number represents this JSON number so that it is serialized as the same decimal value. True for 1e2, 1.0 and
 * 0.1; false for 1e400, 12345678901234567890 and 0.10000000000000001.
 */
export function isExactNumber(text: string): boolean {
  const value = Number(text);
  const written = String(value);
  if (written === text) return true;
  if (!Number.isFinite(value)) return false;
  const [given, kept] = [decimalOf(text), decimalOf(written)];
  return given.digits === kept.digits && given.exponent === kept.exponent;
}

/** `digits`, signed and without leading and trailing zeros, times ten to the power of `exponent`. */
interface Decimal {
  readonly digits: string;
  readonly exponent: number;
}

function decimalOf(text: string): Decimal {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const digits = whole + fraction;
  const [begin, end] = significant(digits);
  if (begin === end) return { digits: "0", exponent: 0 };
  return {
    digits: sign + digits.slice(begin, end),
    exponent: Number(exponent) - fraction.length + (digits.length - end),
  };
}

/** Start and end of the digits without leading and trailing zeros. A loop, because a regular expression takes quadratic time. */
function significant(digits: string): [begin: number, end: number] {
  let [begin, end] = [0, digits.length];
  while (begin < end && digits[begin] === "0") begin += 1;
  while (end > begin && digits[end - 1] === "0") end -= 1;
  return [begin, end];
}
