import type { Pool, PoolClient } from 'pg';
import { formatAccountNumber } from '@/lib/auth/account-number';
import { recordAudit } from '@/lib/audit/commands';
import { nameNumberTarget } from '@/lib/audit/targets';
import { providerAccountId } from '@/lib/auth/provider-account';
import type { StaffScope } from '@/lib/auth/scope';
import { withTransaction } from '@/lib/db/client';
import { notifyStaffSql } from '@/lib/events/account-changes';
import { findSender } from '@/lib/messages/commands';
import { tellAccounts } from '@/lib/notifications/tell';
import { hasEvidenceSql } from '@/lib/opt-outs/evidence';
import type { Verdict } from '@/lib/opt-outs/matcher';
import { storeAssignedReply, type GivenReply } from '@/lib/replies/commands';
import { storedVerdicts, type StoredVerdict } from '@/lib/replies/schema';
import { formatMsisdn, type Msisdn } from '@/lib/sms/msisdn';
import { readSenderNumber } from '@/lib/sms/sender-number';
import {
  maxReasonLength,
  type AssignInput,
  type AssignResult,
  type NoteInput,
  type NoteResult,
  type UnownedKey,
  type UnownedRefusal,
  type UnownedState,
} from './schema';

const undecidedSql = `state in ('WAITING', 'UNSURE', 'KEPT')`;

interface DecidedReply {
  sender_number: string;
  text: string;
  raw: Buffer | null;
  verdict: StoredVerdict;
  rule: string | null;
  carrier: string;
  carrier_message_id: string;
  received_at: Date;
}

/**
 * Assigns a reply without an owner to an account, as if it had found it by itself: a certain opt-out blocks the number, with its
 * event and its one confirmation SMS, by the code of every reply. An uncertain one blocks when the member of staff takes it for an
 * opt-out; otherwise the account reads it by its own keywords, and reviews it or blocks, as it has set. One guarded update comes
 * first, so of two members of staff who decide at once the second is told what the first decided.
 */
export async function assignUnownedReply(
  pool: Pool,
  scope: StaffScope,
  { msisdn, id, accountId, isOptOut, reason: written }: AssignInput,
): Promise<AssignResult> {
  const reason = written.trim().slice(0, maxReasonLength);
  if (reason === '') return noReason;
  // Before the transaction: a client is never held while another is waited for.
  const confirmFrom = await findSender(pool, { accountId }, msisdn as Msisdn);
  return withTransaction(pool, async (client) => {
    const { rows: accounts } = await client.query<{ name: string }>(
      'select name from account where id = $1',
      [accountId],
    );
    const account = accounts[0];
    // The provider's own account writes to nobody, so no reply is meant for it.
    if (!account || accountId === providerAccountId) {
      return refuse('no-account', `There is no account W${accountId}. Check the number and try again.`);
    }
    const { rows } = await client.query<DecidedReply>({
      name: 'assign-unowned-reply',
      text: `
        update unowned_reply set state = 'ASSIGNED', assigned_account_id = $3, decided_by = $4, decided_at = now(),
          decision_reason = $5
        where msisdn = $1 and id = $2 and ${undecidedSql}
        returning sender_number, text, raw, verdict, rule, carrier, carrier_message_id, received_at`,
      values: [msisdn, id, accountId, scope.userId, reason],
    });
    const stored = rows[0];
    if (!stored) return explainRefusal(client, { msisdn, id });
    const history = await readHistory(client, accountId, msisdn, stored);
    const verdict = readVerdict(stored.verdict);
    const isTaken = isOptOut && verdict === 'review';
    const given = await storeAssignedReply(client, {
      accountId,
      reply: {
        carrier: stored.carrier,
        carrierMessageId: stored.carrier_message_id,
        from: msisdn,
        to: readSenderNumber(stored.sender_number),
        text: stored.text,
        raw: stored.raw,
        receivedAt: stored.received_at,
      },
      verdict,
      rule: stored.rule,
      messageId: history.last_message_id,
      mayBlock: history.is_blocked || !history.was_let_in,
      actor: scope.actor,
      takenForOptOutBy: isTaken ? scope.userId : null,
      reason: isTaken
        ? `Our staff took this reply for an opt-out, meant for the account: ${reason}`
        : `Our staff found that this reply was meant for the account: ${reason}`,
      confirmFrom: history.is_own_number ? stored.sender_number : (confirmFrom ?? stored.sender_number),
    });
    const outcome = describeOutcome(given, history);
    await tellAccounts(client, [
      {
        accountId,
        eventKey: `unowned-reply:${id}`,
        text: [
          `It came to a number that did not say for whom it was. Our staff have assigned it to your account${consequences[outcome]}.`,
          `The reason: ${reason}`,
        ],
        ...(outcome === 'to-review'
          ? {
              title: `A reply from ${formatMsisdn(msisdn)} waits for your decision`,
              path: '/messages/review',
              action: 'Replies to review',
            }
          : {
              title:
                outcome === 'blocked'
                  ? `${formatMsisdn(msisdn)} opted out from your messages`
                  : `A reply from ${formatMsisdn(msisdn)} was meant for you`,
              path: `/messages/opt-outs/${msisdn}`,
              action: 'See the number',
            }),
      },
    ]);
    await recordAudit(client, scope, {
      action: 'reply.assign',
      target: nameNumberTarget(msisdn, accountId),
      accountId,
      details: { msisdn, unownedReplyId: id, outcome, reason },
    });
    await client.query(`select ${notifyStaffSql}`);
    return { ok: true, outcome, accountName: account.name };
  });
}

