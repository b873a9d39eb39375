import picocolors from "picocolors";

export type Colors = ReturnType<typeof picocolors.createColors>;

/** Colours for what is written to this stream: none in a pipe or a file, and none with NO_COLOR (https://no-color.org). */
export function colorsFor(stream: NodeJS.WriteStream): Colors {
  const { NO_COLOR = "", TERM } = process.env;
  return picocolors.createColors(stream.isTTY && NO_COLOR === "" && TERM !== "dumb");
}

/** Controls, which could move a terminal's cursor, and marks that turn the direction of text, which could hide some. */
const unprintable = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/** Text of others in one line of a terminal; what is unprintable is shown as \u001b. */
export function printable(text: string): string {
  return text
    .replaceAll(/\s+/g, " ")
    .replaceAll(unprintable, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
