import type { Pool, PoolClient } from 'pg';
import { setLocally, withTransaction } from '@/lib/db/client';
import { columnsOf, statement } from '@/lib/db/statement';
import { tellAccounts } from '@/lib/events/account-changes';
import { wholeIndustry } from './schema';

/** So many blocks are merged in one transaction: half a million numbers, some seconds. */
const blocksAtOnce = 50;

/**
 * Puts an answer in force, some blocks in each transaction, and lifts in the last what is not in it. Each
 * begins where the one before it ended, whoever ran that: a job that was killed goes on. An entry that is in
 * force stays as it is, with the answer that brought it.
 *
 * @param signal ends it between two batches
 * @returns whether it has ended; false when it was interrupted
 */
export async function importRegistry(pool: Pool, importId: string, signal?: AbortSignal): Promise<boolean> {
  while (!signal?.aborted) {
    const more = await withTransaction(pool, (client) => mergeBlocks(client, importId));
    if (!more) return true;
  }
  return false;
}

const begin = statement({
  name: 'begin-registry-import',
  values: { importId: 'int8' },
  columns: { marketerId: 'RegistryImport.marketerId', processed: 'RegistryImport.processed' },
  sql: ($) => `
    update registry_import set state = 'RUNNING' where id = ${$.importId} and state in ('QUEUED', 'RUNNING')
    returning marketer_id as "marketerId", processed`,
});

const merge = statement({
  name: 'merge-registry-blocks',
  values: { importId: 'int8', marketerId: 'int4', after: 'int4', blocks: 'int8' },
  columns: { numbers: 'int4', added: 'int4' },
  planEachTime: true,
  sql: ($) => `
    with block as materialized (
      select msisdns from registry_block where import_id = ${$.importId} and first_position > ${$.after}
      order by first_position limit ${$.blocks}
    ), fresh as (
      -- in the order of the key, or each would be put into another page of its index
      insert into registry_entry (msisdn, marketer_id, import_id)
      select msisdn, ${$.marketerId}, ${$.importId} from block, unnest(msisdns) as msisdn order by msisdn
      on conflict (msisdn, marketer_id) do nothing
      returning 1
    )
    select coalesce((select sum(cardinality(msisdns)) from block), 0)::int as numbers,
      (select count(*) from fresh)::int as added`,
});

const record = statement({
  name: 'record-registry-blocks',
  values: { importId: 'int8', numbers: 'int4', added: 'int4' },
  sql: ($) => `
    update registry_import set processed = processed + ${$.numbers}, added = added + ${$.added} where id = ${$.importId}`,
});

async function mergeBlocks(client: PoolClient, importId: string): Promise<boolean> {
  // Holds the row until the end of the transaction: nobody else works on it meanwhile.
  const begun = await begin.one(client, { importId });
  if (!begun) return false;
  const { marketerId, processed } = begun;
  const { numbers, added } = await merge.only(client, {
    importId,
    marketerId,
    after: processed,
    blocks: blocksAtOnce,
  });
  if (numbers > 0) await record.run(client, { importId, numbers, added });
  else await lift(client, importId, marketerId);
  await tellOf(client, marketerId);
  return numbers > 0;
}

/** Tells the staff, and the account whose answer it is: 0, which is that of nobody, is both. */
async function tellOf(client: PoolClient, marketerId: number): Promise<void> {
  await tellAccounts(client, [0, marketerId], ['registry']);
}

const liftEntries = statement({
  name: 'lift-registry-entries',
  values: { importId: 'int8', marketerId: 'int4' },
  columns: { lifted: 'int4' },
  planEachTime: true,
  sql: ($) => `
    with line as materialized (
      select unnest(msisdns) as msisdn from registry_block where import_id = ${$.importId}
    ), gone as (
      delete from registry_entry
      where marketer_id = ${$.marketerId} and not exists (select from line where line.msisdn = registry_entry.msisdn)
      returning msisdn, marketer_id, import_id, listed_at
    ), told as (
      insert into registry_lift (msisdn, marketer_id, import_id, listed_at, lifted_import_id, lifted_at)
      select msisdn, marketer_id, import_id, listed_at, ${$.importId}, now() from gone
      on conflict do nothing
    )
    select count(*)::int as lifted from gone`,
});

