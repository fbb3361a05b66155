import type { Pool, PoolClient } from 'pg';
import { recordActOf } from '@/lib/auth/activity';
import type { AccountScope } from '@/lib/auth/scope';
import { withTransaction } from '@/lib/db/client';
import { prismaOn } from '@/lib/db/prisma';
import { columnsOf, statement } from '@/lib/db/statement';
import { tellAccounts } from '@/lib/events/account-changes';
import { composeConfirmation } from '@/lib/opt-outs/confirmation';
import { beginSql, endSql } from '@/lib/opt-outs/episodes';
import { evidenceFieldSql } from '@/lib/opt-outs/evidence';
import { deliverStatusSql } from '@/lib/webhook-events/deliveries';
import { measureText } from '@/lib/sms/segments';
import { canOptOutSql, hasOptedOutSinceSql, type ReviewDecision } from './review-queries';

/**
 * How long the confirmation SMS of a person's decision waits: as long as the decision can be undone
 * (docs/decisions/0014-review-decisions.md).
 */
export const undoMs = 30_000;

export type ReviewResult =
  /** `toldInMs`: when the confirmation SMS leaves, counted from now; null when none is due. */
  | { ok: true; toldInMs: number | null }
  | {
      ok: false;
      reason: 'not-there' | 'decided' | 'no-number' | 'not-decided' | 'told' | 'wished-since';
      /** For people. */
      message: string;
    };

const ofReply = { accountId: 'int4', replyId: 'int8' } as const;

const decideOptOut = statement({
  name: 'opt-out-reviewed-reply',
  values: {
    ...ofReply,
    userId: 'int4?',
    actor: 'text',
    confirmation: 'text',
    segments: 'int2',
    undoMs: 'int4',
  },
  columns: { isNew: 'bool' },
  sql: ($) => `
    with decided as (
      update reply set review_decision = 'OPTED_OUT', reviewed_by = ${$.userId}, reviewed_at = now()
      where account_id = ${$.accountId} and id = ${$.replyId} and verdict = 'REVIEW' and review_decision is null
        and ${canOptOutSql('reply')}
      returning *
    ), wished as materialized (
      -- by itself: a cluster inserts nothing that it would have to compare with a table at the same time
      select * from decided where not ${hasOptedOutSinceSql('decided', $.accountId)}
    ), ${beginSql({
      accounts: $.accountId,
      entries: 'opted_out',
      entry: {
        accountId: 'account_id',
        msisdn: 'msisdn',
        kind: `'REPLY'`,
        reply: { id: 'id', senderNumber: 'sender_number', text: 'text', rule: 'rule' },
        createdBy: $.userId,
      },
      from: 'wished',
      meets: 'lock',
      event: {
        rows: {
          from: 'decided cross join opted_out',
          accountId: 'decided.account_id',
          msisdn: 'decided.msisdn',
          episodeId: 'opted_out.id',
        },
        actor: $.actor,
        evidence: {
          cause: 'reply',
          text: 'decided.text',
          rule: 'decided.rule',
          verdict: 'decided.verdict',
          replyId: 'decided.id',
          messageId: 'decided.message_id',
          senderNumber: 'decided.sender_number',
          receivedAt: 'decided.received_at',
        },
      },
      confirmation: {
        senderNumber: 'decided.sender_number',
        text: $.confirmation,
        segments: $.segments,
        dueAt: `now() + make_interval(secs => ${$.undoMs}::int / 1000.0)`,
      },
    })}
    select exists (select from opted_out) as "isNew" from decided`,
});

/**
 * A person says that the reply was an opt-out: blocks the number, on the strength of the reply. From here on
 * it is like any other opt-out by reply, but for its confirmation SMS, which waits until the decision can no
 * longer be undone. When the number is blocked already, or opted out and was let back in since, the reply is
 * only marked.
 */
export async function optOutReviewedReply(
  pool: Pool,
  scope: AccountScope,
  replyId: string,
): Promise<ReviewResult> {
  const id = readId(replyId);
  if (id === null) return notThere;
  return withTransaction(pool, async (client) => {
    const account = await prismaOn(client).account.findUnique({
      where: { id: scope.accountId },
      select: { name: true, confirmationText: true },
    });
    if (!account) return notThere;
    const confirmation = composeConfirmation(account);
    const decided = await decideOptOut.one(client, {
      accountId: scope.accountId,
      replyId: id,
      userId: scope.userId,
      actor: scope.actor,
      confirmation,
      segments: measureText(confirmation).segments,
      undoMs,
    });
    if (!decided) return explainRefusal(client, scope, id);
    await recordActOf(client, scope, 'reply.opt-out', { numbers: 1 }, new Date());
    await tellAccounts(client, [scope.accountId], ['replies', 'opt-outs', 'messages']);
    return { ok: true, toldInMs: decided.isNew ? undoMs : null };
  });
}

const dismiss = statement({
  name: 'dismiss-reviewed-reply',
  values: { ...ofReply, userId: 'int4?' },
  sql: ($) => `
    update reply set review_decision = 'DISMISSED', reviewed_by = ${$.userId}, reviewed_at = now()
    where account_id = ${$.accountId} and id = ${$.replyId} and verdict = 'REVIEW' and review_decision is null`,
});

