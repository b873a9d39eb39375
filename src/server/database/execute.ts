/** A row is an object by column name, or an array of the values in the order of the columns. */
export type RowMode = "object" | "array";

/**
 * Sends one statement, with `$1` and so on for its parameters, and returns its rows: the part that differs between the
 * drivers. Both parse JSON, times, booleans and 32-bit integers.
 * @param mode `object` by default
 */
export type Execute = (text: string, parameters: unknown[], mode?: RowMode) => Promise<readonly unknown[]>;
