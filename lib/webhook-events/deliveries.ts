import type { WebhookChoice } from './schema';

/** SQL of texts, by the names that a program reads them under. */
type DataSql = Readonly<Record<string, string>>;

/** Events, read from rows of the statement that writes them. */
interface EventsSql {
  /** The rows, and which of them are events. */
  from: string;
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
function deliverSql({ from, accountId, msisdn, type, choice, data, texts, order }: EventsSql): string {
  const fields = { number: numberSql, ...prefix(data) };
  const composed = composeSql(fields);
  // both written out: putting two objects together took a sixth of it
  const withTexts = texts
    ? `case when endpoint.with_texts then ${composeSql({ ...fields, ...prefix(texts) })} else ${composed} end`
    : composed;
  const columns = Object.entries({ ...data, ...texts }).map(([name, sql]) => `${sql} as "${name}"`);
  return `insert into webhook_delivery (account_id, endpoint_id, type, msisdn, data, next_attempt_at, created_at)
    select endpoint.account_id, endpoint.id, event.type, event.number, ${withTexts}, now(), now()
    from (
      select ${accountId} as account_id, ${msisdn} as number, ${type} as type, ${choice ?? type} as choice,
        ${[...columns, `${order ?? '1'} as place`].join(', ')}
      from ${from}
    ) as event
    join webhook_endpoint as endpoint on endpoint.account_id = event.account_id and endpoint.removed_at is null
      and event.choice = any (endpoint.events)
    order by event.place
    on conflict do nothing`;
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

const quote = (choice: WebhookChoice) => `'${choice}'`;

/** Whether an account has an endpoint for any of these, as SQL of a bool. */
export function wantsSql(accountId: string, choices: readonly WebhookChoice[]): string {
  return `exists (select from webhook_endpoint as endpoint where endpoint.account_id = ${accountId}
    and endpoint.removed_at is null and endpoint.events && array[${choices.map(quote).join(', ')}])`;
}

interface OptOutEventsSql {
  /** Rows as opt_out_event returns them: account_id, id, msisdn, episode_id, kind, actor, reason. */
  from: string;
  /** SQL of fields of their evidence. */
  rule: string;
  senderNumber: string;
  text: string;
}

/** Deliveries of what begins and ends episodes. An entry that a reply takes over was there: no event. */
export function deliverOptOutsSql({ from, rule, senderNumber, text }: OptOutEventsSql): string {
  return deliverSql({
    from,
    accountId: 'account_id',
    msisdn: 'msisdn',
    type: `case when kind = 'OPTED_OUT' then ${quote('opt_out.created')}
      when kind in ('REMOVED', 'CORRECTED') then ${quote('opt_out.removed')} end`,
    data: {
      eventId: 'id::text',
      episodeId: 'episode_id::text',
      // "recipient", "user", "staff", "system": not who
      by: `split_part(actor, ':', 1)`,
      rule,
      senderNumber,
    },
    texts: { text, reason: 'reason' },
    order: 'id',
  });
}

/**
 * Deliveries of replies.
 *
 * @param from rows of account_id, reply_id, msisdn, sender_number, text, verdict, rule, message_id,
 *   received_at, place
 */
export function deliverRepliesSql(from: string): string {
  return deliverSql({
    from,
    accountId: 'account_id',
    msisdn: 'msisdn',
    type: quote('reply.received'),
    data: {
      replyId: 'reply_id::text',
      senderNumber: 'sender_number',
      messageId: 'message_id::text',
      verdict: 'lower(verdict::text)',
      rule: 'rule',
      // as JSON has it: ISO 8601
      receivedAt: `to_jsonb(received_at) #>> '{}'`,
    },
    texts: { text: 'text' },
    order: 'place',
  });
}

/**
 * Deliveries of what became of messages. Their texts are the account's own and are not repeated.
 *
 * @param from rows of id, msisdn, kind, batch_id
 * @param status SQL of the new one
 */
export function deliverStatusSql({
  from,
  accountId,
  status,
  reason,
}: {
  from: string;
  accountId: string;
  status: string;
  reason: string;
}): string {
  return deliverSql({
    from,
    accountId,
    msisdn: 'msisdn',
    type: quote('message.status'),
    data: {
      messageId: 'id::text',
      batchId: 'batch_id::text',
      kind: 'lower(kind::text)',
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
export function deliverRequestsSql(from: string): string {
  return deliverSql({
    from,
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
