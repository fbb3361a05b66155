import { columnsOf, statement, type Connection } from '@/lib/db/statement';
import { evidenceFieldSql } from '@/lib/opt-outs/evidence';
import { deliverBatchesSql, optOutTypeSql, type SubjectsSql } from '@/lib/webhook-events/deliveries';
import type { EndpointKey } from './claim';

/** Batches, of at most 1,000 events each, that are made into deliveries in one transaction. */
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

const expand = statement({
  name: 'expand-webhook-batches',
  values: { accountId: 'int4', endpointId: 'int4', limit: 'int8' },
  columns: { id: 'WebhookBatch.id' },
  sql: ($) => {
    const deliver = (subjects: SubjectsSql, source: string) =>
      deliverBatchesSql(`(select * from event where source = '${source}')`, subjects, {
        accountId: $.accountId,
        due: '(select at from moment)',
      });
    return `
    with moment as materialized (
      select now() as at
    ), batch as (
      delete from webhook_batch where account_id = ${$.accountId} and endpoint_id = ${$.endpointId} and id = any (array(
        select id from webhook_batch where account_id = ${$.accountId} and endpoint_id = ${$.endpointId}
        order by id limit ${$.limit} for update skip locked))
      returning account_id, endpoint_id, id, source, subject_ids, created_at
    ), event as (
      select account_id, endpoint_id, source, created_at, id + place - 1 as delivery_id, subject_id
      from batch, unnest(subject_ids) with ordinality as subject (subject_id, place)
    ), reply_delivery as (
      ${deliver(replies, 'REPLY')}
    ), opt_out_delivery as (
      ${deliver(optOuts, 'OPT_OUT')}
    )
    select id from batch`;
  },
});

/**
 * Makes deliveries of the oldest batches of events for an endpoint, if there are any that nobody else makes
 * some of.
 *
 * @returns how many batches it took
 */
export async function expandBatches(
  connection: Connection,
  { accountId, endpointId }: EndpointKey,
): Promise<number> {
  return expand.run(connection, { accountId, endpointId, limit: batchesAtOnce });
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
