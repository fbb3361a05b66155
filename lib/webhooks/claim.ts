import type { Pool, PoolClient } from 'pg';
import { columnsOf, statement, type RowOf } from '@/lib/db/statement';
import { failuresUntilProbing, pauseAfterMs } from './retry';

/** An endpoint of an account. */
export interface EndpointKey {
  accountId: number;
  endpointId: number;
}
/** SQL: whether an endpoint wants nothing now, by its own word. */
const isHeldSql = (at: string) => `coalesce(held_until > ${at}, false)`;

const ofEndpoint = { accountId: 'int4', endpointId: 'int4' } as const;

/** Whether an endpoint is sent anything: not while it is paused, or its account is suspended. */
const isOnSql = (endpoint: string) => `(
  ${endpoint}.state = 'ACTIVE' and ${endpoint}.removed_at is null
  and exists (select from account where account.id = ${endpoint}.account_id and account.status = 'ACTIVE'))`;

/**
 * SQL: how many deliveries of a row of webhook_endpoint may be taken at `at`, of at most `limit`; of one that
 * fails one at a time is tried. Null: nothing is sent now.
 */
export const placesSql = (limit: string, at: string) => `
  case when ${isOnSql('webhook_endpoint')} and retry_at <= ${at} and not ${isHeldSql(at)}
    then case when failures >= ${failuresUntilProbing} then 1 else ${limit} end end`;

/** No id is larger. */
export const maxId = '9223372036854775807';

/** SQL: whether an earlier delivery of the number has not come to an end. */
export const isAfterAnotherSql = (
  { accountId, endpointId }: { accountId: string; endpointId: string },
  msisdn: string,
  id: string,
) => `exists (
  select from webhook_delivery as earlier
  where earlier.account_id = ${accountId} and earlier.endpoint_id = ${endpointId}
    and earlier.msisdn = ${msisdn} and earlier.id < ${id} and earlier.next_attempt_at is not null
)`;

/** What is to be known of a delivery to send it. */
export const claimedColumns = {
  ...columnsOf('WebhookDelivery', 'id', 'type', 'createdAt'),
  /** JSON. */
  data: 'text',
  attempt: 'WebhookDelivery.attempts',
} as const;

const claim = statement({
  name: 'claim-webhook-deliveries',
  values: { ...ofEndpoint, limit: 'int4', leaseMs: 'int4' },
  columns: claimedColumns,
  sql: ($) => `
    with moment as materialized (
      select now() as at, now() + make_interval(secs => ${$.leaseMs}::int / 1000.0) as lease_end
    ), endpoint as materialized (
      select in_order, ${placesSql($.limit, 'at')} as places
      from webhook_endpoint, moment where account_id = ${$.accountId} and id = ${$.endpointId}
    ), due as (
      select delivery.id
      from webhook_delivery as delivery, endpoint, moment
      where delivery.account_id = ${$.accountId} and delivery.endpoint_id = ${$.endpointId} and delivery.next_attempt_at <= at
        and endpoint.places is not null
        -- what happened before, and is not made into deliveries yet, comes before
        and delivery.id < coalesce((
          select min(id) from webhook_batch where account_id = ${$.accountId} and endpoint_id = ${$.endpointId}
        ), ${maxId})
        and (not endpoint.in_order or delivery.msisdn is null
          or not ${isAfterAnotherSql($, 'delivery.msisdn', 'delivery.id')})
      order by delivery.next_attempt_at, delivery.id
      limit (select places from endpoint)
      for update of delivery skip locked
    ), probing as (
      -- of an endpoint that fails one is under way, whichever worker has it
      update webhook_endpoint set retry_at = lease_end from moment
      where account_id = ${$.accountId} and id = ${$.endpointId} and failures >= ${failuresUntilProbing}
        and exists (select from due)
    )
    update webhook_delivery as delivery
      set state = 'SENDING', attempts = delivery.attempts + 1, next_attempt_at = lease_end
    from due, moment
    where delivery.account_id = ${$.accountId} and delivery.endpoint_id = ${$.endpointId} and delivery.id = due.id
    returning delivery.id, delivery.type, delivery.data::text, delivery.created_at as "createdAt", delivery.attempts as attempt`,
});

/** A delivery that is leased to this process. */
export type ClaimedDelivery = RowOf<typeof claim>;

/**
 * Claims what an endpoint is to be sent now, at most `limit`. Where one wishes order, of a number only the
 * oldest that has not come to an end is claimed. One whose lease has run out (its process died) is due again.
 */
