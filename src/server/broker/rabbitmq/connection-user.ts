import type { OpenConnection } from "./connection.js";

/**
 * A part that lives on a connection (publisher, live consumer, queue consumer, probe …) and moves to the next one when the
 * connection is lost:
 *
 *   detached ──attach(c1)──▶ attached to c1 ──c1.closing──▶ detached ──attach(c2)──▶ attached to c2
 *                              │        ▲
 *                              └─repair─┘   a channel or a queue was lost, and the connection is still open
 *
 * Rules of the protocol:
 *
 * 1. ConnectionSupervisor calls `attach` once for each new connection, after the topology is declared and one at a time:
 *    the previous connection is closing by then. There is no detach: `connection.closing` says that a connection is over.
 * 2. The connection counts as connected when the `attach` of every part has resolved. A rejection discards the connection,
 *    and the next attempt starts with the supervisor's back-off.
 * 3. `attach` replaces all state of the previous connection: nothing of it may be used afterwards.
 * 4. Channels are opened with `connection.openChannel`. In its `closed` callback the part drops the channel, and calls
 *    `connection.repair(() => this.attach(connection))`, which does nothing on a connection that is closing. So `attach` also
 *    has to work a second time on the same connection.
 * 5. A failed repair closes the connection, so that one back-off governs all failures.
 * 6. A part that is added while a connection is open attaches itself with `connection.run`.
 */
export interface ConnectionUser {
  /** Resolves when the part works on this connection. */
  attach(connection: OpenConnection): Promise<void>;
}
