import type { Pool } from 'pg';
import type { StaffReadScope } from '@/lib/auth/scope';
import { toPlain } from '@/lib/db/plain';
import { typed } from '@/lib/db/sql-types';
import { columnsOf, selectSql, statement } from '@/lib/db/statement';
import { divideRoutes, listUncovered, shareSql, type Route, type RoutePart } from '@/lib/messages/routes';
import { outstandingSql } from './outstanding-sql';
import { readRoutes } from './registry';
import { countedAtMost, type CarrierCounts, type CarrierRow, type RouteRow, type SystemView } from './schema';

const carrierColumns = columnsOf(
  'Carrier',
  'name',
  'kind',
  'state',
  'ratePerSecond',
  'windowSize',
  'address',
  'username',
  'fromEnvironment',
  'problem',
  'problemAt',
  'lastReplyAt',
  'lastReceiptAt',
);

const countsSql = (since: string) => `(
  select json_build_object('sent', coalesce(sum(sent), 0), 'failed', coalesce(sum(failed), 0),
    'retried', coalesce(sum(retried), 0), 'doubted', coalesce(sum(doubted), 0),
    'replies', coalesce(sum(replies), 0), 'receipts', coalesce(sum(receipts), 0))
  from carrier_minute where carrier_minute.carrier = carrier.name and minute > now() - interval '${since}'
)`;

/** A worker says each five seconds what it knows; one that has not for a while is gone. */
const liveSql = `carrier_worker.carrier = carrier.name and seen_at > now() - interval '30 seconds'`;

const listCarriers = statement({
  name: 'list-carriers-for-staff',
  columns: {
    ...carrierColumns,
    lastMinute: typed<CarrierCounts>('json'),
    lastHour: typed<CarrierCounts>('json'),
    workers: 'int4',
    handingOver: 'int4',
    awayUntil: 'timestamptz?',
    errors: typed<CarrierRow['errors']>('json'),
  },
  sql: () => `
    select ${selectSql(carrierColumns)},
      ${countsSql('1 minute')} as "lastMinute", ${countsSql('1 hour')} as "lastHour",
      (select count(*)::int from carrier_worker where ${liveSql}) as workers,
      (select coalesce(sum(handing_over), 0)::int from carrier_worker where ${liveSql}) as "handingOver",
      (select max(open_until) from carrier_worker where ${liveSql}) as "awayUntil",
      coalesce((
        select json_agg(error order by error ->> 'at' desc)
        from (
          select error from carrier_worker, jsonb_array_elements(errors) as error
          where carrier_worker.carrier = carrier.name order by error ->> 'at' desc limit 5
        ) as last
      ), '[]') as errors
    from carrier order by from_environment desc, name`,
});

const partColumns = {
  carrier: 'text',
  fromNumber: 'text',
  belowNumber: 'text',
  fromShare: 'int4',
  belowShare: 'int4',
} as const;

const findTakerSql = (part: string, name: string) => `(
  select ${name}.carrier from ${part}
  where due.msisdn >= ${name}.from_number and due.msisdn < ${name}.below_number
    and due.share >= ${name}.from_share and due.share < ${name}.below_share
  limit 1
)`;

const countQueued = statement({
  name: 'count-queued-by-carrier',
  values: { usable: partColumns, overall: partColumns, limit: 'int8' },
  columns: { carrier: 'text?', messages: 'int4' },
  sql: ($) => `
    with due as materialized (
      select msisdn, ${shareSql('id')} as share from message
      where next_attempt_at <= now() and status = 'QUEUED' limit ${$.limit}
    )
    select coalesce(${findTakerSql($.usable, 'usable')}, ${findTakerSql($.overall, 'overall')}) as carrier,
      count(*)::int as messages
    from due group by 1`,
});

const countOutstanding = statement({
  name: 'count-outstanding-of-carrier',
  values: { carrier: 'text' },
  columns: { messages: 'int4' },
  sql: ($) => `
    select (${outstandingSql($.carrier)
      .map(
        (where) =>
          `(select count(*) from (select 1 from message where ${where} limit ${countedAtMost}) as counted)`,
      )
      .join(' + ')})::int as messages`,
});

/** All that staff see of carriers and routes. */
export async function readSystem(pool: Pool, _scope: StaffReadScope): Promise<SystemView> {
  const [carriers, routes] = await Promise.all([listCarriers.all(pool, {}), readRoutes(pool)]);
  const all = new Set(carriers.map(({ name }) => name));
  const active = new Set(carriers.flatMap(({ name, state }) => (state === 'ACTIVE' ? [name] : [])));
  const queued = await countQueued.all(pool, {
    usable: flatten(divideRoutes(routes, active)),
    overall: flatten(divideRoutes(routes, all)),
    limit: countedAtMost,
  });
  const queuedOf = (name: string | null) => queued.find(({ carrier }) => carrier === name)?.messages ?? 0;
  const rows = await Promise.all(
    toPlain(carriers).map(async (carrier) => ({
      ...carrier,
      queued: queuedOf(carrier.name),
      // What a carrier that drains still waits for; of any other nobody asks.
      outstanding:
        carrier.state === 'DRAINING'
          ? (await countOutstanding.only(pool, { carrier: carrier.name })).messages
          : null,
    })),
  );
  const uncovered = listUncovered(routes, active);
  return {
    carriers: rows,
    routes: routes.map((route) => describeRoute(route, routes, active, uncovered)),
    uncovered,
    unrouted: queuedOf(null),
  };
}

function flatten(parts: ReadonlyMap<string, readonly RoutePart[]>) {
  return [...parts].flatMap(([carrier, own]) => own.map((part) => ({ carrier, ...part })));
}

function describeRoute(
  route: Route,
  routes: readonly Route[],
  active: ReadonlySet<string>,
  uncovered: readonly string[],
): RouteRow {
  const others = routes.filter((other) => other !== route);
  const after = listUncovered(others, active);
  return { ...route, leavesUncovered: after.filter((prefix) => !uncovered.includes(prefix)) };
}

const countStopped = statement({
  name: 'count-stopped-carriers',
  columns: { carriers: 'int4' },
  sql: () => 'select count(*)::int as carriers from carrier where problem is not null',
});

const countHeld = statement({
  name: 'count-held-in-doubt',
  columns: { messages: 'int4' },
  sql: () => `
    select count(*)::int as messages from (
      select 1 from message
      where doubted_at is not null and status = 'IN_DOUBT' and next_attempt_at is null limit 100
    ) as held`,
});

/** Carriers that were stopped, and messages in doubt that wait for a person; more than 99 are "99+". */
export async function countSystemAttention(pool: Pool, _scope: StaffReadScope): Promise<number> {
  const [stopped, held] = await Promise.all([countStopped.only(pool, {}), countHeld.only(pool, {})]);
  return stopped.carriers + held.messages;
}
