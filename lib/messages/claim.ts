import type { Pool, PoolClient } from 'pg';
import type { MessageKind } from '@/lib/db/generated/enums';
import { giveCreditsSql } from '@/lib/credits/ledger';
import { withTransaction } from '@/lib/db/client';
import { columnsOf, statement, type Places, type RowOf, type Values } from '@/lib/db/statement';
import { tellAccounts } from '@/lib/events/account-changes';
import { deliverStatusSql } from '@/lib/webhook-events/deliveries';
import { readGate, takeTurnToClaim } from '@/lib/opt-outs/family-queries';
import {
  blockedElsewhereSql,
  blockReasonSql,
  blockReasonTypes,
  composeBlockReasons,
  capTypes,
  composeCap,
  composeFamilyReasons,
  familyReasonTypes,
  hasComeOntoRegistrySql,
  isOverCapSql,
  listedSql,
  overCapSql,
  overrideEventSql,
  settledTypes,
  type FamilyPlaces,
} from '@/lib/opt-outs/gate';
import { keepConversations } from './conversations';
import { doubtReason, lawfulHoursReason } from './labels';
import {
  isConsentTimeSql,
  lawfulTime,
  openingsSql,
  opensAtSql,
  readLawfulTime,
  zonesOfSql,
} from './lawful-time';
import { shareSql, type RoutePart } from './routes';
import { fillCodes } from './service-sms';

declare const claimed: unique symbol;

/**
 * A message that has passed the gate at dispatch and is leased to this process. Only `claimBatch` makes
 * these, and a carrier takes nothing else: the one road to a carrier.
 */
export interface ClaimedMessage {
  readonly [claimed]: true;
  readonly accountId: number;
  readonly id: string;
  readonly kind: MessageKind;
  readonly msisdn: string;
  readonly senderNumber: string;
  readonly text: string;
  /** Which attempt this is, from 1; also the fence: results of an earlier attempt are refused. */
  readonly attempt: number;
  readonly cost: number;
}

export interface ClaimOptions {
  limit: number;
  leaseMs: number;
  /** For which carrier; kept with each message, since its receipts may come before it is recorded. */
  carrier?: string;
  /** Only messages that are the carrier's (routes.ts); all unless told. */
  parts?: readonly RoutePart[];
  /** Only what goes ahead of others: confirmations, consent SMSs, codes. */
  isUrgent?: boolean;
  /** For the hours in which marketing and consent SMSs may leave; the present unless told. */
  now?: Date;
}

/** SQL of whether messages in doubt are held for a person. */
const isHoldingSql = `(select doubt_policy = 'HOLD' from platform_setting)`;

/** SQL of whether a message still waits for what its carrier says of handing it over. */
const isOpenSql = `message.status in ('SENDING', 'IN_DOUBT')`;

const claimValues = {
  accountId: 'int4',
  limit: 'int8',
  leaseMs: 'int4',
  carrier: 'text?',
  ...blockReasonTypes,
  ...capTypes,
  ...settledTypes,
  ...lawfulTime,
} as const;
const familyClaimValues = { ...claimValues, ...familyReasonTypes } as const;
const claimedColumns = {
  ...columnsOf(
    'Message',
    'accountId',
    'id',
    'msisdn',
    'senderNumber',
    'text',
    'cost',
    'status',
    'kind',
    'batchId',
    'scheduledAt',
  ),
  attempt: 'Message.attempts',
} as const;

/** SQL of whether a gated message goes to the carrier now. */
const isLeavingSql = 'block_reason is null and not is_held and waits_until is null';

