import type { Pool, PoolClient } from 'pg';
import type { AccountScope } from '@/lib/auth/scope';
import { setLocally, withTransaction } from '@/lib/db/client';
import { typed } from '@/lib/db/sql-types';
import { columnsOf, statement, type RowOf } from '@/lib/db/statement';
import { tellAccounts } from '@/lib/events/account-changes';
import { readRecordPlaces, recordConsentsSql, recordTypes } from '@/lib/consents/record-sql';
import { log } from '@/lib/log';
import { beginSql } from '@/lib/opt-outs/episodes';
import { sortInEvery, sortInOptOuts } from '@/lib/opt-outs/number-index';
import { inputSql } from './block-writer';
import type { ListConsent } from './schema';

/**
 * A reply of a number that is being opted out waits until that is committed. So a transaction opts out as
 * many numbers as it can in `batchMs`: few on a busy machine.
 */
const batchMs = 12;
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
  const sorting = new SortingIn(pool);
  try {
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
      sorting.add(size);
      size = paceBatch(size, performance.now() - begunAt);
    }
    return false;
  } finally {
    await sorting.end();
  }
}

/**
 * Sorts new opt-outs into the index by parts of a number, beside the transactions that add them, so that
 * those hold their numbers no longer than they must.
 */
class SortingIn {
  private waiting = 0;
  private running: Promise<void> | null = null;

  constructor(private readonly pool: Pool) {}

  /** So many may have been added; does not wait for them to be sorted in. */
  add(numbers: number): void {
    this.waiting += numbers;
    if (this.running || this.waiting < sortInEvery) return;
    this.waiting = 0;
    this.running = sortInOptOuts(this.pool)
      // they are found as they are, and whoever adds more sorts them in
      .catch((error: unknown) => log.warn({ err: error }, 'New opt-outs were not sorted in'))
      .finally(() => (this.running = null));
  }

  async end(): Promise<void> {
    await this.running;
  }
}

const ofList = { accountId: 'int4', listId: 'int8' } as const;

const beginBatch = statement({
  name: 'begin-import-batch',
  values: ofList,
  columns: { ...columnsOf('NumberList', 'processed'), consent: typed<ListConsent | null>('jsonb') },
  sql: ($) => `
    select processed, consent from number_list
    where account_id = ${$.accountId} and id = ${$.listId} and purpose <> 'CHECK' and state in ('QUEUED', 'RUNNING')
    for update`,
});

/**
 * Opts the next numbers of an import out. Open pages hear of it if they are to, and of the end. Answers with
 * whether there may be more.
 */
export async function importBatch(
  client: PoolClient,
  scope: AccountScope,
  listId: string,
  { size = firstBatch, announce = true } = {},
): Promise<boolean> {
  const { accountId } = scope;
  const [list] = await Promise.all([
    // Holds the row until the transaction ends: nobody else works on this list, or cancels it, meanwhile.
    beginBatch.one(client, { accountId, listId }),
    setLocally(client, planning),
  ]);
  if (!list) return false;
  const { more, recorded } = await importLines(client, scope, listId, list, size);
  if (recorded !== 1) throw new Error(`Import ${listId} changed while it was being worked on.`);
  if (announce || !more) await tellAccounts(client, [accountId], ['opt-outs']);
  return more;
}

/**
 * A batch's statement is planned once for each connection: that takes as long as opting a hundred numbers
 * out. Nothing is known yet of lines just written, nor of how many a batch has. The planner expects few, and
 * would compare each with each, or read all blocks of all lists.
 */
const planning = { plan_cache_mode: 'force_generic_plan', enable_nestloop: 'off', enable_seqscan: 'off' };

const ofLines = {
  accountId: 'int4',
  listId: 'int8',
  after: 'int4',
  size: 'int4',
  userId: 'int4?',
  actor: 'text',
} as const;

const lineCounts = {
  /** Whether there may be lines behind these. */
  more: 'bool',
  /** 1, unless the list has changed. */
  recorded: 'int4',
} as const;

/**
 * SQL of expressions of "with": `line`, the next lines, and `batch`, the numbers among them that are used.
 * Only what stands at those places is taken out of the blocks that they are in.
 *
 * @param more columns of the block that are wanted of each number, by their names for it
 */
