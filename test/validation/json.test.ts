import {
  array,
  assert,
  boolean,
  constant,
  constantFrom,
  double,
  integer,
  json,
  oneof,
  property,
  record,
  tuple,
} from "fast-check";
import { describe, expect, test } from "vitest";
import { isExactNumber } from "../../src/server/validation/exact-number.js";
import {
  InexactNumber,
  markInexactNumbers,
  parseJson,
  restoreInexactNumbers,
} from "../../src/server/validation/json.js";

/** A JSON number as a fraction of whole numbers: exact, and reckoned in another way than the code that is tested. */
function fractionOf(text: string): { over: bigint; under: bigint } {
  const [mantissa = "", exponent = "0"] = text.toLowerCase().split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  const power = BigInt(exponent) - BigInt(fraction.length);
  const digits = BigInt(whole.replace("-", "") + fraction) * (text.startsWith("-") ? -1n : 1n);
  return power < 0n ? { over: digits, under: 10n ** -power } : { over: digits * 10n ** power, under: 1n };
}

function isSameValue(a: string, b: string): boolean {
  const [x, y] = [fractionOf(a), fractionOf(b)];
  return x.over * y.under === y.over * x.under;
}

const digits = (max: number) =>
  array(integer({ min: 0, max: 9 }), { minLength: 1, maxLength: max }).map((list) => list.join(""));

const numberText = record({
  sign: constantFrom("", "-"),
  whole: digits(22).map((text) => text.replace(/^0+(?=\d)/, "")),
  fraction: oneof(
    constant(""),
    digits(22).map((text) => `.${text}`),
  ),
  exponent: oneof(
    constant(""),
    tuple(constantFrom("e", "E"), constantFrom("", "+", "-"), integer({ min: 0, max: 400 })).map((parts) =>
      parts.join(""),
    ),
  ),
}).map(({ sign, whole, fraction, exponent }) => sign + whole + fraction + exponent);

describe("a JSON number", () => {
  test("is kept when JavaScript writes the same value again, and is an InexactNumber when it does not", () => {
    assert(
      property(numberText, (text) => {
        const written = String(Number(text));
        const survives = Number.isFinite(Number(text)) && isSameValue(text, written);
        expect(isExactNumber(text)).toBe(survives);
        const value = parseJson(`{"a":[${text}]}`);
        expect(value).toEqual({ a: [survives ? Number(text) : new InexactNumber(text)] });
      }),
      { numRuns: 2000 },
    );
  });

  test("is kept however a double is written", () => {
    assert(
      property(double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        for (const text of [String(value), value.toExponential(), JSON.stringify(value)]) {
          expect(parseJson(text)).toBe(Number(text));
        }
      }),
    );
  });
});

test("JSON of any kind is read as JSON.parse reads it", () => {
  assert(
    property(json(), boolean(), (json, indented) => {
      const text = indented ? JSON.stringify(JSON.parse(json), null, 2) : json;
      expect(parseJson(text)).toEqual(JSON.parse(text));
      const read: { readonly value: unknown } = { value: JSON.parse(markInexactNumbers(text)) };
      restoreInexactNumbers(read);
      expect(read.value).toEqual(JSON.parse(text));
    }),
  );
});

test("text that looks like a number in a string stays a string, also beside one that is marked", () => {
  const text = String.raw`{"1e400":"1e400","\"1e400":"\\\"1e400","x":1e400,"\\":["-1e400,1e400",1e400]}`;
  const inexact = new InexactNumber("1e400");
  expect(parseJson(text)).toEqual({
    "1e400": "1e400",
    '"1e400': '\\"1e400',
    x: inexact,
    "\\": ["-1e400,1e400", inexact],
  });
});

test.each(["{1e400:2}", "[1e400 2]", "[01e400]", "1e400e400", "[1-1e400]", "[1e400", '"1e400', "+1e400", ""])(
  "what is no JSON stays none: %s",
  (text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError);
    expect(markInexactNumbers(text)).toBe(text);
  },
);

test.each<[string, (length: number) => string]>([
  ["zeros", (length) => `[1${"0".repeat(length)}1]`],
  ["zeros after a point", (length) => `[0.${"0".repeat(length)}1]`],
  ["quotes that end no string", (length) => '"1e4\\'.repeat(length / 5)],
  ["escapes in a string without an end", (length) => `["1e400${"\\n".repeat(length / 2)}`],
  ["signs", (length) => `1e4${"-".repeat(length)}`],
  ["numbers one after the other", (length) => `[${"1e400,".repeat(length / 6)}1]`],
])("a text full of %s is read in time that grows with its length, and not with its square", (_name, make) => {
  // Processor time, in milliseconds: other processes have no part in it.
  const timeOf = (text: string): number => {
    const begin = process.cpuUsage();
    try {
      parseJson(text);
    } catch (error) {
      expect(error).toBeInstanceOf(SyntaxError);
    }
    const { user, system } = process.cpuUsage(begin);
    return (user + system) / 1000;
  };
  timeOf(make(60_000));
  // Sixteen times the length: with its square it would take 256 times as long.
  expect(timeOf(make(960_000))).toBeLessThan(100 * timeOf(make(60_000)) + 100);
});

test("names such as __proto__ are an object's own, and change no other object", () => {
  const value = parseJson('{"__proto__":{"polluted":1e400},"constructor":{"prototype":{"polluted":true}}}');
  expect(Object.keys(value as object)).toEqual(["__proto__", "constructor"]);
  expect({}).not.toHaveProperty("polluted");
});
