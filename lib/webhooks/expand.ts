import { columnsOf, statement, type Connection } from '@/lib/db/statement';
import { evidenceFieldSql } from '@/lib/opt-outs/evidence';
import { optOutTypeSql, readSubjectsSql, type SubjectsSql } from '@/lib/webhook-events/deliveries';
import {
  claimedColumns,
  inOrder,
  isAfterAnotherSql,
  maxId,
  placesSql,
  type ClaimedDelivery,
  type EndpointKey,
} from './claim';
import { failuresUntilProbing } from './retry';

/** Batches that are made into deliveries at once where nobody waits to send them. */
const batchesAtOnce = 4;

const replies: SubjectsSql = {
  table: 'reply',
  type: `'reply.received'`,
  data: {
    replyId: 'subject.id::text',
    senderNumber: 'subject.sender_number',
    messageId: 'subject.message_id::text',
    verdict: 'lower(subject.verdict::text)',
    rule: 'subject.rule',
    // as JSON has it: ISO 8601
    receivedAt: `to_jsonb(subject.received_at) #>> '{}'`,
  },
  texts: { text: 'subject.text' },
};

const optOuts: SubjectsSql = {
  table: 'opt_out_event',
  type: optOutTypeSql,
  data: {
    eventId: 'subject.id::text',
    episodeId: 'subject.episode_id::text',
    // "recipient", "user", "staff", "system": not who
    by: `split_part(subject.actor, ':', 1)`,
    rule: evidenceFieldSql('subject.evidence', 'rule'),
    senderNumber: evidenceFieldSql('subject.evidence', 'senderNumber'),
  },
  texts: { text: evidenceFieldSql('subject.evidence', 'text'), reason: 'subject.reason' },
};

const nullable = <Columns extends Record<string, string>>(columns: Columns) =>
  Object.fromEntries(Object.entries(columns).map(([name, type]) => [name, `${type}?`])) as {
    [Name in keyof Columns]: `${Columns[Name]}?`;
  };

const expand = statement({
  name: 'expand-webhook-batches',
  values: { accountId: 'int4', endpointId: 'int4', batches: 'int8', limit: 'int4', leaseMs: 'int4' },
  columns: { events: 'int4', ...nullable(claimedColumns) },
  sql: ($) => {
    const read = (subjects: SubjectsSql, source: string) =>
      readSubjectsSql(`(select * from event where source = '${source}')`, subjects, $.accountId);
    const ofEndpoint = `account_id = ${$.accountId} and endpoint_id = ${$.endpointId}`;
    return `
    with moment as materialized (
      select now() as at, now() + make_interval(secs => ${$.leaseMs}::int / 1000.0) as lease_end
    ), batch as (
      delete from webhook_batch where ${ofEndpoint} and id = any (array(
        select id from webhook_batch where ${ofEndpoint}
        order by id limit ${$.batches} for update skip locked))
      returning endpoint_id, id, source, subject_ids, created_at
    ), event as (
      select endpoint_id, source, created_at, id + place - 1 as delivery_id, subject_id
      from batch, unnest(subject_ids) with ordinality as subject (subject_id, place)
    ), endpoint as materialized (
      -- of one that fails, none is taken here: which one is tried is for the claim to say
      select in_order, case when failures < ${failuresUntilProbing} then ${placesSql($.limit, 'at')} end as places
      from webhook_endpoint, moment where account_id = ${$.accountId} and id = ${$.endpointId}
    ), told as materialized (
      ${read(replies, 'REPLY')} union all ${read(optOuts, 'OPT_OUT')}
    ), ranked as (
      select told.*, row_number() over (order by delivery_id) as place,
        endpoint.in_order and number is not null and (
          row_number() over (partition by number order by delivery_id) > 1
          or ${isAfterAnotherSql($, 'number', 'delivery_id')}) as waits
      from told, endpoint
    ), decided as (
      select ranked.*, coalesce(place <= places and not waits
        -- what happened before, and another worker makes deliveries of, comes before
        and delivery_id < coalesce((
          select min(id) from webhook_batch where ${ofEndpoint} and id not in (select id from batch)
        ), ${maxId}), false) as is_claimed
      from ranked, endpoint
    ), made as (
      insert into webhook_delivery (account_id, endpoint_id, id, type, msisdn, data, state, attempts, next_attempt_at, created_at)
      select ${$.accountId}, endpoint_id, delivery_id, type, number, data,
        (case when is_claimed then 'SENDING' else 'WAITING' end)::webhook_delivery_state, is_claimed::int,
        case when is_claimed then lease_end else at end, created_at
      from decided, moment
      order by delivery_id
      on conflict do nothing
      returning id, type, data::text, created_at as "createdAt", attempts as attempt
    )
    select events, made.*
    from (select count(*)::int as events from event) as counted left join made on attempt > 0`;
  },
});

/** What making deliveries came to. */
interface Expanded {
  /** Of how many events; none: there was no batch that nobody else makes deliveries of. */
  events: number;
  /** Those that are leased to this process, in order: the others wait for one before them. */
  claimed: ClaimedDelivery[];
}

/**
 * Makes deliveries of the oldest batches of events for an endpoint, and claims at most `limit` of them in the
 * same statement, where the endpoint is sent anything now: most are sent at once, and this spares writing
 * each twice. What is to wait for another of its number is not claimed.
 *
 * @param options.batches how many batches, at most
 */
export async function expandAndClaim(
  connection: Connection,
  key: EndpointKey,
  options: { batches: number; limit: number; leaseMs: number },
): Promise<Expanded> {
  const rows = await expand.all(connection, { ...key, ...options });
  const claimed = rows.flatMap(({ id, type, data, createdAt, attempt }): ClaimedDelivery[] =>
    id === null || type === null || data === null || createdAt === null || attempt === null
      ? []
      : [{ id, type, data, createdAt, attempt }],
  );
  return { events: rows[0]?.events ?? 0, claimed: inOrder(claimed) };
}

/**
 * Makes deliveries of the oldest batches of events for an endpoint, if there are any that nobody else makes
 * some of, and claims none.
 *
 * @returns of how many events
 */
export async function expandBatches(
  connection: Connection,
  { accountId, endpointId }: EndpointKey,
): Promise<number> {
  const nothing = { batches: batchesAtOnce, limit: 0, leaseMs: 0 };
  return (await expandAndClaim(connection, { accountId, endpointId }, nothing)).events;
}

const findBatches = statement({
  name: 'find-webhook-batches',
  values: { accountId: 'int4' },
  columns: columnsOf('WebhookBatch', 'endpointId'),
  sql: ($) =>
    `select distinct endpoint_id as "endpointId" from webhook_batch where account_id = ${$.accountId}`,
});

/** The same for all that an account is to be told: before the rows that hold the events change. */
export async function expandAccount(connection: Connection, accountId: number): Promise<void> {
  for (const { endpointId } of await findBatches.all(connection, { accountId })) {
    while ((await expandBatches(connection, { accountId, endpointId })) > 0);
  }
}
