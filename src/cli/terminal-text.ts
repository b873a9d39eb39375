import picocolors from "picocolors";

export type Colors = ReturnType<typeof picocolors.createColors>;

/** Colors for output to this stream: none for pipes and files, and none with NO_COLOR (https://no-color.org). */
export function colorsFor(stream: NodeJS.WriteStream): Colors {
  const { NO_COLOR = "", TERM } = process.env;
  return picocolors.createColors(stream.isTTY && NO_COLOR === "" && TERM !== "dumb");
}

/** Control characters, which could move the terminal's cursor, and bidirectional formatting characters, which could hide text. */
const unprintable = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/** Makes untrusted text safe to print on one line; unprintable characters are escaped, e.g. as \u001b. */
export function printable(text: string): string {
  return text
    .replaceAll(/\s+/g, " ")
    .replaceAll(unprintable, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
