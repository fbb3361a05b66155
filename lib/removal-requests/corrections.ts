import type { Pool, PoolClient } from 'pg';
import { recordAudit } from '@/lib/audit/commands';
import { nameNumberTarget } from '@/lib/audit/targets';
import type { StaffScope } from '@/lib/auth/scope';
import { withTransaction } from '@/lib/db/client';
import { prismaOn } from '@/lib/db/prisma';
import { columnsOf, statement } from '@/lib/db/statement';
import { tellAccounts } from '@/lib/events/account-changes';
import { giveNotices } from '@/lib/notices/give-notices';
import { beginSql, endSql } from '@/lib/opt-outs/episodes';
import { formatMsisdn, parseMsisdn } from '@/lib/sms/msisdn';
import { lockRequests, recordProgress, takeStep } from './progress';
import { openStates, type CorrectionResult } from './schema';
import { lockBlock } from './subject';

export interface Correction {
  accountId: number;
  /** In any format. */
  number: string;
  /** Written by the member of staff; the customer reads it. */
  reason: string;
}

/** The longest reason that is kept. */
const maxReasonLength = 1000;

const add = statement({
  name: 'add-opt-out-by-staff',
  values: { accountId: 'int4', msisdn: 'text', userId: 'int4', actor: 'text', reason: 'text' },
  columns: columnsOf('OptOut', 'id'),
  sql: ($) => `
    with ${beginSql({
      accounts: $.accountId,
      entries: 'entry',
      entry: { accountId: $.accountId, msisdn: $.msisdn, kind: `'STAFF'`, createdBy: $.userId },
      meets: 'leave',
      event: {
        actor: $.actor,
        reason: $.reason,
        evidence: { cause: 'staff', correction: 'true', staffId: `${$.userId}::int` },
      },
    })}
    select id from entry`,
});

/** Blocks a number for an account, because its owner told the staff to. The account is told. */
export async function addOptOutByStaff(
  pool: Pool,
  scope: StaffScope,
  correction: Correction,
): Promise<CorrectionResult> {
  return correct(pool, correction, async (client, { msisdn, reason, accountId }) => {
    const { userId, actor } = scope;
    const added = await add.one(client, { accountId, msisdn, userId, actor, reason });
    const episodeId = added?.id;
    if (!episodeId)
      return refuse('already-there', `${formatMsisdn(msisdn)} is blocked for this account already.`);
    await finish(client, scope, {
      accountId,
      msisdn,
      episodeId,
      reason,
      action: 'opt-out.add',
      title: `Our staff blocked ${formatMsisdn(msisdn)} for your account`,
      words: 'Nothing you send reaches this number from now on.',
    });
    return { ok: true, msisdn, episodeId };
  });
}

const findOpen = statement({
  name: 'find-open-request',
  values: { accountId: 'int4', msisdn: 'text' },
  columns: { accountId: 'RemovalRequest.accountId', requestId: 'RemovalRequest.id' },
  sql: ($) => `
    select account_id as "accountId", id as "requestId" from removal_request
    where account_id = ${$.accountId} and msisdn = ${$.msisdn}
      and state in (${openStates.map((state) => `'${state}'`).join(', ')})`,
});

const remove = statement({
  name: 'remove-opt-out-by-correction',
  values: {
    accountId: 'int4',
    msisdn: 'text',
    userId: 'int4',
    actor: 'text',
    reason: 'text',
    episodeId: 'int8',
  },
  sql: ($) => `
    with ${endSql({
      accounts: $.accountId,
      entries: 'gone',
      where: `msisdn = ${$.msisdn} and id = ${$.episodeId}`,
      event: {
        kind: 'CORRECTED',
        actor: $.actor,
        reason: $.reason,
        evidence: {
          cause: 'correction',
          correction: 'true',
          staffId: `${$.userId}::int`,
          kind: 'kind',
          replyId: 'reply_id',
          text: 'reply_text',
          rule: 'rule',
          senderNumber: 'sender_number',
        },
      },
    })}
    select`,
});

/**
 * Takes out an opt-out that never was the recipient's wish (a false match): the one exception to the rule
 * that only their YES lifts a block. Needs a written reason, and is marked as a correction in the history. An
 * open request for the number ends with it.
 */
export async function removeOptOutByCorrection(
  pool: Pool,
  scope: StaffScope,
  correction: Correction,
): Promise<CorrectionResult> {
  return correct(pool, correction, async (client, { msisdn, reason, accountId }) => {
    // Only what is held can go: a block that begins behind this look may have a request that the next one has
    // missed.
    const held = await lockBlock.one(client, { accountId, msisdn });
    const episodeId = held?.id;
    if (!episodeId) return refuse('not-there', `${formatMsisdn(msisdn)} is not blocked for this account.`);
    const open = await findOpen.all(client, { accountId, msisdn });
    const { userId, actor } = scope;
    await remove.run(client, { accountId, msisdn, userId, actor, reason, episodeId });

    const requests = await lockRequests(client, open);
    const progress = requests.flatMap((request) => {
      const step = takeStep(request, 'BLOCK_LIFTED', {}, { actor: scope.actor, reason, evidence: {} });
      return step ? [{ request, steps: [step] }] : [];
    });
    if (progress.length > 0) await recordProgress(client, progress);
    await finish(client, scope, {
      accountId,
      msisdn,
      episodeId,
      reason,
      action: 'opt-out.correct',
      title: `${formatMsisdn(msisdn)} is no longer blocked: a correction`,
      words:
        'Our staff took this opt-out out, as it never was the recipient’s wish. You can send to the number again.',
    });
    return { ok: true, msisdn, episodeId };
  });
}

async function correct(
  pool: Pool,
  correction: Correction,
  work: (
    client: PoolClient,
    subject: { accountId: number; msisdn: string; reason: string },
  ) => Promise<CorrectionResult>,
): Promise<CorrectionResult> {
  const parsed = parseMsisdn(correction.number);
  if (!parsed.ok) return refuse('invalid-number', parsed.message);
  const reason = correction.reason.trim().slice(0, maxReasonLength);
  if (reason === '')
    return refuse('no-reason', 'Write a reason: it stays in the history, and the customer reads it.');
  return withTransaction(pool, async (client) => {
    const { accountId } = correction;
    if ((await prismaOn(client).account.count({ where: { id: accountId } })) === 0)
      return refuse('no-account', `There is no account ${accountId}.`);
    return work(client, { accountId, msisdn: parsed.msisdn, reason });
  });
}

async function finish(
  client: PoolClient,
  scope: StaffScope,
  done: {
    accountId: number;
    msisdn: string;
    episodeId: string;
    reason: string;
    action: 'opt-out.add' | 'opt-out.correct';
    title: string;
    words: string;
  },
): Promise<void> {
  const { accountId, msisdn, episodeId, reason, action } = done;
  await tellAccounts(client, [accountId], ['opt-outs']);
  await giveNotices(client, [
    {
      accountId,
      eventKey: `${action}:${episodeId}`,
      title: done.title,
      text: [done.words, `The reason: ${reason}`],
      path: `/messages/opt-outs/${msisdn}`,
      action: 'See the number',
    },
  ]);
  await recordAudit(client, scope, {
    action,
    target: nameNumberTarget(msisdn, accountId),
    accountId,
    details: { msisdn, episodeId, reason },
  });
}

function refuse(
  reason: Extract<CorrectionResult, { ok: false }>['reason'],
  message: string,
): CorrectionResult {
  return { ok: false, reason, message };
}