const finish = statement({
  name: 'finish-registry-import',
  values: { importId: 'int8', lifted: 'int4' },
  columns: {
    ...columnsOf('RegistryImport', 'name', 'fileHash', 'lines', 'createdBy', 'createdAt', 'added', 'lifted'),
    asOf: 'text',
    matched: 'int4',
    finishedAt: 'timestamptz',
  },
  sql: ($) => `
    update registry_import set state = 'DONE', lifted = ${$.lifted}, finished_at = clock_timestamp()
    where id = ${$.importId}
    returning name, file_hash as "fileHash", lines, created_by as "createdBy", created_at as "createdAt", added, lifted,
      answered_on::text as "asOf", numbers - invalid - duplicates as matched, finished_at as "finishedAt"`,
});

const insertCleansing = statement({
  name: 'insert-cleansing',
  values: {
    accountId: 'int4',
    importId: 'int8',
    asOf: 'date',
    name: 'text',
    fileHash: 'text?',
    lines: 'int4',
    matched: 'int4',
    added: 'int4',
    lifted: 'int4',
    createdBy: 'int4?',
    createdAt: 'timestamptz',
    finishedAt: 'timestamptz',
  },
  sql: ($) => `
    insert into cleansing (account_id, import_id, as_of, name, file_hash, lines, matched, came, gone, uploaded_by,
      uploaded_at, in_force_at)
    values (${$.accountId}, ${$.importId}, ${$.asOf}, ${$.name}, ${$.fileHash}, ${$.lines}, ${$.matched}, ${$.added},
      ${$.lifted}, ${$.createdBy}, ${$.createdAt}, ${$.finishedAt})
    on conflict (account_id, import_id) do nothing`,
});

const setCleansed = statement({
  name: 'set-cleansed',
  values: { accountId: 'int4', asOf: 'date' },
  sql: ($) => `
    update account set cleansed_on = greatest(cleansed_on, ${$.asOf}) where id = ${$.accountId}`,
});

const setIndustryCleansed = statement({
  name: 'set-industry-cleansed',
  values: { asOf: 'date' },
  sql: ($) => `update platform_setting set industry_cleansed_on = greatest(industry_cleansed_on, ${$.asOf})`,
});

const removeBlocks = statement({
  name: 'remove-imported-registry-blocks',
  values: { importId: 'int8' },
  sql: ($) => `delete from registry_block where import_id = ${$.importId}`,
});

async function lift(client: PoolClient, importId: string, marketerId: number): Promise<void> {
  await setLocally(client, { enable_nestloop: 'off', enable_mergejoin: 'off', work_mem: '64MB' });
  const { lifted } = await liftEntries.only(client, { importId, marketerId });
  const done = await finish.only(client, { importId, lifted });
  // What the gate looks at, with what proves it.
  if (marketerId === wholeIndustry) await setIndustryCleansed.run(client, done);
  else {
    await insertCleansing.run(client, { accountId: marketerId, importId, ...done });
    await setCleansed.run(client, { accountId: marketerId, asOf: done.asOf });
  }
  await removeBlocks.run(client, { importId });
}

const fail = statement({
  name: 'fail-registry-import',
  values: { importId: 'int8', reason: 'text' },
  columns: { marketerId: 'RegistryImport.marketerId' },
  sql: ($) => `
    update registry_import set state = 'FAILED', finished_at = now(), reason = ${$.reason}
    where id = ${$.importId} and state in ('QUEUED', 'RUNNING')
    returning marketer_id as "marketerId"`,
});

/** Gives an answer up that has failed again and again; what it added stays, and nothing is lifted. */
export async function failRegistryImport(pool: Pool, importId: string): Promise<void> {
  const reason =
    'It could not be put in force to its end. What counts as added is in force, and nothing was lifted; hand the file in again.';
  await withTransaction(pool, async (client) => {
    const failed = await fail.one(client, { importId, reason });
    await removeBlocks.run(client, { importId });
    await tellOf(client, failed?.marketerId ?? wholeIndustry);
  });
}
