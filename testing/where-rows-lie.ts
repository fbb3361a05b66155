import { Client } from 'pg';
import { isDistributed } from '@/lib/db/distribute';
import type { TestDatabase } from './test-database';

/**
 * Where an account's rows of a table lie: the owner's address of that machine, and what the table is called
 * there. One PostgreSQL has them where everything is.
 */
async function findPlace(
  { owner, ownerUrl }: TestDatabase,
  table: string,
  accountId: number,
): Promise<{ url: string; table: string }> {
  if (!(await isDistributed(owner))) return { url: ownerUrl, table };
  const { rows } = await owner.query<{ host: string; port: number; part: string }>(
    `select nodename as host, nodeport as port, shard_name($1::regclass, shardid) as part
     from pg_dist_placement join pg_dist_node using (groupid)
     where shardid = get_shard_id_for_distribution_column($1::regclass, $2::int)`,
    [table, accountId],
  );
  const [place] = rows;
  if (place === undefined) throw new Error(`No machine has rows of ${table} of account ${accountId}.`);
  const url = new URL(ownerUrl);
  url.host = `${place.host}:${place.port}`;
  return { url: url.href, table: place.part };
}

/** Of its own, so that two of one database do not let each other through. */
let locks = 51_000;

/**
 * Holds whatever is inserted for one number into a table of an account, at the moment when its ids are drawn
 * and nothing of the row is there. It holds no transaction id itself.
 *
 * @returns lets it through; call it in any case
 */
export async function holdInserts(
  db: TestDatabase,
  tableName: string,
  { accountId, msisdn }: { accountId: number; msisdn: string },
): Promise<() => Promise<void>> {
  const { url, table } = await findPlace(db, tableName, accountId);
  const lock = (locks += 1);
  // a cluster would hand what is made on a machine to the others
  const isOnMachine = url !== db.ownerUrl;
  const client = new Client({
    connectionString: url,
    ...(isOnMachine ? { options: '-c citus.enable_ddl_propagation=off' } : {}),
  });
  await client.connect();
  await client.query(
    `create function hold_${lock}() returns trigger language plpgsql as $$
     begin perform pg_advisory_xact_lock(${lock}); return new; end $$`,
  );
  await client.query(
    `create trigger hold_${lock} before insert on ${table} for each row
     when (new.account_id = ${accountId} and new.msisdn = '${msisdn}') execute function hold_${lock}()`,
  );
  await client.query(`select pg_advisory_lock(${lock})`);
  return () => client.end();
}
