import type { Client } from 'pg';
import { distribution, distributionKeys, type Distribution } from '@/lib/db/distribution';
import { withClient } from '@/lib/db/with-client';

/** The database cannot be spread as it is; the message says what to do, to whoever ran the command. */
export class DistributionError extends Error {
  override readonly name = 'DistributionError';
}

/** Every account's tables lie as these do; the others by recipient as those. */
const models = { account: 'credit_balance', recipient: 'carrier_receipt' } as const;

/**
 * In how many parts. What is written by recipient is one batch's receipts and conversations: of 32 parts each
 * batch would ask all, and one reply after another waits for that.
 */
const shardCounts = { account: 32, recipient: 4 } as const;

/** How often a cluster ends what a machine that died left half committed. */
const recoverySeconds = 2;

/** One thing that is done to a table, or would be. */
export interface DistributionStep {
  table: string;
  to: Distribution;
  /** What is in it now, with its indexes. */
  bytes: number;
}

/** Whether a database is spread over a cluster; false of any PostgreSQL without the extension. */
export async function isDistributed(client: Pick<Client, 'query'>): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>(
    `select to_regclass('pg_catalog.pg_dist_partition') is not null as found`,
  );
  if (!rows[0]?.found) return false;
  const placed = await readPlaced(client);
  return placed.has(models.account);
}

/**
 * Spreads the tables of a database over the machines of its Citus cluster, as lib/db/distribution.ts says: of
 * an empty database or a full one, in one transaction, so that it is done or not. What is spread already
 * stays; so it is run again after migrations that make tables.
 *
 * @param url of the owner
 * @param options.tell hears of each step before it is done
 * @returns the steps that were done
 * @throws DistributionError when there is no cluster
 */
export async function distribute(
  url: string,
  { tell }: { tell?: (step: DistributionStep, place: number, of: number) => void } = {},
): Promise<DistributionStep[]> {
  return withClient(url, async (client) => {
    await requireCluster(client);
    const steps = await findSteps(client);
    if (steps.length > 0) await runSteps(client, steps, tell);
    await emptyLocalCopies(client);
    await keepFunctions(client);
    await setUp(client);
    return steps;
  });
}

/** What {@link distribute} would do, which does nothing. */
export async function planSteps(url: string): Promise<DistributionStep[]> {
  return withClient(url, async (client) => {
    await requireCluster(client);
    return findSteps(client);
  });
}

async function requireCluster(client: Client): Promise<void> {
  const { rows } = await client.query<{ available: boolean; installed: boolean }>(`
    select exists (select from pg_available_extensions where name = 'citus') as available,
      exists (select from pg_extension where extname = 'citus') as installed`);
  const { available, installed } = rows[0] ?? {};
  if (!available) {
    throw new DistributionError(
      'This PostgreSQL has no Citus extension, and cannot be spread over several machines. Install Citus on every ' +
        'machine of the cluster (docs/scaling.md), then run this again.',
    );
  }
  if (!installed) {
    throw new DistributionError(
      'Citus is installed, but not in this database: say "create extension citus" in it, on every machine of the ' +
        'cluster (docs/scaling.md), then run this again.',
    );
  }
  const nodes = await client.query<{ coordinators: number; workers: number }>(`
    select count(*) filter (where groupid = 0)::int as coordinators, count(*) filter (where groupid > 0)::int as workers
    from pg_dist_node where isactive`);
  const { coordinators = 0, workers = 0 } = nodes.rows[0] ?? {};
  if (coordinators === 0 || workers === 0) {
    throw new DistributionError(
      'The cluster is not set up in this database: say where its machines are, for example\n' +
        "  select citus_set_coordinator_host('db-coordinator.internal', 5432);\n" +
        "  select citus_add_node('db-worker-1.internal', 5432);",
    );
  }
}

/** The tables that Citus knows, and how they lie. */
async function readPlaced(client: Pick<Client, 'query'>): Promise<Map<string, Distribution>> {
  const { rows } = await client.query<{ table: string; method: string; model: string }>(
    `select logicalrelid::text as table, partmethod::text as method, repmodel::text as model from pg_dist_partition`,
  );
  return new Map(
    rows.map(({ table, method, model }) => {
      const kind = distribution[table];
      if (method === 'h') return [table, kind === 'recipient' ? 'recipient' : 'account'];
      return [table, model === 't' ? 'reference' : 'local'];
    }),
  );
}

