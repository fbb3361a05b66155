import type { Pool } from 'pg';
import type { AccountReadScope } from '@/lib/auth/scope';
import { columnsOf, statement } from '@/lib/db/statement';
import type { FirstSteps } from './schema';

const findTrial = statement({
  name: 'find-trial-number',
  values: { accountId: 'int4' },
  columns: columnsOf('Account', 'trialMsisdn'),
  sql: ($) => `select trial_msisdn as "trialMsisdn" from account where id = ${$.accountId}`,
});

/** The one number that a trial writes to; null: a full account. */
export async function readTrialNumber(pool: Pool, scope: AccountReadScope): Promise<string | null> {
  return (await findTrial.one(pool, { accountId: scope.accountId }))?.trialMsisdn ?? null;
}

const findSteps = statement({
  name: 'find-first-steps',
  values: { accountId: 'int4' },
  columns: {
    msisdn: 'Account.trialMsisdn',
    status: 'Message.status?',
    senderNumber: 'Message.senderNumber?',
    hasStopped: 'bool',
  },
  sql: ($) => `
    select account.trial_msisdn as msisdn, last.status, last.sender_number as "senderNumber",
      exists (select from opt_out where account_id = ${$.accountId} and msisdn = account.trial_msisdn) as "hasStopped"
    from account left join lateral (
      select status, sender_number from message
      where message.account_id = ${$.accountId} and message.msisdn = account.trial_msisdn
        and kind = 'NORMAL' and status <> 'BLOCKED'
      order by id desc limit 1
    ) as last on true
    where account.id = ${$.accountId}`,
});

/** How far a trial has come with its own phone; null: a full account, which needs no leading. */
export async function readFirstSteps(pool: Pool, scope: AccountReadScope): Promise<FirstSteps | null> {
  const found = await findSteps.one(pool, { accountId: scope.accountId });
  if (!found || found.msisdn === null) return null;
  return {
    msisdn: found.msisdn,
    hasSent: found.status !== null,
    isDelivered: found.status === 'DELIVERED',
    hasStopped: found.hasStopped,
    senderNumber: found.senderNumber,
  };
}
