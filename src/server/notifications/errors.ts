/** The caller's input is invalid. The message names the field and what is allowed. */
export class InvalidInputError extends Error {
  override readonly name = "InvalidInputError";

  /**
   * @param field path of the argument, e.g. `input.title`, `inputs[3].title` or `first`.
   * @param reason a code for callers that can handle it
   */
  constructor(
    readonly field: string,
    problem: string,
    readonly reason: "IDEMPOTENCY_MISMATCH" | null = null,
  ) {
    super(`${field} ${problem}`);
  }
}
