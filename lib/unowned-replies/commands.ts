import type { Pool, PoolClient } from 'pg';
import { formatAccountNumber } from '@/lib/auth/account-number';
import { recordAudit } from '@/lib/audit/commands';
import { nameNumberTarget } from '@/lib/audit/targets';
import { providerAccountId } from '@/lib/auth/provider-account';
import type { StaffScope } from '@/lib/auth/scope';
import { withTransaction } from '@/lib/db/client';
import { prismaOn } from '@/lib/db/prisma';
import { columnsOf, statement, type RowOf } from '@/lib/db/statement';
import { tellStaff } from '@/lib/events/account-changes';
import { findSender } from '@/lib/messages/commands';
import { giveNotices } from '@/lib/notices/give-notices';
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
} from './schema';

const undecidedSql = `state in ('WAITING', 'UNSURE', 'KEPT')`;

const assign = statement({
  name: 'assign-unowned-reply',
  values: { msisdn: 'text', id: 'int8', accountId: 'int4', userId: 'int4', reason: 'text' },
  columns: {
    ...columnsOf('UnownedReply', 'senderNumber', 'text', 'verdict', 'rule', 'carrier'),
    ...columnsOf('UnownedReply', 'carrierMessageId', 'receivedAt', 'arrivedAt'),
    raw: 'bytea?',
  },
  sql: ($) => `
    update unowned_reply set state = 'ASSIGNED', assigned_account_id = ${$.accountId}, decided_by = ${$.userId},
      decided_at = now(), decision_reason = ${$.reason}
    where msisdn = ${$.msisdn} and id = ${$.id} and ${undecidedSql}
    returning sender_number as "senderNumber", text, raw, verdict, rule, carrier,
      carrier_message_id as "carrierMessageId", received_at as "receivedAt", arrived_at as "arrivedAt"`,
});

/**
 * Assigns a reply without an owner to an account, as if it had found it by itself: a certain opt-out blocks
 * the number, with its event and its one confirmation SMS, by the code of every reply. An uncertain one
 * blocks when the member of staff takes it for an opt-out; otherwise the account reads it by its own
 * keywords, and reviews it or blocks, as it has set. One guarded update comes first, so of two members of
 * staff who decide at once the second is told what the first decided.
 */