const batchSql = ($: Record<keyof typeof ofLines, string>, more: Record<string, string> = {}) => {
  const columns = ['lines', 'inputs', 'msisdns', 'problems', ...Object.values(more)];
  const others = Object.keys(more)
    .map((name) => `, ${name}`)
    .join('');
  return `block as materialized (
      select first_position, greatest(${$.after} - first_position + 2, 1) as first_place,
        ${$.after} + ${$.size} - first_position + 1 as last_place, ${columns.join(', ')}
      from number_list_block where ${ofBlocks($)}
    ), line as materialized (
      select first_position, first_position + first_place + line.place::int - 2 as position, line.line, ${inputSql} as input, msisdn, problem${others}
      from block, unnest(${columns.map((name) => `${name}[first_place:last_place]`).join(', ')}) with ordinality
        as line (line, input, msisdn, problem${others}, place)
    ), batch as materialized (
      select position, line, input, msisdn${others}, nextval('opt_out_id_seq') as episode_id
      from (select position, line, input, msisdn${others} from line where problem is null order by position) as next_lines
    )`;
};

/** SQL of whether a block has lines of the batch. */
const ofBlocks = ($: Record<keyof typeof ofLines, string>) =>
  `account_id = ${$.accountId} and list_id = ${$.listId} and number_list_block.first_position <= ${$.after} + ${$.size}
        and number_list_block.first_position >= coalesce((
          select max(first_position) from number_list_block
          where account_id = ${$.accountId} and list_id = ${$.listId} and first_position <= ${$.after} + 1
        ), 1)`;

/**
 * SQL of expressions of "with" that write down what became of each of {@link batchSql}, and how far the list
 * is.
 *
 * @param outcome SQL of branches of a "case": what became of a number, unless it was there already
 * @param counts SQL of how many
 */
const recordSql = (
  $: Record<keyof typeof ofLines, string>,
  outcome: string,
  { added, refused }: { added: string; refused: string },
) => `marked as (
      -- those of a block that came before are all there: they have outcomes up to where this batch begins
      update number_list_block
      set outcomes = (coalesce(number_list_block.outcomes, '{}'))[:known.first_place - 1] || known.outcomes
      from (
        select first_position, min(position) - first_position + 1 as first_place, array_agg(case
          when problem is not null then null
          ${outcome}
          else 'ALREADY_THERE' end::number_list_outcome order by position) as outcomes
        from line group by first_position
      ) as known
      where ${ofBlocks($)} and number_list_block.first_position = known.first_position
    ), counted as materialized (
      select done.*, case when not more then clock_timestamp() end as finished_at
      from (
        select count(*) = ${$.size} as more, max(position) as last_position,
          (${added}) as added_now, (${refused}) as refused_now, (select count(*)::int from batch) as used_now
        from line
      ) as done
    ), progress as (
      update number_list set processed = coalesce(last_position, processed), added = added + added_now,
        already_there = already_there + used_now - added_now - refused_now, blocked = blocked + refused_now,
        state = case when more then 'RUNNING' else 'DONE' end::number_list_state, finished_at = counted.finished_at
      from counted
      where account_id = ${$.accountId} and id = ${$.listId} and processed = ${$.after} and state in ('QUEUED', 'RUNNING')
      returning id
    )
    select more, (select count(*)::int from progress) as recorded from counted`;

const optOutLines = statement({
  name: 'import-lines',
  values: ofLines,
  columns: lineCounts,
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
    })}, ${recordSql($, `when msisdn in (select msisdn from fresh) then 'ADDED'`, {
      added: 'select count(*)::int from fresh',
      refused: '0',
    })}`,
});

/**
 * The same lines as people who have consented, when and how a line says or else the list. Of a number that is
 * there several times the consent given last is the one; the others are told as already there.
 */
const consentLines = statement({
  name: 'import-consent-lines',
  values: { ...ofLines, ...recordTypes },
  columns: lineCounts,
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
    )}, ${recordSql($, `when ${of('recorded')} then 'ADDED' when ${of('ended')} then 'REFUSED'`, {
      added: 'select count(*)::int from recorded',
      refused: 'select count(*)::int from ended',
    })}`;
  },
});

/**
 * One statement over the next lines, from the number after which it goes on; ids are drawn before the insert,
 * so that the new ones say which lines they came of. A line can hold several numbers: it goes by their
 * positions.
 */
async function importLines(
  client: PoolClient,
  scope: AccountScope,
  listId: string,
  { processed: after, consent }: RowOf<typeof beginBatch>,
  size: number,
): Promise<RowOf<typeof optOutLines>> {
  const { accountId, userId, actor } = scope;
  const lines = { accountId, userId, actor, listId, after, size };
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
