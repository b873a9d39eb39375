/** What one client, and all clients together, may occupy: time in milliseconds, memory in bytes. */
export interface ConnectionLimits {
  /** Time until the headers of a request are complete; then 408 (Node.js checks once a second). */
  readonly headersTimeout: number;
  /** Time until a request is complete, including its body; then 408. */
  readonly requestTimeout: number;
  /** Time to read a response or a message, plus one second for each `minReadRate` bytes; then the connection is cut. */
  readonly readTimeout: number;
  /** The lowest rate, in bytes per second, at which a client must read. */
  readonly minReadRate: number;
  /** Bytes buffered for all clients. The limit applies to unread output and to incomplete input separately. */
  readonly bufferedBytes: number;
  /** The same for the clients of one address. */
  readonly bufferedBytesPerAddress: number;
  /** Unread bytes of one WebSocket; then it is closed with 1013. */
  readonly bufferedBytesPerSocket: number;
  /** WebSockets that have not sent a valid token yet. One more displaces another: see unauthenticated-sockets.ts. */
  readonly unauthenticatedSockets: number;
  /** Bytes that a WebSocket may send before it is authenticated; then it is closed with 1008. */
  readonly bytesBeforeToken: number;
  /** The rate at which one WebSocket is read. Each message counts 1 KiB in addition to its size. */
  readonly inboundBytesPerSecond: number;
  /** The rate at which all WebSockets of one address are read. */
  readonly inboundBytesPerSecondPerAddress: number;
}

const MiB = 1024 * 1024;

export const defaultConnectionLimits: ConnectionLimits = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  readTimeout: 30_000,
  minReadRate: 16 * 1024,
  bufferedBytes: 128 * MiB,
  bufferedBytesPerAddress: 64 * MiB,
  bufferedBytesPerSocket: 16 * MiB,
  unauthenticatedSockets: 2000,
  bytesBeforeToken: 32 * 1024,
  inboundBytesPerSecond: MiB,
  inboundBytesPerSecondPerAddress: 16 * MiB,
};
