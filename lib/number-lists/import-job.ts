import type { Pool, PoolClient } from 'pg';
import type { AccountScope } from '@/lib/auth/scope';
import { setLocally, withTransaction } from '@/lib/db/client';
import { typed } from '@/lib/db/sql-types';
import { columnsOf, statement, type RowOf } from '@/lib/db/statement';
import { tellAccounts } from '@/lib/events/account-changes';
import { readRecordPlaces, recordConsentsSql, recordTypes } from '@/lib/consents/record-sql';
import { beginSql } from '@/lib/opt-outs/episodes';
import { inputSql, linesPerBlock } from './block-writer';
import type { ListConsent } from './schema';

/**
 * A reply of a number that is being opted out waits until that is committed. So a transaction opts out as
 * many numbers as it can in `batchMs`: few on a busy machine.
 */
const batchMs = 15;
const [firstBatch, smallestBatch, largestBatch] = [250, 100, 2_000];

/** How many numbers are opted out in the next transaction. */
export function paceBatch(size: number, tookMs: number): number {
  // By half at most: one commit that waits for the disk says little.
  const wanted = size * Math.min(1.5, Math.max(0.5, batchMs / tookMs));
  return Math.round(Math.min(largestBatch, Math.max(smallestBatch, wanted)));
}
/** How often open pages are told how far it is: each time they ask for all of themselves again. */
const announceEveryMs = 2_000;

/**
 * Works through an import, a batch in each transaction. Each begins where the one before it ended, whoever
 * ran that: a job that was killed goes on, and two that run at once take turns.
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
  let size = firstBatch;
  while (!signal?.aborted) {
    const isDue = Date.now() - announcedAt >= announceEveryMs;
    if (isDue) announcedAt = Date.now();
    const begunAt = performance.now();
    const more = await withTransaction(pool, (client) =>
      importBatch(client, scope, listId, { size, announce: isDue }),
    );
    if (!more) return true;
    size = paceBatch(size, performance.now() - begunAt);
  }
  return false;
}

const ofList = { accountId: 'int4', listId: 'int8' } as const;

const beginBatch = statement({
  name: 'begin-import-batch',
  values: ofList,
  columns: { ...columnsOf('NumberList', 'processed'), consent: typed<ListConsent | null>('jsonb') },
  sql: ($) => `
    update number_list set state = 'RUNNING'
    where account_id = ${$.accountId} and id = ${$.listId} and purpose <> 'CHECK' and state in ('QUEUED', 'RUNNING')
    returning processed, consent`,
});

const recordBatch = statement({
  name: 'record-import-batch',
  values: {
    ...ofList,
    before: 'int4',
    processed: 'int4',
    added: 'int4',
    alreadyThere: 'int4',
    refused: 'int4',
    more: 'bool',
  },
  sql: ($) => `
    with moment as materialized (
      select case when not ${$.more} then clock_timestamp() end as finished_at
    )
    update number_list set processed = ${$.processed}, added = added + ${$.added},
      already_there = already_there + ${$.alreadyThere}, blocked = blocked + ${$.refused},
      state = case when ${$.more} then 'RUNNING' else 'DONE' end::number_list_state,
      finished_at = moment.finished_at
    from moment
    where account_id = ${$.accountId} and id = ${$.listId} and processed = ${$.before} and state = 'RUNNING'`,
});

/**
 * Opts the next numbers of an import out. Open pages hear of it if they are to, and of the end. Answers with
 * whether there are more.
 */
