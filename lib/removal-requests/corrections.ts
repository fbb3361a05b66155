import type { Pool, PoolClient } from 'pg';
import { recordAudit } from '@/lib/audit/commands';
import { nameNumberTarget } from '@/lib/audit/targets';
import type { StaffScope } from '@/lib/auth/scope';
import { withTransaction } from '@/lib/db/client';
import { notifyAccountSql } from '@/lib/events/account-changes';
import { tellAccounts } from '@/lib/notifications/tell';
import { beginSql, endSql } from '@/lib/opt-outs/episodes';
import { formatMsisdn, parseMsisdn } from '@/lib/sms/msisdn';
import { lockRequests, recordProgress, takeStep } from './progress';
import { openStates, type CorrectionResult } from './schema';

export interface Correction {
  accountId: number;
  /** In any format. */
  number: string;
  /** Written by the member of staff; the customer reads it. */
  reason: string;
}

/** The longest reason that is kept. */
const maxReasonLength = 1000;

/** Blocks a number for an account, because its owner told the staff to. The account is told. */
export async function addOptOutByStaff(
  pool: Pool,
  scope: StaffScope,
  correction: Correction,
): Promise<CorrectionResult> {
  return correct(pool, correction, async (client, { msisdn, reason, accountId }) => {
    const { rows } = await client.query<{ id: string }>({
      name: 'add-opt-out-by-staff',
      text: `
        with ${beginSql({
          entries: 'entry',
          entry: { accountId: '$1', msisdn: '$2', kind: `'STAFF'`, createdBy: '$3' },
          meets: 'leave',
          event: {
            actor: '$4',
            reason: '$5',
            evidence: { cause: 'staff', correction: 'true', staffId: '$3::int' },
          },
        })}
        select id, ${notifyAccountSql('account_id', ['opt-outs'])} from entry`,
      values: [accountId, msisdn, scope.userId, scope.actor, reason],
    });
    const episodeId = rows[0]?.id;
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

/**
 * Takes out an opt-out that never was the recipient's wish (a false match): the one exception to the rule that only their YES
 * lifts a block. Needs a written reason, and is marked as a correction in the history. An open request for the number ends with it.
 */
export async function removeOptOutByCorrection(
  pool: Pool,
  scope: StaffScope,
  correction: Correction,
): Promise<CorrectionResult> {
  return correct(pool, correction, async (client, { msisdn, reason, accountId }) => {
    // Only what is held can go: a block that begins behind this look may have a request that the next one has missed.
    const { rows: held } = await client.query<{ id: string }>(
      'select id from opt_out where account_id = $1 and msisdn = $2 for update',
      [accountId, msisdn],
    );
    const episodeId = held[0]?.id;
    if (!episodeId) return refuse('not-there', `${formatMsisdn(msisdn)} is not blocked for this account.`);
    const { rows: open } = await client.query<{ id: string }>(
      `select id from removal_request where account_id = $1 and msisdn = $2
         and state in (${openStates.map((state) => `'${state}'`).join(', ')})`,
      [accountId, msisdn],
    );
    await client.query({
      name: 'remove-opt-out-by-correction',
      text: `
        with ${endSql({
          entries: 'gone',
          where: 'account_id = $1 and msisdn = $2 and id = $6',
          event: {
            kind: 'CORRECTED',
            actor: '$4',
            reason: '$5',
            evidence: {
              cause: 'correction',
              correction: 'true',
              staffId: '$3::int',
              kind: 'kind',
              replyId: 'reply_id',
              text: 'reply_text',
              rule: 'rule',
              senderNumber: 'sender_number',
            },
          },
        })}
        select ${notifyAccountSql('account_id', ['opt-outs'])} from gone`,
      values: [accountId, msisdn, scope.userId, scope.actor, reason, episodeId],
    });

    const requests = await lockRequests(client, {
      accountIds: open.map(() => accountId),
      requestIds: open.map(({ id }) => id),
    });
    const progress = requests.flatMap((request) => {
      const step = takeStep(request, 'BLOCK_LIFTED', {}, { actor: scope.actor, reason });
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
    const { rowCount } = await client.query('select from account where id = $1', [correction.accountId]);
    if (rowCount === 0) return refuse('no-account', `There is no account ${correction.accountId}.`);
    return work(client, { accountId: correction.accountId, msisdn: parsed.msisdn, reason });
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
  await tellAccounts(client, [
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