type Outcome = Extract<AssignResult, { ok: true }>['outcome'];

function describeOutcome({ blocks, verdict }: GivenReply, { is_blocked, was_let_in }: History): Outcome {
  if (blocks) return is_blocked ? 'already-blocked' : 'blocked';
  if (was_let_in) return 'let-in-since';
  return verdict === 'review' && !is_blocked ? 'to-review' : 'given';
}

/** How the sentence goes on that tells the account. */
const consequences: Record<Outcome, string> = {
  blocked: ': nothing you send reaches this number from now on',
  'already-blocked': '; the number was on your list already',
  'let-in-since': '; nothing is blocked by it, as the recipient has said YES since',
  'to-review': ': it may be an opt-out, and a person of your account decides',
  given: '',
};

/** Writes down why a reply without an owner is assigned to nobody; it waits no more. */
export async function noteUnownedReply(
  pool: Pool,
  scope: StaffScope,
  { msisdn, id, reason: written }: NoteInput,
): Promise<NoteResult> {
  const reason = written.trim().slice(0, maxReasonLength);
  if (reason === '') return noReason;
  return withTransaction(pool, async (client) => {
    const { rowCount } = await client.query({
      name: 'note-unowned-reply',
      text: `
        update unowned_reply set state = 'NOTED', decided_by = $3, decided_at = now(), decision_reason = $4
        where msisdn = $1 and id = $2 and ${undecidedSql}`,
      values: [msisdn, id, scope.userId, reason],
    });
    if (rowCount === 0) return explainRefusal(client, { msisdn, id });
    await recordAudit(client, scope, {
      action: 'reply.note',
      target: `Reply of ${formatMsisdn(msisdn)}`,
      accountId: null,
      details: { msisdn, unownedReplyId: id, reason },
    });
    await client.query(`select ${notifyStaffSql}`);
    return { ok: true };
  });
}

interface History {
  last_message_id: string | null;
  is_blocked: boolean;
  /** The recipient has said YES after this reply, and a block was lifted by that. */
  was_let_in: boolean;
  /** The number that was replied to is one that the account may send from. */
  is_own_number: boolean;
}

async function readHistory(
  client: PoolClient,
  accountId: number,
  msisdn: string,
  { received_at, sender_number }: DecidedReply,
): Promise<History> {
  // First the lock, then, in a statement of its own, the look: a block that is being lifted at this moment is seen as lifted.
  await client.query('select from opt_out where account_id = $1 and msisdn = $2 for update', [
    accountId,
    msisdn,
  ]);
  const { rows } = await client.query<History>({
    name: 'unowned-reply-history',
    text: `
      select
        (select id from message where account_id = $1 and msisdn = $2 and kind = 'NORMAL' and status <> 'BLOCKED'
         order by id desc limit 1) as last_message_id,
        exists (select from opt_out where account_id = $1 and msisdn = $2) as is_blocked,
        exists (select from opt_out_event where account_id = $1 and msisdn = $2 and kind = 'REMOVED'
          and ${hasEvidenceSql('evidence', 'requestId')} and created_at > $3) as was_let_in,
        exists (select from sender_number where number = $4 and enabled
          and (account_id is null or account_id = $1)) as is_own_number`,
    values: [accountId, msisdn, received_at, sender_number],
  });
  return rows[0] as History;
}

function readVerdict(stored: StoredVerdict): Verdict {
  const verdicts = Object.keys(storedVerdicts) as Verdict[];
  return verdicts.find((verdict) => storedVerdicts[verdict] === stored) ?? 'none';
}

const noReason = {
  ok: false,
  reason: 'no-reason',
  message: 'Write the reason: it stays with the reply.',
} as const;

function refuse(reason: UnownedRefusal, message: string) {
  return { ok: false, reason, message } as const;
}

/** Why nothing was changed: there is no such reply, or a colleague was first. */
async function explainRefusal(client: PoolClient, { msisdn, id }: UnownedKey) {
  const { rows } = await client.query<{
    state: UnownedState;
    account_id: number | null;
    decided_by: string | null;
  }>(
    `select state, assigned_account_id as account_id, portal_user.name as decided_by
     from unowned_reply left join portal_user on portal_user.id = decided_by
     where msisdn = $1 and unowned_reply.id = $2`,
    [msisdn, id],
  );
  const reply = rows[0];
  if (!reply) return refuse('not-there', 'This reply is not there any more.');
  const who = reply.decided_by ?? 'A colleague';
  return refuse(
    'decided',
    reply.account_id === null
      ? `${who} has already noted why it is assigned to nobody.`
      : `${who} has already assigned it to ${formatAccountNumber(reply.account_id)}.`,
  );
}