export async function assignUnownedReply(
  pool: Pool,
  scope: StaffScope,
  { msisdn, id, accountId, isOptOut, reason: written }: AssignInput,
): Promise<AssignResult> {
  const reason = written.trim().slice(0, maxReasonLength);
  if (reason === '') return noReason;
  // Before the transaction: a client is never held while another is waited for.
  const confirmationFrom = await findSender(pool, { accountId }, msisdn as Msisdn);
  return withTransaction(pool, async (client) => {
    const account = await prismaOn(client).account.findUnique({
      where: { id: accountId },
      select: { name: true },
    });
    // The provider's own account writes to nobody, so no reply is meant for it.
    if (!account || accountId === providerAccountId) {
      return refuse('no-account', `There is no account W${accountId}. Check the number and try again.`);
    }
    const { userId } = scope;
    const stored = await assign.one(client, { msisdn, id, accountId, userId, reason });
    if (!stored) return explainRefusal(client, { msisdn, id });
    // First the lock, then, in a statement of its own, the look: a block that is being lifted at this moment
    // is seen as lifted.
    await lockBlock.run(client, { accountId, msisdn });
    const { senderNumber, receivedAt } = stored;
    const history = await readHistory.only(client, {
      accountId,
      msisdn,
      senderNumber,
      // A gateway may have kept it until after the recipient's YES.
      writtenAt: stored.arrivedAt ?? receivedAt,
    });
    const verdict = readVerdict(stored.verdict);
    const isTaken = isOptOut && verdict === 'review';
    const given = await storeAssignedReply(client, {
      accountId,
      reply: {
        carrier: stored.carrier,
        carrierMessageId: stored.carrierMessageId,
        from: msisdn,
        to: readSenderNumber(senderNumber),
        text: stored.text,
        raw: stored.raw,
        receivedAt,
        ...(stored.arrivedAt && { arrivedAt: stored.arrivedAt }),
      },
      verdict,
      rule: stored.rule,
      messageId: history.lastMessageId,
      mayBlock: history.isBlocked || !history.wasLetIn,
      actor: scope.actor,
      takenForOptOutBy: isTaken ? scope.userId : null,
      reason: isTaken
        ? `Our staff took this reply for an opt-out, meant for the account: ${reason}`
        : `Our staff found that this reply was meant for the account: ${reason}`,
      confirmationFrom: history.isOwnNumber ? senderNumber : (confirmationFrom ?? senderNumber),
    });
    const outcome = judgeOutcome(given, history);
    await giveNotices(client, [
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
    await tellStaff(client, 'unowned-replies');
    return { ok: true, outcome, accountName: account.name };
  });
}

type Outcome = Extract<AssignResult, { ok: true }>['outcome'];

function judgeOutcome(
  { blocks, verdict }: GivenReply,
  { isBlocked, wasLetIn }: RowOf<typeof readHistory>,
): Outcome {
  if (blocks) return isBlocked ? 'already-blocked' : 'blocked';
  if (wasLetIn) return 'let-in-since';
  return verdict === 'review' && !isBlocked ? 'to-review' : 'given';
}

/** How the sentence goes on that tells the account. */
const consequences: Record<Outcome, string> = {
  blocked: ': nothing you send reaches this number from now on',
  'already-blocked': '; the number was on your list already',
  'let-in-since': '; nothing is blocked by it, as the recipient has said YES since',
  'to-review': ': it may be an opt-out, and a person of your account decides',
  given: '',
};

const note = statement({
  name: 'note-unowned-reply',
  values: { msisdn: 'text', id: 'int8', userId: 'int4', reason: 'text' },
  sql: ($) => `
    update unowned_reply set state = 'NOTED', decided_by = ${$.userId}, decided_at = now(), decision_reason = ${$.reason}
    where msisdn = ${$.msisdn} and id = ${$.id} and ${undecidedSql}`,
});

/** Writes down why a reply without an owner is assigned to nobody; it waits no more. */
export async function noteUnownedReply(
  pool: Pool,
  scope: StaffScope,
  { msisdn, id, reason: written }: NoteInput,
): Promise<NoteResult> {
  const reason = written.trim().slice(0, maxReasonLength);
  if (reason === '') return noReason;
  return withTransaction(pool, async (client) => {
    const noted = await note.run(client, { msisdn, id, userId: scope.userId, reason });
    if (noted === 0) return explainRefusal(client, { msisdn, id });
    await recordAudit(client, scope, {
      action: 'reply.note',
      target: `Reply of ${formatMsisdn(msisdn)}`,
      accountId: null,
      details: { msisdn, unownedReplyId: id, reason },
    });
    await tellStaff(client, 'unowned-replies');
    return { ok: true };
  });
}

const lockBlock = statement({
  name: 'lock-block-of-unowned',
  values: { accountId: 'int4', msisdn: 'text' },
  sql: ($) => `select from opt_out where account_id = ${$.accountId} and msisdn = ${$.msisdn} for update`,
});

const readHistory = statement({
  name: 'unowned-reply-history',
  values: { accountId: 'int4', msisdn: 'text', writtenAt: 'timestamptz', senderNumber: 'text' },
  columns: {
    lastMessageId: 'int8?',
    isBlocked: 'bool',
    /** The recipient has said YES after this reply, and a block was lifted by that. */
    wasLetIn: 'bool',
    /** The number that was replied to is one that the account may send from. */
    isOwnNumber: 'bool',
  },
  sql: ($) => `
    select
      (select id from message where account_id = ${$.accountId} and msisdn = ${$.msisdn} and kind = 'NORMAL'
         and status <> 'BLOCKED'
       order by id desc limit 1) as "lastMessageId",
      exists (select from opt_out where account_id = ${$.accountId} and msisdn = ${$.msisdn}) as "isBlocked",
      exists (select from opt_out_event where account_id = ${$.accountId} and msisdn = ${$.msisdn} and kind = 'REMOVED'
        and ${hasEvidenceSql('evidence', 'requestId')} and created_at > ${$.writtenAt}) as "wasLetIn",
      exists (select from sender_number where number = ${$.senderNumber} and enabled
        and (account_id is null or account_id = ${$.accountId})) as "isOwnNumber"`,
});

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

const findDecision = statement({
  name: 'find-decision-of-unowned',
  values: { msisdn: 'text', id: 'int8' },
  columns: { accountId: 'UnownedReply.assignedAccountId', decidedBy: 'User.name?' },
  sql: ($) => `
    select assigned_account_id as "accountId", portal_user.name as "decidedBy"
    from unowned_reply left join portal_user on portal_user.id = decided_by
    where msisdn = ${$.msisdn} and unowned_reply.id = ${$.id}`,
});

/** Why nothing was changed: there is no such reply, or a colleague was first. */
async function explainRefusal(client: PoolClient, { msisdn, id }: UnownedKey) {
  const reply = await findDecision.one(client, { msisdn, id });
  if (!reply) return refuse('not-there', 'This reply is not there any more.');
  const who = reply.decidedBy ?? 'A colleague';
  return refuse(
    'decided',
    reply.accountId === null
      ? `${who} has already noted why it is assigned to nobody.`
      : `${who} has already assigned it to ${formatAccountNumber(reply.accountId)}.`,
  );
}