/** @param isWanted SQL of which messages are the carrier's, and of this claim */
function claimSql($: Places<typeof claimValues>, isWanted: string, family?: FamilyPlaces): string {
  return `
    with due as (
      select account_id, id, msisdn, kind, purpose, episode_id, batch_id, cost, created_at,
        case when purpose = 'MARKETING' then ${zonesOfSql('msisdn')} end as zones,
        status = 'SENDING' as was_lost, status in ('SENDING', 'IN_DOUBT') as is_open,
        status in ('SENDING', 'IN_DOUBT') and ${isHoldingSql} as is_held,
        (select trial_msisdn from account where account.id = ${$.accountId}) as trial_msisdn
      from message
      where account_id = ${$.accountId} and next_attempt_at <= now() and ${isWanted}
        and (kind = 'CONFIRMATION'
          or exists (select from account where account.id = ${$.accountId} and account.status = 'ACTIVE'))
        and (kind <> 'CONSENT' or ${isConsentTimeSql($)})
      order by priority, next_attempt_at, id
      limit ${$.limit}
      for update skip locked
    ), ${openingsSql('due', $)}, ${overCapSql('due', $)}, ${listedSql('due', $)}, ${family ? `${blockedElsewhereSql('due', family.honoured)}, ` : ''}gated as (
      select due.*, case when not is_held then coalesce(${blockReasonSql('due', $, family, hasComeOntoRegistrySql('due'))},
          case when ${isOverCapSql('due', $.cap)} and ${opensAtSql('due.zones')} = ${$.at} then ${$.overCap}::text end)
        end as block_reason, now() as at,
        now() + make_interval(secs => ${$.leaseMs}::int / 1000.0) as lease_end,
        -- null: it may leave now, at any hour or within the lawful ones
        case when purpose = 'MARKETING' and not is_held then nullif(${opensAtSql('due.zones')}, ${$.at}) end as waits_until
      from due
    ), delivery as (
      ${deliverStatusSql({
        from: 'gated where block_reason is not null',
        accounts: $.accountId,
        status: `'BLOCKED'`,
        reason: 'block_reason',
      })}
    ), ${overrideEventSql(`select id, msisdn, purpose from gated where purpose = 'MARKETING' and ${isLeavingSql}`, $.accountId)}, refund as (
      select coalesce(sum(cost) filter (where block_reason is not null), 0)::bigint as credits from gated
    ), ${giveCreditsSql({
      accountId: $.accountId,
      from: 'refund',
      kind: 'REFUND',
      entry: { note: `'Blocked before sending'` },
    })}
    update message set
      status = case when is_held then 'IN_DOUBT' when block_reason is not null then 'BLOCKED'
        when waits_until is null then 'SENDING' when is_open then 'IN_DOUBT' else 'QUEUED' end::message_status,
      attempts = case when ${isLeavingSql} then attempts + 1 else attempts end,
      next_attempt_at = case when ${isLeavingSql} then gated.lease_end when block_reason is null then waits_until end,
      -- what was never tried waits like what its sender has scheduled, and can be cancelled like it
      scheduled_at = case when waits_until is not null and block_reason is null and attempts = 0 then waits_until
        else message.scheduled_at end,
      carrier = case when ${isLeavingSql} then coalesce(${$.carrier}, message.carrier) else message.carrier end,
      doubted_at = case when was_lost then gated.at else message.doubted_at end,
      cost = case when block_reason is null then message.cost else 0 end,
      reason = case when is_held then '${doubtReason}' when block_reason is not null then block_reason
        when waits_until is not null then case when is_open then '${doubtReason}' else '${lawfulHoursReason}' end end,
      finished_at = case when block_reason is not null then gated.at end
    from gated
    where message.account_id = ${$.accountId} and message.id = gated.id
    returning message.account_id as "accountId", message.id, message.msisdn, message.sender_number as "senderNumber",
      message.text, message.attempts as attempt, message.cost, message.status, message.kind,
      message.batch_id as "batchId", message.scheduled_at as "scheduledAt"`;
}

const part = { fromNumber: 'text', belowNumber: 'text', fromShare: 'int4', belowShare: 'int4' } as const;

