import { createHash } from "node:crypto";

/** Sequences are 32-bit: PostgreSQL's `integer`, GraphQL's `Int`. */
const maxSequence = 2 ** 31 - 1;

/** A place in a user's event stream: what an event cursor stands for. */
export interface Position {
  readonly epoch: string;
  readonly sequence: number;
}

/**
 * Event cursors are opaque to clients: the log's epoch, a mark of the user (so that one user's cursor means nothing in
 * another's stream) and the sequence, in base64url.
 */
export function encodeCursor(userId: string, { epoch, sequence }: Position): string {
  return Buffer.from(`${epoch}.${markOf(userId)}.${sequence}`).toString("base64url");
}

/** The place that a cursor stands for; null when it is not a cursor of this user's stream. */
export function decodeCursor(userId: string, cursor: string): Position | null {
  const match = /^([0-9a-f-]{36})\.([\w-]{8})\.(\d{1,10})$/.exec(fromBase64Url(cursor));
  if (match === null) return null;
  const [, epoch, mark, sequence] = match;
  if (epoch === undefined || mark !== markOf(userId) || Number(sequence) > maxSequence) return null;
  return { epoch, sequence: Number(sequence) };
}

/** Cursors of a list of notifications stand for the sequence of the event that created the last one seen. */
export function encodeListCursor(createdSequence: number): string {
  return Buffer.from(`n.${createdSequence}`).toString("base64url");
}

/** The sequence that a list cursor stands for; null when it is no list cursor. */
export function decodeListCursor(cursor: string): number | null {
  const match = /^n\.(\d{1,10})$/.exec(fromBase64Url(cursor));
  return match === null || Number(match[1]) > maxSequence ? null : Number(match[1]);
}

function markOf(userId: string): string {
  return createHash("sha256").update(userId).digest("base64url").slice(0, 8);
}

function fromBase64Url(text: string): string {
  return text.length <= 256 ? Buffer.from(text, "base64url").toString("latin1") : "";
}