async function findSteps(client: Client): Promise<DistributionStep[]> {
  const placed = await readPlaced(client);
  const { rows } = await client.query<{ table: string; bytes: number }>(
    `select relname as table, pg_total_relation_size(oid)::float8 as bytes from pg_class
     where relnamespace = 'public'::regnamespace and relkind = 'r'`,
  );
  const existing = new Map(rows.map((row) => [row.table, row.bytes]));
  return Object.entries(distribution)
    .filter(([table, to]) => to !== 'local' && existing.has(table) && placed.get(table) !== to)
    .map(([table, to]) => ({ table, to, bytes: existing.get(table) ?? 0 }));
}

interface Constraint {
  table: string;
  name: string;
  definition: string;
}

async function runSteps(
  client: Client,
  steps: readonly DistributionStep[],
  tell: (step: DistributionStep, place: number, of: number) => void = () => undefined,
): Promise<void> {
  const tables = steps.map(({ table }) => table);
  await client.query('begin');
  try {
    // One part after the other: foreign keys to small tables ask for that.
    await client.query(`set local citus.multi_shard_modify_mode = 'sequential'`);
    await client.query(`set local citus.enable_unsafe_triggers = on`);
    const foreignKeys = await listForeignKeys(client, tables);
    const triggers = await listTriggers(client, tables);
    for (const { table, name } of foreignKeys) {
      await client.query(`alter table ${quote(table)} drop constraint ${quote(name)}`);
    }
    for (const { table, name } of triggers)
      await client.query(`drop trigger ${quote(name)} on ${quote(table)}`);
    for (const [index, step] of steps.entries()) {
      tell(step, index + 1, steps.length);
      await place(client, step);
    }
    for (const { definition } of triggers) await client.query(definition);
    for (const { table, name, definition } of foreignKeys) {
      await client.query(`alter table ${quote(table)} add constraint ${quote(name)} ${definition}`);
    }
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

async function place(client: Client, { table, to }: DistributionStep): Promise<void> {
  if (to === 'reference') {
    await client.query('select create_reference_table($1)', [table]);
  } else if (to === 'account' || to === 'recipient') {
    const isModel = table === models[to];
    await client.query(
      isModel
        ? `select create_distributed_table($1, $2, shard_count => $3::int, colocate_with => 'none')`
        : `select create_distributed_table($1, $2, colocate_with => $3)`,
      [table, distributionKeys[to], isModel ? shardCounts[to] : models[to]],
    );
  }
}

/** From and to these tables. */
async function listForeignKeys(client: Client, tables: readonly string[]): Promise<Constraint[]> {
  const { rows } = await client.query<Constraint>(
    `select conrelid::regclass::text as table, conname as name, pg_get_constraintdef(oid) as definition
     from pg_constraint
     where contype = 'f' and connamespace = 'public'::regnamespace
       and (conrelid::regclass::text = any ($1) or confrelid::regclass::text = any ($1))
     order by 1, 2`,
    [tables],
  );
  return rows;
}

async function listTriggers(client: Client, tables: readonly string[]): Promise<Constraint[]> {
  const { rows } = await client.query<Constraint>(
    `select tgrelid::regclass::text as table, tgname as name, pg_get_triggerdef(oid) as definition
     from pg_trigger where not tgisinternal and tgrelid::regclass::text = any ($1) order by 1, 2`,
    [tables],
  );
  return rows;
}

/** What was in a table before stays on the coordinator, unseen, until it is taken away. */
async function emptyLocalCopies(client: Client): Promise<void> {
  const { rows } = await client.query<{ table: string }>(`
    select logicalrelid::text as table from pg_dist_partition
    where partmethod = 'h' and pg_relation_size(logicalrelid) > 0`);
  const full = rows.map(({ table }) => table);
  for (const table of full)
    await client.query('select truncate_local_data_after_distributing_table($1)', [table]);
}

/** Machines that hold rows call the program's functions too. */
async function keepFunctions(client: Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(`
    select pg_proc.oid::regprocedure::text as name from pg_proc
    where pronamespace = 'public'::regnamespace and prokind = 'f'
      and not exists (select from pg_depend where objid = pg_proc.oid and deptype = 'e')
      and not exists (select from pg_catalog.pg_dist_object where classid = 'pg_proc'::regclass and objid = pg_proc.oid)`);
  for (const { name } of rows) await client.query('select create_distributed_function($1)', [name]);
}

/** A coordinator's connection keeps those to other machines that its statements need; otherwise one each. */
export const keepsConnections = 'citus.max_cached_conns_per_worker = 16';

/** What the program needs of the cluster's settings. */
async function setUp(client: Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>('select current_database() as name');
  await client.query(`alter database ${quote(String(rows[0]?.name))} set ${keepsConnections}`);
  await client.query(`alter system set citus.recover_2pc_interval = '${recoverySeconds}s'`);
  await client.query('select pg_reload_conf()');
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
