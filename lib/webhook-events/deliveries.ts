import type { WebhookSource } from '@/lib/db/generated/enums';
import type { WebhookChoice } from './schema';

const quote = (choice: WebhookChoice) => `'${choice}'`;

/** SQL of texts, by the names that a program reads them under. */
type DataSql = Readonly<Record<string, string>>;

/**
 * Events, read from rows of the statement that writes them. `accounts` is SQL of whose they can be, as a
 * value of the statement: an id, or a list of them as `any ($2)`.
 */
interface EventsSql {
  /** The rows, and which of them are events. */
  from: string;
  accounts: string;
  accountId: string;
  /** Null: of nobody. */
  msisdn: string;
  /** SQL of the event's name; null of the value: nothing to tell. */
  type: string;
  /** SQL of what one chooses to hear of it; left out: the name itself. */
  choice?: string;
  data: DataSql;
  /** What people wrote: for endpoints that want it. */
  texts?: DataSql;
  /** SQL of the order in which they happened, where rows can be of one number. */
  order?: string;
}

/**
 * SQL of an insert: a delivery of each event for each endpoint of its account that asks for it. It stands in
 * the statement that writes the event, so that there is no one without the other. Rows of an account without
 * an endpoint meet an empty index and nothing is computed of them.
 */
function deliverSql({
  from,
  accounts,
  accountId,
  msisdn,
  type,
  choice,
  data,
  texts,
  order,
}: EventsSql): string {
  return `insert into webhook_delivery (account_id, endpoint_id, type, msisdn, data, next_attempt_at, created_at)
    select endpoint.account_id, endpoint.id, event.type, event.number, ${composeDataSql(data, texts)}, now(), now()
    from (
      select ${accountId} as account_id, ${msisdn} as number, ${type} as type, ${choice ?? type} as choice,
        ${[...columnsSql(data, texts), `${order ?? '1'} as place`].join(', ')}
      from ${from}
    ) as event
    join webhook_endpoint as endpoint on endpoint.account_id = event.account_id and endpoint.account_id = ${accounts}
      and endpoint.removed_at is null and event.choice = any (endpoint.events)
    order by event.place
    on conflict do nothing`;
}

function columnsSql(data: DataSql, texts: DataSql = {}): string[] {
  return Object.entries({ ...data, ...texts }).map(([name, sql]) => `${sql} as "${name}"`);
}

/** What a delivery says, of rows `event` and `endpoint`. */
function composeDataSql(data: DataSql, texts?: DataSql): string {
  const fields = { number: numberSql, ...prefix(data) };
  const composed = composeSql(fields);
  // both written out: putting two objects together took a sixth of it
  return texts
    ? `case when endpoint.with_texts then ${composeSql({ ...fields, ...prefix(texts) })} else ${composed} end`
    : composed;
}

/** E.164; what is no number, such as the name of a sender, as it is. */
const numberSql = `case when event.number ~ '^[1-9][0-9]{6,14}$' then '+' || event.number else event.number end`;

function prefix(values: DataSql): DataSql {
  return Object.fromEntries(Object.keys(values).map((name) => [name, `event."${name}"`]));
}

/** Of texts alone: jsonb_build_object asks of each value what it is, which takes a third longer. */
function composeSql(values: DataSql): string {
  return `jsonb_object(array[${Object.entries(values)
    .map(([name, sql]) => `'${name}', ${sql}`)
    .join(', ')}])`;
}

/**
 * The accounts that have an endpoint for any of these, as SQL of an int[]; null: none.
 *
 * @param accounts SQL of those that are asked about: an id, or a list as `any ($2)`
 */
export function wantingSql(accounts: string, choices: readonly WebhookChoice[]): string {
  return `(select array_agg(distinct endpoint.account_id) from webhook_endpoint as endpoint
    where endpoint.account_id = ${accounts} and endpoint.removed_at is null
      and endpoint.events && array[${choices.map(quote).join(', ')}])`;
}

/**
 * Most events of a batch: its deliveries have the ids from the batch's own on, and the sequence of both
 * counts in steps of this.
 */
const maxBatchSize = 1000;

/**
 * SQL of an insert: the events of a statement as one row for each endpoint that asks for them, by the ids of
 * the rows that hold them. The sender makes deliveries of it (lib/webhooks/expand.ts); whoever writes the
 * event is spared that.
 *
 * @param events rows of account_id, subject_id, choice, place
 * @param options.isLarge there may be more than a batch holds: it takes a sort to part them
 */
