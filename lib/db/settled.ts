import type { Pool, PoolClient } from 'pg';
import { isOfOneServer, serverQuestion } from '@/lib/db/one-server';

/** A machine that is back ends what it has prepared within two seconds: `citus.recover_2pc_interval`. */
const patienceMs = 4_000;
const pauseMs = 50;

/**
 * A part of what is there has been promised, and is not in force yet: a machine died while it committed. To
 * be tried again.
 */
export class UnsettledCommitError extends Error {
  override readonly name = 'UnsettledCommitError';
}

/**
 * Before something that was found is called done: waits until all is in force that was committed with it. On
 * a cluster one machine may show what it has of a transaction while another, which died at that moment, has
 * it prepared still. Whatever was prepared when this is asked must have ended. On one PostgreSQL there is
 * nothing to wait for.
 *
 * @throws an {@link UnsettledCommitError} when it takes longer than four seconds, or a machine is away
 */
export async function waitUntilSettled(client: PoolClient): Promise<void> {
  if (isOfOneServer(client) || !(await isOfCluster(client))) return;
  const end = performance.now() + patienceMs;
  let before: ReadonlySet<string> | null = null;
  for (;;) {
    const prepared = await listPrepared(client);
    before ??= prepared;
    if (prepared && before && [...before].every((gid) => !prepared.has(gid))) return;
    if (performance.now() > end)
      throw new UnsettledCommitError('A machine of the cluster has still to commit what it promised.');
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

/** The same on a connection of its own. */
export async function waitUntilSettledIn(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await waitUntilSettled(client);
  } finally {
    client.release();
  }
}

async function isOfCluster(client: PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>(serverQuestion);
  return rows[0]?.found ?? false;
}

/** The transactions of the cluster that are prepared on any machine; null when one does not answer. */
async function listPrepared(client: PoolClient): Promise<ReadonlySet<string> | null> {
  const { rows } = await client.query<{ success: boolean; result: string }>(
    `select success, result from run_command_on_all_nodes($$
       select coalesce(string_agg(gid, ' '), '') from pg_prepared_xacts
       where database = current_database() and gid like 'citus%' $$)`,
  );
  if (!rows.every(({ success }) => success)) return null;
  return new Set(rows.flatMap(({ result }) => result.split(' ')).filter((gid) => gid !== ''));
}
