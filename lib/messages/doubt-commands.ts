import type { Pool } from 'pg';
import { recordAudit } from '@/lib/audit/commands';
import { formatAccountNumber } from '@/lib/auth/account-number';
import type { StaffScope } from '@/lib/auth/scope';
import { giveCreditsSql } from '@/lib/credits/ledger';
import { withTransaction } from '@/lib/db/client';
import { statement } from '@/lib/db/statement';
import { tellAccounts } from '@/lib/events/account-changes';
import { deliverStatusSql } from '@/lib/webhook-events/deliveries';
import type { DoubtDecision, DoubtGroupKey, DoubtPolicy } from './schema';

/** What the account reads of a message that was given up. */
const givenUpReason = 'It was lost on its way to the network. Its credits were given back.';

const decide = statement({
  name: 'decide-doubts',
  values: {
    accountId: 'int4',
    carrier: 'text',
    minute: 'timestamptz',
    decision: 'text',
    givenUp: 'text',
  },
  columns: { decided: 'int4', credits: 'int8' },
  sql: ($) => `
    with moment as materialized (
      select now() as at
    ), chosen as (
      select account_id, id, cost from message
      where account_id = ${$.accountId} and doubted_at >= ${$.minute} and doubted_at < ${$.minute}::timestamptz + interval '1 minute'
        and status = 'IN_DOUBT' and next_attempt_at is null and coalesce(carrier, '') = ${$.carrier}
      order by id for update
    ), decided as (
      update message set
        status = case when ${$.decision} = 'SENT' then 'SENT' when ${$.decision} = 'SEND_AGAIN' then 'QUEUED' else 'FAILED' end::message_status,
        next_attempt_at = case when ${$.decision} = 'SEND_AGAIN' then moment.at end,
        sent_at = case when ${$.decision} = 'SENT' then coalesce(sent_at, doubted_at) else sent_at end,
        reason = case when ${$.decision} = 'GIVE_UP' then ${$.givenUp} end,
        cost = case when ${$.decision} = 'GIVE_UP' then 0 else message.cost end,
        finished_at = case when ${$.decision} = 'GIVE_UP' then moment.at end
      from chosen, moment
      where message.account_id = ${$.accountId} and message.id = chosen.id
      returning message.account_id, message.id, message.msisdn, message.kind, message.purpose, message.batch_id, message.status,
        message.reason, case when message.status = 'FAILED' then chosen.cost else 0 end as refund
    ), delivery as (
      ${deliverStatusSql({
        from: `decided where status <> 'QUEUED'`,
        accounts: $.accountId,
        status: 'status',
        reason: 'reason',
      })}
    ), refund as (
      select coalesce(sum(refund), 0)::bigint as credits, count(*)::int as messages from decided
    ), ${giveCreditsSql({
      accountId: $.accountId,
      from: 'refund',
      kind: 'REFUND',
      entry: { note: `'Not taken by the network'` },
    })}
    select messages as decided, credits from refund`,
});

/**
 * Decides about messages in doubt of one account, carrier and minute: they were sent, are sent again, or are
 * given up with a refund. Of two people who decide at once, one does.
 */
export async function decideDoubts(
  pool: Pool,
  scope: StaffScope,
  { accountId, carrier, minute, decision }: DoubtGroupKey & { decision: DoubtDecision },
): Promise<{ ok: true; messages: number } | { ok: false; message: string }> {
  return withTransaction(pool, async (client) => {
    const { decided, credits } = await decide.only(client, {
      accountId,
      carrier,
      minute: new Date(minute),
      decision,
      givenUp: givenUpReason,
    });
    if (decided === 0) return { ok: false, message: 'Somebody else has decided about them already.' };
    await tellAccounts(client, [accountId], ['messages', 'credits']);
    await recordAudit(client, scope, {
      action: 'doubt.decide',
      target: `Messages of ${formatAccountNumber(accountId)} by ${carrier}`,
      accountId,
      details: { decision, messages: decided, credits: Number(credits), minute },
    });
    return { ok: true, messages: decided };
  });
}

const savePolicy = statement({
  name: 'save-doubt-policy',
  values: { policy: 'DoubtPolicy' },
  columns: { before: 'DoubtPolicy' },
  sql: ($) => `
    update platform_setting set doubt_policy = ${$.policy}::doubt_policy
    from (select doubt_policy from platform_setting for update) as old
    where platform_setting.doubt_policy <> ${$.policy}::doubt_policy returning old.doubt_policy as before`,
});

/** Says what becomes of messages in doubt from now on; those that wait for a person still do. */
export async function saveDoubtPolicy(
  pool: Pool,
  scope: StaffScope,
  policy: DoubtPolicy,
): Promise<{ ok: true }> {
  await withTransaction(pool, async (client) => {
    const changed = await savePolicy.one(client, { policy });
    if (!changed) return;
    await recordAudit(client, scope, {
      action: 'doubt.policy',
      target: 'Platform settings',
      accountId: null,
      details: { before: changed.before, after: policy },
    });
  });
  return { ok: true };
}
