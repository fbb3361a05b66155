import type { Pool, PoolClient } from 'pg';
import type { AccountScope } from '@/lib/auth/scope';
import { withTransaction } from '@/lib/db/client';
import { notifyAccountSql } from '@/lib/events/account-changes';
import { beginSql } from '@/lib/opt-outs/episodes';
import { linesPerBlock } from './block-writer';

/** So many numbers are opted out in one transaction: half a second, after which a stop is heard. */
const batchSize = 5_000;
/** How often open pages are told how far it is: each time they ask for all of themselves again. */
const announceEveryMs = 2_000;

/**
 * Works through an import, a batch in each transaction. Each begins where the one before it ended, whoever ran that: a job
 * that was killed goes on, and two that run at once take turns.
 *
 * @param signal ends it between two batches
 * @returns whether the import has ended; false when it was interrupted
 */
export async function importNumberList(
  pool: Pool,
  scope: AccountScope,
  listId: string,
  signal?: AbortSignal,
): Promise<boolean> {
  let announcedAt = 0;
  while (!signal?.aborted) {
    const isDue = Date.now() - announcedAt >= announceEveryMs;
    if (isDue) announcedAt = Date.now();
    const more = await withTransaction(pool, (client) =>
      importBatch(client, scope, listId, { announce: isDue }),
    );
    if (!more) return true;
  }
  return false;
}

/** Opts the next numbers of an import out. Open pages hear of it if they are to, and of the end. Answers with whether there are more. */
export async function importBatch(
  client: PoolClient,
  scope: AccountScope,
  listId: string,
  { size = batchSize, announce = true } = {},
): Promise<boolean> {
  // Holds the row until the end of the transaction: nobody else works on this list, or cancels it, meanwhile.
  const { rows: begun } = await client.query<{ processed: number }>(
    `update number_list set state = 'RUNNING'
     where account_id = $1 and id = $2 and purpose = 'IMPORT' and state in ('QUEUED', 'RUNNING') returning processed`,
    [scope.accountId, listId],
  );
  const list = begun[0];
  if (!list) return false;
  const { lastPosition, added, alreadyThere, more } = await optOutLines(
    client,
    scope,
    listId,
    list.processed,
    size,
  );
  const { rowCount } = await client.query(
    `update number_list set processed = $4, added = added + $5, already_there = already_there + $6,
       state = case when $7 then 'RUNNING' else 'DONE' end::number_list_state,
       finished_at = case when not $7 then clock_timestamp() end
     where account_id = $1 and id = $2 and processed = $3 and state = 'RUNNING'`,
    [scope.accountId, listId, list.processed, lastPosition ?? list.processed, added, alreadyThere, more],
  );
  if (rowCount !== 1) throw new Error(`Import ${listId} changed while it was being worked on.`);
  if (announce || !more) {
    await client.query(`select ${notifyAccountSql('$1::int', ['opt-outs'])}`, [scope.accountId]);
  }
  return more;
}

interface BatchResult {
  /** Of the last number that was worked through; null when there was none. */
  lastPosition: number | null;
  added: number;
  alreadyThere: number;
  /** Whether there may be lines behind it. */
  more: boolean;
}

/**
 * One statement over the blocks that the next numbers are in, from the one of the number after which it goes on; ids are drawn
 * before the insert, so that the new ones say which lines they came of. A line can hold several numbers: it goes by their positions.
 */
async function optOutLines(
  client: PoolClient,
  scope: AccountScope,
  listId: string,
  after: number,
  size: number,
): Promise<BatchResult> {
  // Nothing is known yet of lines just written. The planner expects one, and would compare each of the batch with each:
  // ten seconds instead of half a one.
  await client.query('set local enable_nestloop = off');
  const { rows } = await client.query<BatchResult>(
    `with block as materialized (
       select * from number_list_block
       where account_id = $1 and list_id = $2 and first_position >= coalesce((
         select max(first_position) from number_list_block where account_id = $1 and list_id = $2 and first_position <= $3
       ), 0)
       order by first_position limit $7
     ), line as materialized (
       select first_position, first_position + line.place::int - 1 as position, line.line, input, msisdn, problem, outcome
       from block, unnest(lines, inputs, msisdns, problems, outcomes) with ordinality
         as line (line, input, msisdn, problem, outcome, place)
     ), batch as materialized (
       select position, line, input, msisdn, nextval('opt_out_id_seq') as episode_id
       from (
         select position, line, input, msisdn from line where position > $3 and problem is null order by position limit $4
       ) as next_lines
     ), reached as materialized (
       select count(*) = $4 or (select count(*) from block) = $7 as more,
         case when count(*) = $4 then max(position) else (select max(position) from line) end as last_position
       from batch
     ), ${beginSql({
       entries: 'fresh',
       entry: { accountId: '$1', msisdn: 'msisdn', id: 'episode_id', kind: `'IMPORT'`, createdBy: '$5' },
       from: 'batch order by msisdn',
       meets: 'leave',
       event: {
         rows: {
           from: 'batch where episode_id in (select id from fresh) order by position',
           accountId: '$1',
           msisdn: 'msisdn',
           episodeId: 'episode_id',
         },
         actor: '$6',
         evidence: { cause: 'import', list: '$2::bigint', line: 'line', input: 'input' },
       },
     })}, marked as (
       update number_list_block set outcomes = known.outcomes
       from (
         select first_position, array_agg(case
           when position <= $3 or position > last_position or problem is not null then outcome
           when msisdn in (select msisdn from batch where episode_id in (select id from fresh)) then 'ADDED'
           else 'ALREADY_THERE' end::number_list_outcome order by position) as outcomes
         from line, reached group by first_position
       ) as known
       where account_id = $1 and list_id = $2 and number_list_block.first_position = known.first_position
     )
     select last_position as "lastPosition", more, (select count(*)::int from fresh) as added,
       (select count(*)::int from batch) - (select count(*)::int from fresh) as "alreadyThere"
     from reached`,
    [
      scope.accountId,
      listId,
      after,
      size,
      scope.userId,
      scope.actor,
      // in the first of them nothing may be left
      Math.ceil(size / linesPerBlock) + 1,
    ],
  );
  return rows[0] as BatchResult;
}

/** Gives an import up that has failed again and again; what it added stays. */
export async function failImport(pool: Pool, scope: AccountScope, listId: string): Promise<void> {
  await pool.query(
    `with failed as (
       update number_list set state = 'FAILED', finished_at = now(), reason = $3
       where account_id = $1 and id = $2 and state in ('QUEUED', 'RUNNING') returning account_id
     )
     select ${notifyAccountSql('account_id', ['opt-outs'])} from failed`,
    [
      scope.accountId,
      listId,
      'The import could not be finished. Numbers counted as added are opted out; import the file again for the rest.',
    ],
  );
}
