import type { Pool } from 'pg';
import type { AccountReadScope } from '@/lib/auth/scope';
import { columnsOf, selectSql, statement } from '@/lib/db/statement';
import type { OptOutEventRow } from './queries';

/**
 * The changes feed: the events of an account in the order of their ids, each once, with no gap however many
 * transactions write at the same time. An id is drawn before its transaction commits, so a lower one may
 * appear after a higher one; whoever had read on by then would never see it. So an event is given out only
 * once no transaction is left that could still bring a lower one (docs/decisions/0042-api-v2.md):
 *
 * 1. The highest id that is visible is read, and a transaction id drawn in the same statement: the horizon.
 *    Whoever holds a lower event id had a transaction id before (the entry is written before its event), and
 *    that is lower than the horizon.
 * 2. Once every transaction below the horizon has ended, all events up to that id are there, or never will
 *    be.
 *
 * On a cluster both statements name the account's own table with its key, and so are answered by the machine
 * where its events lie: its transactions and its snapshot count. A transaction has an id there once it has
 * written the entry there, a prepared one until it has come to its end; what the coordinator says of either
 * would tell nothing.
 *
 * The horizon travels in the cursor: when transactions are always under way, the next request has waited long
 * enough for that of the one before.
 */

/** Up to which event all is there as soon as every transaction below `transaction` has ended. */
export interface Horizon {
  eventId: string;
  transaction: string;
}

/** A place in the feed. */
export interface ChangePlace {
  /** The last event that was read. */
  after: string;
  /** Of the request before, where that could not read to its end. */
  horizon: Horizon | null;
}

const drawHorizon = statement({
  name: 'draw-change-horizon',
  values: { accountId: 'int4' },
  columns: { eventId: 'int8', transaction: 'text' },
  sql: ($) => `
    select coalesce(max(id), 0)::int8 as "eventId", pg_current_xact_id()::text as transaction
    from opt_out_event where account_id = ${$.accountId}`,
});

const columns = columnsOf(
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

const readSettled = statement({
  name: 'read-opt-out-changes',
  values: {
    accountId: 'int4',
    after: 'int8',
    earlierId: 'int8',
    earlierTransaction: 'text',
    eventId: 'int8',
    transaction: 'text',
    limit: 'int8',
  },
  columns: { ...columns, settled: 'int8' },
  // One statement sees one moment: what has ended, and what is there.
  sql: ($) => `
    with edge as materialized (
      select case
        when ${$.transaction}::text::xid8 <= pg_snapshot_xmin(pg_current_snapshot()) then ${$.eventId}::int8
        when ${$.earlierTransaction}::text::xid8 <= pg_snapshot_xmin(pg_current_snapshot()) then ${$.earlierId}::int8
        else 0 end as settled
    )
    select ${selectSql(columns)}, edge.settled
    from opt_out_event cross join edge
    where account_id = ${$.accountId} and id > ${$.after} and id <= edge.settled
    order by id limit ${$.limit}`,
});

const nobody: Horizon = { eventId: '0', transaction: '0' };

/**
 * The events of the account after a place, the first one first.
 *
 * @returns `next`: the place after them, to ask from again; `hasMore`: whether there are more already
 */
export async function readChanges(
  pool: Pool,
  { accountId }: AccountReadScope,
  { after, horizon }: ChangePlace,
  limit: number,
): Promise<{ events: OptOutEventRow[]; next: ChangePlace; hasMore: boolean }> {
  // In a transaction of its own: it has ended when the next statement looks.
  const drawn = await drawHorizon.only(pool, { accountId });
  const earlier = horizon ?? nobody;
  const rows = await readSettled.all(pool, {
    accountId,
    after,
    earlierId: earlier.eventId,
    earlierTransaction: earlier.transaction,
    ...drawn,
    limit: limit + 1,
  });
  const events = rows.slice(0, limit).map(({ settled: _, ...event }) => event);
  const last = events.at(-1)?.id ?? after;
  const isAtEnd = BigInt(last) >= BigInt(drawn.eventId);
  return {
    events,
    // The earlier of two horizons comes first; drawn anew each time, neither would ever be reached.
    next: { after: last, horizon: isAtEnd ? null : keepHorizon(last, earlier, drawn) },
    hasMore: rows.length > limit,
  };
}

function keepHorizon(last: string, earlier: Horizon, drawn: Horizon): Horizon {
  return BigInt(earlier.eventId) > BigInt(last) ? earlier : drawn;
}
