/**
 * The identity of a database, as an SQL expression of type text: cluster, timeline and database. It differs after a
 * dump is restored into another database or cluster, after a restore to a point in time, and after a promotion.
 *
 * The timeline is the one that is being written. Until the first checkpoint after a promotion, which may take minutes, the
 * last checkpoint has the former timeline; the end-of-recovery record has the new one, before the server accepts its first
 * write. That checkpoint changes both at the same time, so the record is read first.
 *
 * Every role may read it, and it calls no function of the write-ahead log, because Amazon Aurora has none.
 * https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-CONTROLDATA
 */
export const databaseIdentity = `(
  (select system_identifier from pg_control_system()) || '/' ||
  greatest((pg_control_recovery()).min_recovery_end_timeline, (pg_control_checkpoint()).timeline_id) || '/' ||
  (select oid from pg_database where datname = current_database()))`;

/**
 * The same, from a setting of the session where it is cached. An embedded database is the only one that uses its files, so its
 * identity does not change, and reading it through WebAssembly takes 130 µs, as long as some commands; on a server it takes 35 µs.
 */
export const currentDatabaseIdentity = `coalesce(nullif(current_setting('carillon.place', true), ''), ${databaseIdentity})`;

/** Caches the identity in the session. */
export const cacheDatabaseIdentity = `select set_config('carillon.place', ${databaseIdentity}, false)`;