export async function claimDeliveries(
  pool: Pool,
  key: EndpointKey,
  { limit, leaseMs }: { limit: number; leaseMs: number },
): Promise<ClaimedDelivery[]> {
  return inOrder(await claim.all(pool, { ...key, limit, leaseMs }));
}

/** As they happened: what writes them gives no order. */
export function inOrder(claimed: ClaimedDelivery[]): ClaimedDelivery[] {
  return claimed.sort(({ id: one }, { id: other }) =>
    one.length === other.length ? (one < other ? -1 : 1) : one.length - other.length,
  );
}

const readTarget = statement({
  name: 'read-webhook-target',
  values: ofEndpoint,
  columns: { ...columnsOf('WebhookEndpoint', 'url', 'sealedSecret'), previousSecret: 'text?' },
  sql: ($) => `
    select url, sealed_secret as "sealedSecret", case when previous_until > now() then previous_secret end as "previousSecret"
    from webhook_endpoint where account_id = ${$.accountId} and id = ${$.endpointId} and removed_at is null`,
});

/** Where deliveries of an endpoint go now, and what they are signed with. */
export type WebhookTarget = RowOf<typeof readTarget>;

/** Read once for all that was claimed; none: the endpoint was removed. */
export function findTarget(pool: Pool, key: EndpointKey): Promise<WebhookTarget | undefined> {
  return readTarget.one(pool, key);
}

/** What came of one attempt. */
export interface AttemptResult {
  id: string;
  attempt: number;
  /** `released`: it was not tried, or given up by ourselves. */
  outcome: 'delivered' | 'failed' | 'released';
  statusCode: number | null;
  answer: string | null;
  reason: string | null;
  durationMs: number;
  /** After how long it is tried again; null: that was the last time. */
  retryMs: number | null;
}

/** The endpoint says that it is gone, and wants nothing more. */
const goneStatus = 410;

const record = statement({
  name: 'record-webhook-attempts',
  values: {
    ...ofEndpoint,
    holdMs: 'int4',
    result: {
      id: 'int8',
      attempt: 'int4',
      outcome: 'text',
      statusCode: 'int4?',
      answer: 'text?',
      reason: 'text?',
      durationMs: 'int4',
      retryMs: 'int4?',
    },
  },
  columns: {
    failures: 'int4?',
    failingSince: 'timestamptz?',
    isPausedNow: 'bool?',
    url: 'text?',
    reason: 'text?',
    isOff: 'bool',
  },
  sql: ($) => `
    with moment as materialized (
      select now() as at, now() - make_interval(secs => ${pauseAfterMs / 1000}) as pause_before,
        case when ${$.holdMs}::int > 0 then now() + make_interval(secs => ${$.holdMs}::int / 1000.0) end as hold_end
    ), result as materialized (
      select result.*, at + make_interval(secs => retry_ms / 1000.0) as retry_at from ${$.result}, moment
    ), tally as (
      select count(*) filter (where outcome = 'delivered') as delivered, count(*) filter (where outcome = 'failed') as failed,
        coalesce(bool_or(status_code = ${goneStatus}), false) as is_gone,
        max(result.reason) filter (where outcome = 'failed') as reason
      from result
    ), before as materialized (
      -- what it wanted before this is written: read afterwards, a cluster would find what is written
      select ${isOnSql('webhook_endpoint')} and not ${isHeldSql('at')} as wants from webhook_endpoint, moment
      where account_id = ${$.accountId} and id = ${$.endpointId}
    ), endpoint as (
      update webhook_endpoint as endpoint set
        failures = case when delivered > 0 then 0 when failed > 0 then failures + 1 else failures end,
        failing_since = case when delivered > 0 then null when failed > 0 then coalesce(failing_since, at)
          else failing_since end,
        -- what it takes meanwhile, from whichever worker, does not mean that it wants more
        held_until = greatest(held_until, hold_end),
        retry_at = case
          when delivered > 0 or failures + 1 < ${failuresUntilProbing} or failed = 0 then at else probed_at end,
        reason = case when delivered > 0 then null when failed > 0 then tally.reason else endpoint.reason end,
        state = case when ends then 'PAUSED_BY_FAILURES' else state end,
        paused_at = case when ends then at else paused_at end
      from tally, moment, lateral (
        select endpoint.state = 'ACTIVE' and delivered = 0 and failed > 0
          and (is_gone or endpoint.failing_since <= pause_before) is true as ends,
          -- added here: a cluster adds nothing to a time within "case"
          at + least(interval '5 minutes',
            interval '10 seconds' * power(2, least(endpoint.failures + 1 - ${failuresUntilProbing}, 5))) as probed_at
        from webhook_endpoint as endpoint where account_id = ${$.accountId} and id = ${$.endpointId}
      ) as decision
      where endpoint.account_id = ${$.accountId} and endpoint.id = ${$.endpointId}
        and (failed > 0 or failures > 0 or hold_end is not null)
      returning failures, failing_since, ends, url, endpoint.reason
    ), recorded as (
      update webhook_delivery as delivery set
        state = case
          when result.outcome = 'delivered' then 'DELIVERED'
          when result.outcome = 'released' or result.retry_ms is not null or is_held then 'WAITING'
          else 'FAILED' end::webhook_delivery_state,
        next_attempt_at = case
          when result.outcome = 'released' or result.outcome = 'failed' and result.retry_ms is null and is_held then at
          when result.outcome = 'failed' and result.retry_ms is not null
            then greatest(hold_end, result.retry_at) end,
        attempts = case when result.outcome = 'released' then delivery.attempts - 1 else delivery.attempts end,
        attempted_at = case when result.outcome = 'released' then attempted_at else at end,
        duration_ms = case when result.outcome = 'released' then delivery.duration_ms else result.duration_ms end,
        status_code = case when result.outcome = 'released' then delivery.status_code else result.status_code end,
        answer = case when result.outcome = 'released' then delivery.answer else result.answer end,
        reason = case when result.outcome = 'released' then delivery.reason else result.reason end,
        finished_at = case when result.outcome = 'delivered' or result.outcome = 'failed' and result.retry_ms is null
          and not is_held then at end
      from result, moment, (
        -- while nothing works at all, nothing is given up: it waits until the endpoint is resumed
        select coalesce((select failing_since <= pause_before or ends from endpoint, moment), false) as is_held
      ) as holding
      where delivery.account_id = ${$.accountId} and delivery.endpoint_id = ${$.endpointId} and delivery.id = result.id
        and delivery.attempts = result.attempt
        and delivery.state = 'SENDING'
    )
    select failures, failing_since as "failingSince", ends as "isPausedNow", url, reason, coalesce(ends, false) or not exists (select from before where wants) as "isOff"
    from moment left join endpoint on true`,
});

