import type { Pool, PoolClient } from 'pg';
import type { AccountScope } from '@/lib/auth/scope';
import { withTransaction } from '@/lib/db/client';
import { notifyAccountSql } from '@/lib/events/account-changes';
import { composeConfirmation } from '@/lib/opt-outs/confirmation';
import { beginSql, endSql } from '@/lib/opt-outs/episodes';
import { evidenceFieldSql } from '@/lib/opt-outs/evidence';
import { measureText } from '@/lib/sms/segments';
import { canOptOutSql, hasOptedOutSinceSql, type ReviewDecision } from './review';

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

/**
 * A person says that the reply was an opt-out: blocks the number, on the strength of the reply. From here on it is like any
 * other opt-out by reply, but for its confirmation SMS, which waits until the decision can no longer be undone. When the number
 * is blocked already, or opted out and was let back in since, the reply is only marked.
 */
export async function optOutReviewedReply(
  pool: Pool,
  scope: AccountScope,
  replyId: string,
): Promise<ReviewResult> {
  const id = readId(replyId);
  if (id === null) return notThere;
  return withTransaction(pool, async (client) => {
    const { rows: accounts } = await client.query<{ name: string; confirmation_text: string | null }>(
      'select name, confirmation_text from account where id = $1',
      [scope.accountId],
    );
    const account = accounts[0];
    if (!account) return notThere;
    const text = composeConfirmation({ name: account.name, confirmationText: account.confirmation_text });
    const { rows } = await client.query<{ is_new: boolean }>({
      name: 'opt-out-reviewed-reply',
      text: `
        with decided as (
          update reply set review_decision = 'OPTED_OUT', reviewed_by = $3, reviewed_at = now()
          where account_id = $1 and id = $2 and verdict = 'REVIEW' and review_decision is null
            and ${canOptOutSql('reply')}
          returning *
        ), ${beginSql({
          entries: 'opted_out',
          entry: {
            accountId: 'account_id',
            msisdn: 'msisdn',
            kind: `'REPLY'`,
            reply: { id: 'id', senderNumber: 'sender_number', text: 'text', rule: 'rule' },
            createdBy: '$3',
          },
          from: `decided where not ${hasOptedOutSinceSql('decided')}`,
          meets: 'lock',
          event: {
            rows: {
              from: 'decided cross join opted_out',
              accountId: 'decided.account_id',
              msisdn: 'decided.msisdn',
              episodeId: 'opted_out.id',
            },
            actor: '$4',
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
            text: '$5',
            segments: '$6',
            dueAt: 'now() + make_interval(secs => $7 / 1000.0)',
          },
        })}
        select exists (select from opted_out) as is_new,
          ${notifyAccountSql('account_id', ['replies', 'opt-outs', 'messages'])}
        from decided`,
      values: [scope.accountId, id, scope.userId, scope.actor, text, measureText(text).segments, undoMs],
    });
    const decided = rows[0];
    if (!decided) return explainRefusal(client, scope, id);
    return { ok: true, toldInMs: decided.is_new ? undoMs : null };
  });
}

/** A person says that the reply was none: nothing is blocked, and it leaves the queue. */
export async function dismissReviewedReply(
  pool: Pool,
  scope: AccountScope,
  replyId: string,
): Promise<ReviewResult> {
  const id = readId(replyId);
  if (id === null) return notThere;
  return withTransaction(pool, async (client) => {
    const { rowCount } = await client.query({
      name: 'dismiss-reviewed-reply',
      text: `
        with decided as (
          update reply set review_decision = 'DISMISSED', reviewed_by = $3, reviewed_at = now()
          where account_id = $1 and id = $2 and verdict = 'REVIEW' and review_decision is null
          returning account_id
        )
        select ${notifyAccountSql('account_id', ['replies'])} from decided`,
      values: [scope.accountId, id, scope.userId],
    });
    return rowCount === 0 ? explainRefusal(client, scope, id) : { ok: true, toldInMs: null };
  });
}