/** With a limit it stays a question asked of each message in the order of the queue, and is never a join. */
const isRoutedSql = (parts: string) => `(select true from ${parts}
  where message.msisdn >= part.from_number and message.msisdn < part.below_number
    and ${shareSql('message.id')} >= part.from_share and ${shareSql('message.id')} < part.below_share
  limit 1)`;

/**
 * Only the statement of an account that honours others' opt-outs looks at rows of another: on a cluster the
 * other runs where the account's rows are.
 */
const composeClaim = (name: string, isWanted: string) => ({
  alone: statement({
    name,
    values: claimValues,
    columns: claimedColumns,
    sql: ($) => claimSql($, isWanted),
  }),
  inFamily: statement({
    name: `${name}-in-family`,
    values: familyClaimValues,
    columns: claimedColumns,
    sql: ($) => claimSql($, isWanted, $),
  }),
});
const composeRoutedClaim = (name: string, isWanted: string) => ({
  alone: statement({
    name,
    values: { ...claimValues, part },
    columns: claimedColumns,
    sql: ($) => claimSql($, `${isWanted} and ${isRoutedSql($.part)}`),
  }),
  inFamily: statement({
    name: `${name}-in-family`,
    values: { ...familyClaimValues, part },
    columns: claimedColumns,
    sql: ($) => claimSql($, `${isWanted} and ${isRoutedSql($.part)}`, $),
  }),
});

const claimAny = composeClaim('claim-messages', 'true');
const claimAnyRouted = composeRoutedClaim('claim-routed-messages', 'true');
// Statements of their own, so that a plan made for the queue's beginning is not one for a million behind it.
const claimUrgent = composeClaim('claim-urgent-messages', 'priority = 0');
const claimUrgentRouted = composeRoutedClaim('claim-routed-urgent-messages', 'priority = 0');

/**
 * Claims the account's messages that are due, at most `limit`, with the gate in the same statement: an
 * opt-out that was committed before it began blocks them here, whatever was true when they were accepted.
 * Blocked ones are settled and refunded at once. A message whose lease has run out (its process died) is in
 * doubt: as the setting has it, it is due again, and marked, or held for a person.
 *
 * Marketing and consent SMSs leave within lawful hours only, whenever they were due: the time of dispatch
 * counts. Marketing that is due outside them is put off until the next lawful minute where its recipient
 * lives, once, so that a claim never reads past a million that may not leave; there it is asked again.
 *
 * One account at a time: fair by construction, and the one form of a claim that a distributed database
 * allows.
 *
 * @returns what may be handed over, and how many were claimed, blocked, held or put off in all
 */
export async function claimBatch(
  pool: Pool,
  accountId: number,
  { limit, leaseMs, carrier, parts, isUrgent = false, now = new Date() }: ClaimOptions,
): Promise<{ messages: ClaimedMessage[]; taken: number }> {
  const values = { accountId, limit, leaseMs, carrier: carrier ?? null, ...readLawfulTime(now) };
  const rows = await withTransaction(pool, async (client) => {
    const claimed = await claimRows(client, values, { parts, isUrgent });
    const isTold = claimed.some(({ status }) => status !== 'SENDING');
    if (isTold) await tellAccounts(client, [accountId], ['messages', 'credits']);
    return claimed;
  });
  const sending = rows.filter(({ status }) => status === 'SENDING');
  try {
    await keepScheduled(pool, accountId, sending);
    const messages = (await fillCodes(pool, accountId, sending)) as unknown as ClaimedMessage[];
    return { messages, taken: rows.length };
  } catch (error) {
    await releaseClaim(pool, sending as unknown as ClaimedMessage[]).catch(() => undefined);
    throw error;
  }
}