/** How the endpoint stands once attempts are recorded. */
export interface RecordedAttempts {
  /** Null: nothing has changed about it. */
  health: EndpointHealth | null;
  /**
   * It was paused or removed meanwhile, or its account suspended, or it wants nothing now, as another worker
   * heard; or it is paused now.
   */
  isOff: boolean;
}

export interface EndpointHealth {
  failures: number;
  failingSince: Date | null;
  isPausedNow: boolean;
  url: string;
  reason: string | null;
}

/**
 * Records what came of attempts, set-based, and what that says of the endpoint.
 *
 * @param holdMs for so long it wants nothing more, by its own word
 */
export async function recordAttempts(
  client: Pool | PoolClient,
  key: EndpointKey,
  results: readonly AttemptResult[],
  holdMs = 0,
): Promise<RecordedAttempts> {
  const { failures, failingSince, isPausedNow, url, reason, isOff } = await record.only(client, {
    ...key,
    holdMs: Math.ceil(holdMs),
    result: results,
  });
  const health =
    failures === null || url === null
      ? null
      : { failures, failingSince, isPausedNow: isPausedNow ?? false, url, reason };
  return { health, isOff };
}

const findEndpoints = statement({
  name: 'find-webhook-endpoints',
  columns: {
    accountId: 'WebhookEndpoint.accountId',
    endpointId: 'WebhookEndpoint.id',
    isOn: 'bool',
    hasBatch: 'bool',
    isDue: 'bool',
  },
  sql: () => `
    select account_id as "accountId", id as "endpointId", is_on as "isOn", has_batch as "hasBatch",
      is_on and retry_at <= now() and not ${isHeldSql('now()')} and (has_batch or exists (
        select 1 from webhook_delivery as delivery
        where delivery.account_id = endpoint.account_id and delivery.endpoint_id = endpoint.id and next_attempt_at <= now()
      )) as "isDue"
    from (
      select account_id, id, retry_at, held_until, ${isOnSql('endpoint')} as is_on, exists (
        select 1 from webhook_batch as batch where batch.account_id = endpoint.account_id and batch.endpoint_id = endpoint.id
      ) as has_batch
      from webhook_endpoint as endpoint where removed_at is null
    ) as endpoint
    where is_on or has_batch`,
});

/**
 * The endpoints that may be sent something, and whether there is something; and those that may not, but have
 * events that no deliveries were made of. An index probe or two each.
 */
export async function findEndpointsToServe(pool: Pool): Promise<RowOf<typeof findEndpoints>[]> {
  return findEndpoints.all(pool, {});
}