/**
 * Takes a decision back; the reply waits for a person again. An opt-out can be undone only while its confirmation SMS has not
 * left and the recipient has not said stop in so many words: before that nobody had been told anything, afterwards the block is
 * the recipient's, and only their YES lifts it.
 *
 * @param decision what is to be undone; refused when somebody has decided otherwise meanwhile, or the provider's staff did
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
    const { rows } = await client.query<{ msisdn: string; reviewed_at: Date }>(
      `select msisdn, reviewed_at from reply
       where account_id = $1 and id = $2 and review_decision = $3 and not ${isByStaffSql}
       for update`,
      [scope.accountId, id, decision],
    );
    const reply = rows[0];
    if (!reply) {
      const refusal = await explainRefusal(client, scope, id);
      return refusal.ok ? notDecided : refusal;
    }
    if (decision === 'OPTED_OUT') {
      const refusal = await liftUndone(client, scope, id, reply.msisdn);
      if (refusal) return refusal;
    }
    await client.query(
      `with reopened as (
         update reply set review_decision = null, reviewed_by = null, reviewed_at = null
         where account_id = $1 and id = $2
         returning account_id
       )
       select ${notifyAccountSql('account_id', ['replies', 'opt-outs', 'messages'])} from reopened`,
      [scope.accountId, id],
    );
    return { ok: true, toldInMs: null };
  });
}

/** Removes the entry that the decision made, with its confirmation SMS. Null: done, or there was none to remove. */
async function liftUndone(
  client: PoolClient,
  scope: AccountScope,
  replyId: string,
  msisdn: string,
): Promise<ReviewResult | null> {
  // First the lock, then, in a statement of its own, a look at what else there is: a "Stop" that meets this entry holds the
  // same lock until it has committed, and a statement that was waiting would not see its reply.
  const { rows: entries } = await client.query<{ id: string }>(
    `select id from opt_out where account_id = $1 and msisdn = $2 and reply_id = $3 for update`,
    [scope.accountId, msisdn, replyId],
  );
  const entry = entries[0];
  const { rows } = await client.query<{ wished_since: boolean; was_blocked: boolean }>(
    `select
       exists (
         select from reply as other join account on account.id = other.account_id
         where other.account_id = $1 and other.msisdn = $2
           and (other.id > $3 and other.verdict = 'OPT_OUT'
             or other.id > $3 and other.verdict = 'REVIEW' and account.review_policy = 'BLOCK'
             -- Somebody else's decision, later, or met by this entry and so without one of its own: two that decide at once
             -- may have begun in the other order.
             or other.id <> $3 and other.review_decision = 'OPTED_OUT'
               and (other.reviewed_at >= decided.reviewed_at or not exists (
                 select from opt_out_event as own
                 where own.account_id = $1 and own.msisdn = $2 and own.kind = 'OPTED_OUT'
                   and ${evidenceFieldSql('own.evidence', 'replyId')} = other.id::text)))
       ) as wished_since,
       exists (
         select from opt_out_event
         where account_id = $1 and msisdn = $2 and kind = 'OPTED_OUT' and created_at >= decided.reviewed_at
           and ${evidenceFieldSql('evidence', 'replyId')} = $3::text
       ) as was_blocked
     from reply as decided where decided.account_id = $1 and decided.id = $3::bigint`,
    [scope.accountId, msisdn, replyId],
  );
  // Marked only, as the number was blocked before; or blocked by it, and let back in since.
  if (!entry) return rows[0]?.was_blocked ? told : null;
  if (rows[0]?.wished_since) return wishedSince;

  // The dispatcher claims with a lock on the same row: whichever of the two is first, the other finds it changed.
  const { rowCount } = await client.query(
    `update message set status = 'BLOCKED', next_attempt_at = null, finished_at = now(), reason = $3
     where account_id = $1 and episode_id = $2 and kind = 'CONFIRMATION' and status = 'QUEUED' and attempts = 0`,
    [scope.accountId, entry.id, 'Undone before it was sent.'],
  );
  if (rowCount === 0) return told;
  await client.query(
    `with ${endSql({
      entries: 'removed',
      where: 'account_id = $1 and msisdn = $2 and id = $3',
      event: {
        kind: 'REMOVED',
        actor: '$4',
        reason: '$5',
        evidence: { cause: 'undo', undone: 'true', replyId: '$6::bigint' },
      },
    })}
     select`,
    [scope.accountId, msisdn, entry.id, scope.actor, 'Undone before the confirmation was sent', replyId],
  );
  return null;
}

/** SQL: whether the provider's staff decided, who assigned the reply to the account. */
const isByStaffSql = `exists (
  select from portal_user as decider where decider.id = reply.reviewed_by and decider.account_id is null)`;

/** Ids come from pages that anybody may have tampered with; the largest that PostgreSQL knows has 19 digits. */
function readId(id: string): string | null {
  return /^\d{1,18}$/.test(id) ? id : null;
}

/** Why nothing was changed: there is no such reply, it needs no decision, or somebody was first. */
async function explainRefusal(
  client: PoolClient,
  scope: AccountScope,
  replyId: string,
): Promise<ReviewResult> {
  const { rows } = await client.query<{
    review_decision: ReviewDecision | null;
    decided_by: string | null;
    is_own: boolean;
    is_by_staff: boolean;
    can_opt_out: boolean;
  }>(
    `select review_decision, portal_user.name as decided_by,
       coalesce(reviewed_by = $3, false) as is_own, ${isByStaffSql} as is_by_staff, ${canOptOutSql('reply')} as can_opt_out
     from reply left join portal_user on portal_user.id = reply.reviewed_by and portal_user.account_id = reply.account_id
     where reply.account_id = $1 and reply.id = $2 and verdict = 'REVIEW'`,
    [scope.accountId, replyId, scope.userId],
  );
  const reply = rows[0];
  if (!reply) return notThere;
  if (reply.review_decision) {
    const who = reply.is_own
      ? 'You have'
      : reply.is_by_staff
        ? 'Our staff have'
        : `${reply.decided_by ?? 'Somebody'} has`;
    const what = reply.review_decision === 'OPTED_OUT' ? 'an opt-out' : 'not an opt-out';
    return { ok: false, reason: 'decided', message: `${who} already decided: ${what}.` };
  }
  return reply.can_opt_out ? notDecided : noNumber;
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
const wishedSince: ReviewResult = {
  ok: false,
  reason: 'wished-since',
  message:
    'Another reply of this number asks for the opt-out too. Only the recipient’s own YES lifts the block.',
};