async function claimRows(
  client: PoolClient,
  values: Omit<
    Values<typeof claimValues>,
    keyof typeof blockReasonTypes | keyof typeof capTypes | keyof typeof settledTypes
  >,
  { parts, isUrgent }: Pick<ClaimOptions, 'parts' | 'isUrgent'>,
): Promise<RowOf<typeof claimAny.alone>[]> {
  const { honoured, stop, cap, registrySettledAt } = await readGate(client, values, values.at);
  // what has no cap waits for nobody; what goes ahead of others is no marketing
  if (cap !== null && !isUrgent) await takeTurnToClaim(client, values);
  const given = { ...values, ...composeBlockReasons(stop), ...composeCap(cap), registrySettledAt };
  if (parts) {
    const routed = isUrgent ? claimUrgentRouted : claimAnyRouted;
    return honoured
      ? routed.inFamily.all(client, { ...given, ...composeFamilyReasons(honoured), part: parts })
      : routed.alone.all(client, { ...given, part: parts });
  }
  const claim = isUrgent ? claimUrgent : claimAny;
  return honoured
    ? claim.inFamily.all(client, { ...given, ...composeFamilyReasons(honoured) })
    : claim.alone.all(client, given);
}

/** Gives back what was claimed and not handed over: it is due again at once, and not in doubt. */
export async function releaseClaim(pool: Pool, messages: readonly ClaimedMessage[]): Promise<void> {
  const given: HandoverResult = { status: 'retry', reason: 'It waits for its turn again.', retryDelayMs: 0 };
  await recordHandover(
    pool,
    messages,
    messages.map(() => given),
  );
}

/**
 * Who wrote to whom from where, of what was scheduled: said before it leaves, so that no reply comes first.
 * When this fails nothing is handed over.
 */
async function keepScheduled(
  pool: Pool,
  accountId: number,
  claimed: readonly { id: string; msisdn: string; senderNumber: string; scheduledAt: Date | null }[],
): Promise<void> {
  const scheduled = claimed.filter(({ scheduledAt }) => scheduledAt !== null);
  await keepConversations(pool, accountId, scheduled);
}

/** What came of handing one message over. */
export type HandoverResult =
  /** `wasBusy`: the carrier took it only when it was asked again. */
  | { status: 'sent'; carrierMessageId: string; wasBusy?: boolean }
  /** Final: the carrier will never take it. */
  | { status: 'failed'; reason: string }
  /**
   * Not now: due again after `retryDelayMs`. The lease is given back. With a `fault` it was not this
   * message's: the carrier is away or busy, or what we call it with is wrong; however often, it does not fail
   * of it.
   */
  | { status: 'retry'; reason: string; retryDelayMs: number; fault?: CarrierFault; detail?: string }
  /** It was written, and the answer was lost. `detail`, here as above: what happened, for staff. */
  | { status: 'doubt'; detail: string };

/** `busy`: it is there, and takes less than it was handed. */
export type CarrierFault = 'away' | 'busy' | 'configuration';

/** How long a message in doubt waits for a receipt to say that it was taken, before it is sent again. */
const doubtWaitMs = 60_000;