function gatherSql(
  source: WebhookSource,
  events: string,
  { accounts, isLarge }: { accounts: string; isLarge: boolean },
): string {
  const ofEndpoint = 'endpoint.account_id, endpoint.id';
  const part = isLarge
    ? `(row_number() over (partition by ${ofEndpoint} order by event.place) - 1) / ${maxBatchSize}`
    : '0';
  return `insert into webhook_batch (account_id, endpoint_id, source, subject_ids, created_at)
    select account_id, endpoint_id, '${source}', array_agg(subject_id order by place), now()
    from (
      select endpoint.account_id, endpoint.id as endpoint_id, event.subject_id, event.place, ${part} as part
      from (${events}) as event
      join webhook_endpoint as endpoint on endpoint.account_id = event.account_id and endpoint.account_id = ${accounts}
        and endpoint.removed_at is null and event.choice = any (endpoint.events)
    ) as told
    group by account_id, endpoint_id, part
    order by account_id, endpoint_id, part
    on conflict do nothing`;
}

/**
 * The events of what begins and ends episodes. An entry that a reply takes over was there: no event.
 *
 * @param from rows as opt_out_event returns them: account_id, id, kind
 * @param accounts SQL of whose they can be: an id, or a list as `any ($2)`
 */
export function tellOptOutsSql(from: string, accounts: string): string {
  return gatherSql(
    'OPT_OUT',
    `select account_id, id as subject_id, id as place, ${optOutTypeSql} as choice from ${from}`,
    { accounts, isLarge: true },
  );
}

/** SQL of the name of what a row of opt_out_event tells; null: nothing. */
export const optOutTypeSql = `case when kind = 'OPTED_OUT' then ${quote('opt_out.created')}
  when kind in ('REMOVED', 'CORRECTED') then ${quote('opt_out.removed')} end`;

/**
 * The events of replies, at most 1,000.
 *
 * @param from rows of account_id, reply_id, place
 * @param accounts SQL of whose they can be: an id, or a list as `any ($2)`
 */
export function tellRepliesSql(from: string, accounts: string): string {
  return gatherSql(
    'REPLY',
    `select account_id, reply_id as subject_id, place, ${quote('reply.received')} as choice from ${from}`,
    { accounts, isLarge: false },
  );
}

/** How the rows of events are read when deliveries are made of them. */
export interface SubjectsSql {
  table: 'reply' | 'opt_out_event';
  type: string;
  data: DataSql;
  texts: DataSql;
}

/**
 * SQL of a select: the deliveries of events of one account, as rows of endpoint_id, delivery_id, type,
 * number, data, created_at. What its person had erased meanwhile tells nothing.
 *
 * @param from rows of endpoint_id, delivery_id, subject_id, created_at
 */
export function readSubjectsSql(
  from: string,
  { table, type, data, texts }: SubjectsSql,
  accountId: string,
): string {
  return `select event.endpoint_id, event.delivery_id, event.type, event.number, ${composeDataSql(data, texts)} as data,
      event.created_at
    from (
      select told.endpoint_id, told.delivery_id, told.created_at, ${type} as type, msisdn as number,
        ${columnsSql(data, texts).join(', ')}
      from ${from} as told
      join ${table} as subject on subject.account_id = ${accountId} and subject.id = told.subject_id
      where subject.msisdn <> ''
    ) as event
    join webhook_endpoint as endpoint on endpoint.account_id = ${accountId} and endpoint.id = event.endpoint_id`;
}

/**
 * Deliveries of what became of messages. Their texts are the account's own and are not repeated.
 *
 * @param from rows of id, msisdn, kind, purpose, batch_id
 * @param accounts SQL of whose they can be: an id, or a list as `any ($2)`
 * @param accountId SQL of whose a row is, where it is a list
 * @param status SQL of the new one
 */
export function deliverStatusSql({
  from,
  accounts,
  accountId = accounts,
  status,
  reason,
}: {
  from: string;
  accounts: string;
  accountId?: string;
  status: string;
  reason: string;
}): string {
  return deliverSql({
    from,
    accounts,
    accountId,
    msisdn: 'msisdn',
    type: quote('message.status'),
    data: {
      messageId: 'id::text',
      batchId: 'batch_id::text',
      kind: 'lower(kind::text)',
      purpose: 'lower(purpose::text)',
      status: `lower(${status}::text)`,
      reason,
    },
  });
}

/**
 * Deliveries of the story of removal requests.
 *
 * @param from rows of account_id, msisdn, request_id, kind, from_state, to_state, actor, reason, place
 */
export function deliverRequestsSql(from: string, accounts: string): string {
  return deliverSql({
    from,
    accounts,
    accountId: 'account_id',
    msisdn: 'msisdn',
    type: `'removal_request.' || lower(kind::text)`,
    choice: quote('removal_request.*'),
    data: {
      requestId: 'request_id::text',
      fromState: 'lower(from_state::text)',
      state: 'lower(to_state::text)',
      by: `split_part(actor, ':', 1)`,
    },
    texts: { reason: 'reason' },
    order: 'place',
  });
}