export async function importBatch(
  client: PoolClient,
  scope: AccountScope,
  listId: string,
  { size = firstBatch, announce = true } = {},
): Promise<boolean> {
  // Holds the row until the end of the transaction: nobody else works on this list, or cancels it, meanwhile.
  const { accountId } = scope;
  const list = await beginBatch.one(client, { accountId, listId });
  if (!list) return false;
  const { lastPosition, added, alreadyThere, refused, more } = await importLines(
    client,
    scope,
    listId,
    list,
    size,
  );
  const recorded = await recordBatch.run(client, {
    accountId,
    listId,
    before: list.processed,
    processed: lastPosition ?? list.processed,
    added,
    alreadyThere,
    refused,
    more,
  });
  if (recorded !== 1) throw new Error(`Import ${listId} changed while it was being worked on.`);
  if (announce || !more) await tellAccounts(client, [accountId], ['opt-outs']);
  return more;
}

const ofLines = {
  accountId: 'int4',
  listId: 'int8',
  after: 'int4',
  size: 'int8',
  userId: 'int4?',
  actor: 'text',
  blocks: 'int8',
} as const;

const lineCounts = {
  /** Of the last number that was worked through; null when there was none. */
  lastPosition: 'int4?',
  /** Whether there may be lines behind it. */
  more: 'bool',
  added: 'int4',
  alreadyThere: 'int4',
  refused: 'int4',
} as const;

/**
 * SQL of expressions of "with": `batch`, the next numbers, and `reached`, how far those go.
 *
 * @param more columns of the block that are wanted of each number, by their names for it
 */
const batchSql = ($: Record<keyof typeof ofLines, string>, more: Record<string, string> = {}) => {
  const arrays = ['lines', 'inputs', 'msisdns', 'problems', 'outcomes', ...Object.values(more)].join(', ');
  const others = Object.keys(more)
    .map((name) => `, ${name}`)
    .join('');
  return `block as materialized (
      select * from number_list_block
      where account_id = ${$.accountId} and list_id = ${$.listId} and first_position >= coalesce((
        select max(first_position) from number_list_block where account_id = ${$.accountId} and list_id = ${$.listId} and first_position <= ${$.after}
      ), 0) and first_position + cardinality(lines) - 1 > ${$.after}
      order by first_position limit ${$.blocks}
    ), line as materialized (
      select first_position, first_position + line.place::int - 1 as position, line.line, ${inputSql} as input, msisdn, problem, outcome${others}
      from block, unnest(${arrays}) with ordinality
        as line (line, input, msisdn, problem, outcome${others}, place)
    ), batch as materialized (
      select position, line, input, msisdn${others}, nextval('opt_out_id_seq') as episode_id
      from (
        select position, line, input, msisdn${others} from line where position > ${$.after} and problem is null order by position limit ${$.size}
      ) as next_lines
    ), reached as materialized (
      select count(*) = ${$.size} or (select count(*) from block) = ${$.blocks} as more,
        case when count(*) = ${$.size} then max(position) else (select max(position) from line) end as last_position
      from batch
    )`;
};

/** SQL of an expression of "with" that writes down what became of each of {@link batchSql}. */
const markSql = ($: Record<keyof typeof ofLines, string>, outcome: string) => `marked as (
      update number_list_block set outcomes = known.outcomes
      from (
        select first_position, array_agg(case
          when position <= ${$.after} or position > last_position or problem is not null then outcome
          ${outcome}
          else 'ALREADY_THERE' end::number_list_outcome order by position) as outcomes
        from line, reached group by first_position
      ) as known
      where account_id = ${$.accountId} and list_id = ${$.listId} and number_list_block.first_position = known.first_position
    )`;

const optOutLines = statement({
  name: 'import-lines',
  values: ofLines,
  columns: lineCounts,
  planEachTime: true,
  sql: ($) => `
    with ${batchSql($)}, ${beginSql({
      accounts: $.accountId,
      entries: 'fresh',
      entry: {
        accountId: $.accountId,
        msisdn: 'msisdn',
        id: 'episode_id',
        kind: `'IMPORT'`,
        createdBy: $.userId,
      },
      from: 'batch order by msisdn',
      meets: 'leave',
      event: {
        rows: {
          from: 'batch where episode_id in (select id from fresh) order by position',
          accountId: $.accountId,
          msisdn: 'msisdn',
          episodeId: 'episode_id',
        },
        actor: $.actor,
        evidence: { cause: 'import', list: `${$.listId}::bigint`, line: 'line', input: 'input' },
      },
    })}, ${markSql($, `when msisdn in (select msisdn from batch where episode_id in (select id from fresh)) then 'ADDED'`)}
    select last_position as "lastPosition", more, (select count(*)::int from fresh) as added,
      (select count(*)::int from batch) - (select count(*)::int from fresh) as "alreadyThere", 0 as refused
    from reached`,
});