const record = statement({
  name: 'record-handover',
  values: {
    accountId: 'int4',
    result: {
      id: 'int8',
      attempt: 'int4',
      status: 'text',
      carrierMessageId: 'text?',
      reason: 'text?',
      retryDelayMs: 'int4?',
      cost: 'int4',
    },
  },
  columns: { credits: 'int8' },
  sql: ($) => `
    with result as materialized (
      select *, now() as at, now() + make_interval(secs => retry_delay_ms / 1000.0) as retry_at,
        now() + interval '${doubtWaitMs} milliseconds' as again_at
      from ${$.result}
    ), recorded as (
      update message set
        status = case
          when message.status not in ('SENDING', 'IN_DOUBT') then message.status
          when result.status = 'sent' then 'SENT'
          when result.status = 'failed' then 'FAILED'
          when result.status = 'doubt' then 'IN_DOUBT'
          else 'QUEUED' end::message_status,
        -- a receipt that was faster has told the network's own
        carrier_message_id = case when message.receipts <> 0 then coalesce(message.carrier_message_id, result.carrier_message_id)
          else coalesce(result.carrier_message_id, message.carrier_message_id) end,
        sent_at = case when result.status = 'sent' then coalesce(sent_at, result.at) else sent_at end,
        reason = case when ${isOpenSql} then result.reason else message.reason end,
        next_attempt_at = case
          when ${isOpenSql} and result.status = 'retry' then result.retry_at
          when ${isOpenSql} and result.status = 'doubt' and not ${isHoldingSql} then result.again_at end,
        doubted_at = case when ${isOpenSql} and result.status = 'doubt' then result.at else message.doubted_at end,
        cost = case when ${isOpenSql} and result.status = 'failed' then 0 else message.cost end,
        finished_at = case when ${isOpenSql} and result.status = 'failed' then result.at else finished_at end
      from result
      where message.account_id = ${$.accountId} and message.id = result.id and message.attempts = result.attempt
        -- only a message that is still on its way can fail, so that no answer, heard twice, is refunded twice
        and (${isOpenSql} or message.status in ('DELIVERED', 'FAILED') and result.status = 'sent')
      returning case when result.status = 'failed' then result.cost else 0 end as refund,
        case when message.status = 'SENT' or result.status = 'failed' then message.status end as status,
        message.id, message.msisdn, message.kind, message.purpose, message.batch_id, message.reason
    ), delivery as (
      ${deliverStatusSql({
        from: 'recorded where status is not null',
        accounts: $.accountId,
        status: 'status',
        reason: 'reason',
      })}
    ), refund as (
      select coalesce(sum(refund), 0)::bigint as credits from recorded
    ), ${giveCreditsSql({
      accountId: $.accountId,
      from: 'refund',
      kind: 'REFUND',
      entry: { note: `'Not taken by the network'` },
    })}
    select credits from refund`,
});

/**
 * Records what the carrier answered, set-based. A result whose message has since been claimed again is
 * refused by its attempt number; a delivery receipt that was faster than this record is kept. Failed messages
 * are refunded.
 *
 * @param results one for each message of the claim, in the same order, all of one account
 */
export async function recordHandover(
  pool: Pool,
  messages: readonly ClaimedMessage[],
  results: readonly HandoverResult[],
): Promise<void> {
  const first = messages[0];
  if (!first) return;
  const { accountId } = first;
  const result = messages.map(({ id, attempt, cost }, index) => ({
    id,
    attempt,
    cost,
    ...composeResultRow(results[index] as HandoverResult),
  }));
  await withTransaction(pool, async (client) => {
    const { credits } = await record.only(client, { accountId, result });
    await tellAccounts(client, [accountId], credits === '0' ? ['messages'] : ['messages', 'credits']);
  });
}

function composeResultRow(result: HandoverResult) {
  return {
    status: result.status,
    carrierMessageId: result.status === 'sent' ? result.carrierMessageId : null,
    reason: result.status === 'sent' ? null : result.status === 'doubt' ? doubtReason : result.reason,
    retryDelayMs: result.status === 'retry' ? result.retryDelayMs : null,
  };
}

const findDueAccounts = statement({
  name: 'find-due-accounts',
  values: lawfulTime,
  columns: columnsOf('Account', 'id'),
  sql: ($) => `
    -- from credit_balance, which lies beside the messages of its account on a cluster; without one nothing is sent
    select account.id from credit_balance join account on account.id = credit_balance.account_id
    where exists (
      select 1 from message
      where message.account_id = credit_balance.account_id and next_attempt_at <= now()
        and (account.status = 'ACTIVE' or kind = 'CONFIRMATION')
        and (kind <> 'CONSENT' or ${isConsentTimeSql($)})
    )`,
});

/**
 * The accounts that have messages due, in no particular order. One index probe for each account; a message of
 * a suspended account is not due (its confirmations are), nor is a consent SMS outside lawful hours.
 */
export async function findAccountsWithDueMessages(pool: Pool, now = new Date()): Promise<number[]> {
  return (await findDueAccounts.all(pool, readLawfulTime(now))).map(({ id }) => id);
}