/** A person says that the reply was none: nothing is blocked, and it leaves the queue. */
export async function dismissReviewedReply(
  pool: Pool,
  scope: AccountScope,
  replyId: string,
): Promise<ReviewResult> {
  const id = readId(replyId);
  if (id === null) return notThere;
  return withTransaction(pool, async (client) => {
    const { accountId, userId } = scope;
    const dismissed = await dismiss.run(client, { accountId, replyId: id, userId });
    if (dismissed === 0) return explainRefusal(client, scope, id);
    await recordActOf(client, scope, 'reply.dismiss', { numbers: 1 }, new Date());
    await tellAccounts(client, [accountId], ['replies']);
    return { ok: true, toldInMs: null };
  });
}

/** SQL: whether the provider's staff decided, who assigned the reply to the account. */
const isByStaffSql = `exists (
  select from portal_user as decider where decider.id = reply.reviewed_by and decider.role = 'STAFF')`;

const lockDecided = statement({
  name: 'lock-decided-reply',
  values: { ...ofReply, decision: 'ReviewDecision' },
  columns: columnsOf('Reply', 'msisdn'),
  sql: ($) => `
    select msisdn from reply
    where account_id = ${$.accountId} and id = ${$.replyId} and review_decision = ${$.decision} and not ${isByStaffSql}
    for update`,
});

const reopen = statement({
  name: 'reopen-reviewed-reply',
  values: ofReply,
  sql: ($) => `
    update reply set review_decision = null, reviewed_by = null, reviewed_at = null
    where account_id = ${$.accountId} and id = ${$.replyId}`,
});

/**
 * Takes a decision back; the reply waits for a person again. An opt-out can be undone only while its
 * confirmation SMS has not left and the recipient has not said stop in so many words: before that nobody had
 * been told anything, afterwards the block is the recipient's, and only their YES lifts it.
 *
 * @param decision what is to be undone; refused when somebody has decided otherwise meanwhile, or the
 *   provider's staff did
 */
export async function undoReview(
  pool: Pool,
  scope: AccountScope,
  replyId: string,
  decision: ReviewDecision,
): Promise<ReviewResult> {
  const id = readId(replyId);
  if (id === null) return notThere;
  return withTransaction(pool, async (client) => {
    const key = { accountId: scope.accountId, replyId: id };
    const reply = await lockDecided.one(client, { ...key, decision });
    if (!reply) {
      const refusal = await explainRefusal(client, scope, id);
      return refusal.ok ? notDecided : refusal;
    }
    if (decision === 'OPTED_OUT') {
      const refusal = await liftUndone(client, scope, id, reply.msisdn);
      if (refusal) return refusal;
    }
    await reopen.run(client, key);
    await recordActOf(client, scope, 'reply.undo', { numbers: 1 }, new Date());
    await tellAccounts(client, [scope.accountId], ['replies', 'opt-outs', 'messages']);
    return { ok: true, toldInMs: null };
  });
}

const ofNumber = { ...ofReply, msisdn: 'text' } as const;

const lockEntry = statement({
  name: 'lock-entry-of-reply',
  values: ofNumber,
  columns: columnsOf('OptOut', 'id'),
  sql: ($) => `
    select id from opt_out
    where account_id = ${$.accountId} and msisdn = ${$.msisdn} and reply_id = ${$.replyId} for update`,
});

const findOtherWishes = statement({
  name: 'find-other-wishes',
  values: ofNumber,
  columns: { hasAskedAgain: 'bool', wasBlocked: 'bool' },
  sql: ($) => `
    select
      exists (
        select from reply as other join account on account.id = other.account_id
        where other.account_id = ${$.accountId} and other.msisdn = ${$.msisdn}
          and (other.id > ${$.replyId} and other.verdict = 'OPT_OUT'
            or other.id > ${$.replyId} and other.verdict = 'REVIEW' and account.review_policy = 'BLOCK'
            -- Somebody else's decision, later, or met by this entry and so without one of its own: two that
            -- decide at once may have begun in the other order.
            or other.id <> ${$.replyId} and other.review_decision = 'OPTED_OUT'
              and (other.reviewed_at >= decided.reviewed_at or not exists (
                select from opt_out_event as own
                where own.account_id = ${$.accountId} and own.msisdn = ${$.msisdn} and own.kind = 'OPTED_OUT'
                  and ${evidenceFieldSql('own.evidence', 'replyId')} = other.id::text)))
      ) as "hasAskedAgain",
      exists (
        select from opt_out_event
        where account_id = ${$.accountId} and msisdn = ${$.msisdn} and kind = 'OPTED_OUT' and created_at >= decided.reviewed_at
          and ${evidenceFieldSql('evidence', 'replyId')} = ${$.replyId}::text
      ) as "wasBlocked"
    from reply as decided where decided.account_id = ${$.accountId} and decided.id = ${$.replyId}::bigint`,
});