/**
 * The same lines as people who have consented, when and how a line says or else the list. Of a number that is
 * there several times the consent given last is the one; the others are told as already there.
 */
const consentLines = statement({
  name: 'import-consent-lines',
  values: { ...ofLines, ...recordTypes },
  columns: lineCounts,
  planEachTime: true,
  sql: ($) => {
    const places = readRecordPlaces($);
    const of = (found: string) =>
      `position in (select position from latest where msisdn in (select msisdn from ${found}))`;
    return `
    with ${batchSql($, { line_given_at: 'given_ats', line_source: 'sources' })}, latest as materialized (
      select distinct on (msisdn) position, line, msisdn, coalesce(line_given_at::timestamptz, ${places.givenAt}) as line_at,
        coalesce(line_source::consent_source, ${places.source}) as line_source
      from batch order by msisdn, line_at desc, position
    ), ${recordConsentsSql(
      'latest',
      { ...places, givenAt: 'given.line_at', source: 'given.line_source' },
      { list: `${$.listId}::bigint`, line: 'given.line' },
    )}, ${markSql($, `when ${of('recorded')} then 'ADDED' when ${of('ended')} then 'REFUSED'`)}
    select last_position as "lastPosition", more, (select count(*)::int from recorded) as added,
      (select count(*)::int from batch) - (select count(*)::int from recorded) - (select count(*)::int from ended)
        as "alreadyThere",
      (select count(*)::int from ended) as refused
    from reached`;
  },
});

/**
 * One statement over the blocks that the next numbers are in, from the one of the number after which it goes
 * on; ids are drawn before the insert, so that the new ones say which lines they came of. A line can hold
 * several numbers: it goes by their positions.
 */
async function importLines(
  client: PoolClient,
  scope: AccountScope,
  listId: string,
  { processed: after, consent }: RowOf<typeof beginBatch>,
  size: number,
): Promise<RowOf<typeof optOutLines>> {
  // Nothing is known yet of lines just written. The planner expects one, and would compare each of the batch
  // with each: ten seconds instead of half a one.
  await setLocally(client, { enable_nestloop: 'off' });
  const { accountId, userId, actor } = scope;
  // What is left of the last of them waits for the next batch: a block more would be read for a few lines.
  const blocks = Math.ceil(size / linesPerBlock);
  const lines = { accountId, userId, actor, listId, after, size, blocks };
  return consent
    ? consentLines.only(client, { ...lines, ...consent, givenAt: new Date(consent.givenAt) })
    : optOutLines.only(client, lines);
}

const fail = statement({
  name: 'fail-import',
  values: { ...ofList, reason: 'text' },
  sql: ($) => `
    update number_list set state = 'FAILED', finished_at = now(), reason = ${$.reason}
    where account_id = ${$.accountId} and id = ${$.listId} and state in ('QUEUED', 'RUNNING')`,
});

/** Gives an import up that has failed again and again; what it added stays. */
export async function failImport(pool: Pool, scope: AccountScope, listId: string): Promise<void> {
  const { accountId } = scope;
  const reason =
    'The import could not be finished. Numbers counted as added are done; import the file again for the rest.';
  await withTransaction(pool, async (client) => {
    const failed = await fail.run(client, { accountId, listId, reason });
    if (failed > 0) await tellAccounts(client, [accountId], ['opt-outs']);
  });
}
