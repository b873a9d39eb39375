/** What was asked for cannot be: one line that names what is wrong and what is allowed. */
export class InvalidInputError extends Error {
  override readonly name = "InvalidInputError";

  /** @param field path of the argument, e.g. `input.title`, `inputs[3].title` or `first`. */
  constructor(
    readonly field: string,
    problem: string,
  ) {
    super(`${field} ${problem}`);
  }
}