const takeConfirmationBack = statement({
  name: 'take-confirmation-back',
  values: { accountId: 'int4', episodeId: 'int8', reason: 'text' },
  sql: ($) => `
    with waiting as (
      select id, msisdn, kind, purpose, batch_id from message
      where account_id = ${$.accountId} and episode_id = ${$.episodeId} and kind = 'CONFIRMATION' and status = 'QUEUED'
        and attempts = 0
      for update
    ), delivery as (
      ${deliverStatusSql({ from: 'waiting', accounts: $.accountId, status: `'BLOCKED'`, reason: $.reason })}
    )
    update message set status = 'BLOCKED', next_attempt_at = null, finished_at = now(), reason = ${$.reason}
    from waiting where message.account_id = ${$.accountId} and message.id = waiting.id`,
});

const liftEntry = statement({
  name: 'lift-undone-entry',
  values: { ...ofNumber, episodeId: 'int8', actor: 'text', reason: 'text' },
  sql: ($) => `
    with ${endSql({
      accounts: $.accountId,
      entries: 'removed',
      where: `msisdn = ${$.msisdn} and id = ${$.episodeId}`,
      event: {
        kind: 'REMOVED',
        actor: $.actor,
        reason: $.reason,
        evidence: { cause: 'undo', undone: 'true', replyId: `${$.replyId}::bigint` },
      },
    })}
    select`,
});

/**
 * Removes the entry that the decision made, with its confirmation SMS. Null: done, or there was none to
 * remove.
 */
async function liftUndone(
  client: PoolClient,
  { accountId, actor }: AccountScope,
  replyId: string,
  msisdn: string,
): Promise<ReviewResult | null> {
  // First the lock, then, in a statement of its own, a look at what else there is: a "Stop" that meets this
  // entry holds the same lock until it has committed, and a statement that was waiting would not see its
  // reply.
  const of = { accountId, replyId, msisdn };
  const entry = await lockEntry.one(client, of);
  const others = await findOtherWishes.one(client, of);
  // Marked only, as the number was blocked before; or blocked by it, and let back in since.
  if (!entry) return others?.wasBlocked ? told : null;
  if (others?.hasAskedAgain) return askedAgain;

  // The dispatcher claims with a lock on the same row: whichever of the two is first, the other finds it
  // changed.
  const episodeId = entry.id;
  const reason = 'Undone before it was sent.';
  if ((await takeConfirmationBack.run(client, { accountId, episodeId, reason })) === 0) return told;
  await liftEntry.run(client, { ...of, episodeId, actor, reason: 'Undone before the confirmation was sent' });
  return null;
}

/**
 * Ids come from pages that anybody may have tampered with; the largest that PostgreSQL knows has 19 digits.
 */
function readId(id: string): string | null {
  return /^\d{1,18}$/.test(id) ? id : null;
}

const findDecision = statement({
  name: 'find-review-decision',
  values: { ...ofReply, userId: 'int4?' },
  columns: {
    decision: 'Reply.reviewDecision',
    decidedBy: 'User.name?',
    isOwn: 'bool',
    isByStaff: 'bool',
    canOptOut: 'bool',
  },
  sql: ($) => `
    select review_decision as decision, portal_user.name as "decidedBy",
      coalesce(reviewed_by = ${$.userId}, false) as "isOwn", ${isByStaffSql} as "isByStaff",
      ${canOptOutSql('reply')} as "canOptOut"
    from reply left join membership on membership.account_id = reply.account_id and membership.user_id = reply.reviewed_by
    left join portal_user on portal_user.id = membership.user_id
    where reply.account_id = ${$.accountId} and reply.id = ${$.replyId} and verdict = 'REVIEW'`,
});

/** Why nothing was changed: there is no such reply, it needs no decision, or somebody was first. */
async function explainRefusal(
  client: PoolClient,
  { accountId, userId }: AccountScope,
  replyId: string,
): Promise<ReviewResult> {
  const reply = await findDecision.one(client, { accountId, replyId, userId });
  if (!reply) return notThere;
  if (reply.decision) {
    const who = reply.isOwn
      ? 'You have'
      : reply.isByStaff
        ? 'Our staff have'
        : `${reply.decidedBy ?? 'Somebody'} has`;
    const what = reply.decision === 'OPTED_OUT' ? 'an opt-out' : 'not an opt-out';
    return { ok: false, reason: 'decided', message: `${who} already decided: ${what}.` };
  }
  return reply.canOptOut ? notDecided : noNumber;
}

const notThere: ReviewResult = {
  ok: false,
  reason: 'not-there',
  message: 'This reply is not there to be decided.',
};
const notDecided: ReviewResult = {
  ok: false,
  reason: 'not-decided',
  message: 'The decision has been undone already.',
};
const noNumber: ReviewResult = {
  ok: false,
  reason: 'no-number',
  message: 'This sender is not a number that can be written to, so there is nothing to block.',
};
const told: ReviewResult = {
  ok: false,
  reason: 'told',
  message: 'The recipient has been told by SMS. From now on only their own YES lifts the block.',
};
const askedAgain: ReviewResult = {
  ok: false,
  reason: 'wished-since',
  message:
    'Another reply of this number asks for the opt-out too. Only the recipient’s own YES lifts the block.',
};
