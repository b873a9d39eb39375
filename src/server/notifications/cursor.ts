import { createHash } from "node:crypto";

/** Sequences are 32-bit: PostgreSQL's `integer`, GraphQL's `Int`. */
const maxSequence = 2 ** 31 - 1;

/** A position in a user's event stream. An event cursor encodes one. */
export interface Position {
  readonly epoch: string;
  readonly sequence: number;
}

/**
 * Event cursors are opaque to clients: the log's epoch, a hash of the user id (so that a cursor is
 * invalid in another user's stream) and the sequence, in base64url.
 */
export function encodeCursor(userId: string, { epoch, sequence }: Position): string {
  return Buffer.from(`${epoch}.${userHash(userId)}.${sequence}`).toString("base64url");
}

/** Decodes an event cursor; null: it is not one of this user's stream. */
export function decodeCursor(userId: string, cursor: string): Position | null {
  const match = /^([0-9a-f-]{36})\.([\w-]{8})\.(\d{1,10})$/.exec(fromBase64Url(cursor));
  if (match === null) return null;
  const [, epoch, hash, sequence] = match;
  if (epoch === undefined || hash !== userHash(userId) || Number(sequence) > maxSequence) return null;
  return { epoch, sequence: Number(sequence) };
}

/** A list cursor encodes the sequence of the event that created the last notification of the page. */
export function encodeListCursor(createdSequence: number): string {
  return Buffer.from(`n.${createdSequence}`).toString("base64url");
}

/** Decodes a list cursor; null: it is not one. */
export function decodeListCursor(cursor: string): number | null {
  const match = /^n\.(\d{1,10})$/.exec(fromBase64Url(cursor));
  return match === null || Number(match[1]) > maxSequence ? null : Number(match[1]);
}

function userHash(userId: string): string {
  return createHash("sha256").update(userId).digest("base64url").slice(0, 8);
}

function fromBase64Url(text: string): string {
  return text.length <= 256 ? Buffer.from(text, "base64url").toString("latin1") : "";
}
