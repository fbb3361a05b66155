import type { Pool } from 'pg';
import { isOnCluster } from './one-server';

/**
 * Ends the connections of the coordinator, or of one PostgreSQL, whose statement waits for a lock, wherever
 * it waits.
 *
 * @param like what is in its text
 * @returns how many
 */
export async function endWaiting(owner: Pool, like: string): Promise<number> {
  const { rowCount } = await owner.query(
    isOnCluster
      ? `select pg_terminate_backend(waiting_gpid) from citus_lock_waits where blocked_statement like $1`
      : `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and wait_event_type = 'Lock' and query like $1`,
    [`%${like}%`],
  );
  return rowCount ?? 0;
}

/** Each place where one can wait for a lock: one PostgreSQL, or all machines of a cluster. */
let activity: string | undefined;

/**
 * Whether a connection of a test's database waits for a lock, on whichever machine of a cluster.
 *
 * @param owner of the database: others do not see what a machine of a cluster does for them
 */
export async function isSomebodyWaiting(owner: Pool): Promise<boolean> {
  activity ??= await owner
    .query<{ name: string }>(
      `select coalesce(to_regclass('citus_stat_activity')::text, 'pg_stat_activity') as name`,
    )
    .then(({ rows }) => String(rows[0]?.name));
  const { rowCount } = await owner.query(
    `select from ${activity} where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return (rowCount ?? 0) > 0;
}
