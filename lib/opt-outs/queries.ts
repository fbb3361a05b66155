import type { Pool } from 'pg';
import type { AccountReadScope } from '@/lib/auth/scope';
import { typed } from '@/lib/db/sql-types';
import { columnsOf, selectSql, statement, type RowOf } from '@/lib/db/statement';
import type { OptOutKind } from './schema';

const entryColumns = columnsOf(
  'OptOut',
  'id',
  'msisdn',
  'kind',
  'senderNumber',
  'replyText',
  'rule',
  'createdAt',
);

const findEntry = statement({
  name: 'find-opt-out',
  values: { accountId: 'int4', msisdn: 'text' },
  columns: entryColumns,
  sql: ($) => `
    select ${selectSql(entryColumns)} from opt_out
    where account_id = ${$.accountId} and msisdn = ${$.msisdn}`,
});

/** An entry of the list. `replyText`: the first 1,000 characters of the reply that made it. */
export type OptOutEntry = RowOf<typeof findEntry>;

/** The entry of a number in the account's list; undefined when it is not there. */
export function findOptOut(
  pool: Pool,
  { accountId }: AccountReadScope,
  msisdn: string,
): Promise<OptOutEntry | undefined> {
  return findEntry.one(pool, { accountId, msisdn });
}

/** A place in the list: `at` as PostgreSQL wrote it, since microseconds count and a Date has none. */
export interface OptOutPlace {
  at: string;
  id: string;
}

/** What is asked of the list; null: all. */
export interface OptOutSearch {
  kinds: readonly OptOutKind[] | null;
  /** Entries from then on. */
  from: Date | null;
  /** Entries before then. */
  to: Date | null;
  senderNumber: string | null;
}

const listEntries = (order: 'asc' | 'desc') =>
  statement({
    name: order === 'asc' ? 'list-opt-outs-oldest' : 'list-opt-outs-newest',
    values: {
      accountId: 'int4',
      kinds: 'OptOutKind[]?',
      from: 'timestamptz?',
      to: 'timestamptz?',
      senderNumber: 'text?',
      afterAt: 'text',
      afterId: 'int8',
      limit: 'int8',
    },
    columns: { ...entryColumns, at: 'text' },
    // What is not asked for is no condition of the plan then.
    planEachTime: true,
    sql: ($) => `
      select ${selectSql(entryColumns)}, created_at::text as at from opt_out
      where account_id = ${$.accountId}
        and (${$.kinds}::opt_out_kind[] is null or kind = any (${$.kinds}::opt_out_kind[]))
        and (${$.from}::timestamptz is null or created_at >= ${$.from})
        and (${$.to}::timestamptz is null or created_at < ${$.to})
        and (${$.senderNumber}::text is null or sender_number = ${$.senderNumber})
        and (created_at, id) ${order === 'asc' ? '>' : '<'} (${$.afterAt}::text::timestamptz, ${$.afterId})
      order by created_at ${order}, id ${order} limit ${$.limit}`,
  });
const lists = { oldest: listEntries('asc'), newest: listEntries('desc') };
const ends: Record<'oldest' | 'newest', OptOutPlace> = {
  oldest: { at: '-infinity', id: '0' },
  newest: { at: 'infinity', id: '0' },
};

/**
 * A page of the list, from a place on (null: the beginning).
 *
 * @returns `next`: the place after its last row; null when it is the last page
 */
export async function readOptOutPage(
  pool: Pool,
  { accountId }: AccountReadScope,
  search: OptOutSearch,
  { order, after, limit }: { order: 'oldest' | 'newest'; after: OptOutPlace | null; limit: number },
): Promise<{ entries: OptOutEntry[]; next: OptOutPlace | null }> {
  const { at: afterAt, id: afterId } = after ?? ends[order];
  const rows = await lists[order].all(pool, { accountId, ...search, afterAt, afterId, limit: limit + 1 });
  const entries = rows.slice(0, limit);
  const last = entries.at(-1);
  return { entries, next: rows.length > limit && last ? { at: last.at, id: last.id } : null };
}

const findAmong = statement({
  name: 'check-opt-outs',
  values: { accountId: 'int4', msisdns: 'text[]' },
  columns: {
    found: typed<[msisdns: string[] | null, kinds: OptOutKind[] | null, since: string[] | null]>('json'),
  },
  sql: ($) => `
    select json_build_array(json_agg(msisdn), json_agg(kind), json_agg(since)) as found from (
      select msisdn, kind, to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as since from opt_out
      where account_id = ${$.accountId} and msisdn = any (${$.msisdns})
    ) as entry`,
});

/**
 * Which of these numbers are on the account's list, by number, and since when (ISO 8601). One statement,
 * however many they are, and one row: 5,000 rows of 10,000 numbers took half as long again.
 */
export async function checkOptOuts(
  pool: Pool,
  { accountId }: AccountReadScope,
  msisdns: readonly string[],
): Promise<Map<string, { kind: OptOutKind; since: string }>> {
  const { found } = await findAmong.only(pool, { accountId, msisdns });
  const [numbers, kinds, since] = found;
  return new Map(
    numbers?.map((msisdn, index) => [
      msisdn,
      { kind: kinds?.[index] as OptOutKind, since: since?.[index] as string },
    ]),
  );
}

const eventColumns = columnsOf(
  'OptOutEvent',
  'id',
  'msisdn',
  'episodeId',
  'kind',
  'actor',
  'reason',
  'evidence',
  'createdAt',
);

const listEvents = statement({
  name: 'list-events-of-number',
  values: { accountId: 'int4', msisdn: 'text', after: 'int8', limit: 'int8' },
  columns: eventColumns,
  sql: ($) => `
    select ${selectSql(eventColumns)} from opt_out_event
    where account_id = ${$.accountId} and msisdn = ${$.msisdn} and id > ${$.after}
    order by id limit ${$.limit}`,
});

/** An event in the history of an opt-out. `msisdn` is empty when the person's data was erased. */
export type OptOutEventRow = RowOf<typeof listEvents>;

/** What happened to a number, the first event first, from an event on. */
export function readNumberEvents(
  pool: Pool,
  { accountId }: AccountReadScope,
  msisdn: string,
  { after, limit }: { after: string; limit: number },
): Promise<OptOutEventRow[]> {
  return listEvents.all(pool, { accountId, msisdn, after, limit });
}
