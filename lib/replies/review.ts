import type { Pool } from 'pg';
import type { AccountReadScope, StaffScope } from '@/lib/auth/scope';
import { cutTextSql, shownTextLength } from '@/lib/db/cut-text';
import { hasEvidenceSql } from '@/lib/opt-outs/evidence';
import type { ReplyRow } from './list';

export type ReviewDecision = 'OPTED_OUT' | 'DISMISSED';

/** A reply that is probably an opt-out and waits for a person to decide. */
export interface ReplyToReview {
  id: string;
  /** What the network gave when it is no number: "MTN". */
  msisdn: string;
  senderNumber: string;
  /** As it came. */
  text: string;
  /** How many characters it has when `text` is but its beginning; null: `text` is all of it. */
  wholeLength: number | null;
  rule: string | null;
  /** ISO 8601, UTC. */
  receivedAt: string;
  /** The message it answered. */
  answered: { text: string; sentAt: string } | null;
  /** A network's own name or short code cannot be written to, so there is nothing to block. */
  canOptOut: boolean;
}

/** What can be blocked, as in lib/replies/commands.ts. */
const mobileNumberPattern = '^[0-9]{8,15}$';

/** SQL: whether a number can be blocked. */
export function canOptOutSql(reply: string): string {
  return `${reply}.msisdn ~ '${mobileNumberPattern}'`;
}

/**
 * SQL: whether a reply's number has opted out since it came, by whatever way, even if the block has been lifted again. An
 * opt-out that was undone (lib/replies/review-commands.ts) never counted.
 */
export function hasOptedOutSinceSql(reply: string): string {
  return `exists (
    select from opt_out_event as began
    where began.account_id = ${reply}.account_id and began.msisdn = ${reply}.msisdn
      and began.kind in ('OPTED_OUT', 'CONFIRMED_BY_REPLY') and began.created_at >= ${reply}.received_at
      and not exists (
        select from opt_out_event as ended
        where ended.account_id = began.account_id and ended.msisdn = began.msisdn
          and ended.episode_id = began.episode_id and ended.kind = 'REMOVED' and ${hasEvidenceSql('ended.evidence', 'undone')}
      )
  )`;
}

/** SQL: whether a reply of this account waits for a person. */
const waitingSql = (
  accountId: string,
) => `reply.account_id = ${accountId} and reply.verdict = 'REVIEW' and reply.review_decision is null
  and not exists (
    select from opt_out where opt_out.account_id = reply.account_id and opt_out.msisdn = reply.msisdn
  )
  and not ${hasOptedOutSinceSql('reply')}`;

/** The replies that have waited longest, at most `limit`. */
export async function listRepliesToReview(
  pool: Pool,
  scope: AccountReadScope,
  limit = 50,
): Promise<ReplyToReview[]> {
  const { rows } = await pool.query<{
    id: string;
    msisdn: string;
    sender_number: string;
    text: string;
    text_whole: number | null;
    rule: string | null;
    received_at: Date;
    can_opt_out: boolean;
    answered_text: string | null;
    answered_at: Date | null;
  }>({
    name: 'list-replies-to-review',
    text: `
      select reply.id, reply.msisdn, reply.sender_number, ${cutTextSql('reply.text', 'text')}, reply.rule,
        reply.received_at, ${canOptOutSql('reply')} as can_opt_out,
        left(message.text, ${shownTextLength}) as answered_text, coalesce(message.sent_at, message.created_at) as answered_at
      from reply
      left join message on message.account_id = reply.account_id and message.id = reply.message_id
      where ${waitingSql('$1')}
      order by reply.received_at, reply.id
      limit $2`,
    values: [scope.accountId, limit],
  });
  return rows.map((row) => ({
    id: row.id,
    msisdn: row.msisdn,
    senderNumber: row.sender_number,
    text: row.text,
    wholeLength: row.text_whole,
    rule: row.rule,
    receivedAt: row.received_at.toISOString(),
    canOptOut: row.can_opt_out,
    answered:
      row.answered_text !== null && row.answered_at !== null
        ? { text: row.answered_text, sentAt: row.answered_at.toISOString() }
        : null,
  }));
}

/** A reply that waits for a person of its account, as staff see it. */
export interface WaitingReply extends ReplyRow {
  accountId: number;
  accountName: string;
}

/** Those of all accounts that have waited longest, for staff. They read them; it is for the account to decide. */
export async function listWaitingReplies(
  pool: Pool,
  _scope: StaffScope,
  limit = 50,
): Promise<WaitingReply[]> {
  const { rows } = await pool.query<{
    id: string;
    msisdn: string;
    sender_number: string;
    text: string;
    text_whole: number | null;
    rule: string | null;
    received_at: Date;
    account_id: number;
    account_name: string;
  }>(
    `select reply.id, reply.msisdn, reply.sender_number, ${cutTextSql('reply.text', 'text')}, reply.rule,
       reply.received_at, reply.account_id, account.name as account_name
     from reply join account on account.id = reply.account_id
     where ${waitingSql('account.id')}
     order by reply.received_at, reply.id
     limit $1`,
    [limit],
  );
  return rows.map((row) => ({
    id: row.id,
    msisdn: row.msisdn,
    senderNumber: row.sender_number,
    text: row.text,
    wholeLength: row.text_whole,
    verdict: 'REVIEW',
    rule: row.rule,
    receivedAt: row.received_at.toISOString(),
    accountId: row.account_id,
    accountName: row.account_name,
  }));
}

/** A decision of a person that they may want to take back (docs/decisions/0014-review-decisions.md). */
export interface RecentDecision {
  replyId: string;
  msisdn: string;
  /** As it came; a long one is cut. */
  text: string;
  decision: ReviewDecision;
  /** False once the recipient has been told; the command that undoes looks again. */
  canUndo: boolean;
  /** How long the confirmation SMS still waits; null when none does. */
  toldInMs: number | null;
}

/** How long a decision counts as recent. */
export const recentMs = 10 * 60_000;

/**
 * Which of these replies this user has decided about in the last minutes, the latest first. What a colleague decided is for the
 * colleague to take back.
 */
export async function listRecentDecisions(
  pool: Pool,
  scope: AccountReadScope,
  replyIds: readonly string[],
): Promise<RecentDecision[]> {
  if (replyIds.length === 0) return [];
  const { rows } = await pool.query<RecentDecision>({
    name: 'list-recent-decisions',
    text: `
      select reply.id as "replyId", reply.msisdn, left(reply.text, 200) as text, reply.review_decision as decision,
        -- Without an entry of its own it blocked nobody.
        opt_out.id is null or confirmation.id is not null as "canUndo",
        case when confirmation.id is not null
          then greatest(extract(epoch from confirmation.next_attempt_at - now()) * 1000, 0)::int end as "toldInMs"
      from reply
      left join opt_out on opt_out.account_id = reply.account_id and opt_out.msisdn = reply.msisdn
        and opt_out.reply_id = reply.id and reply.review_decision = 'OPTED_OUT'
      left join message as confirmation on confirmation.account_id = opt_out.account_id
        and confirmation.episode_id = opt_out.id and confirmation.kind = 'CONFIRMATION'
        and confirmation.status = 'QUEUED' and confirmation.attempts = 0
      where reply.account_id = $1 and reply.id = any($2::bigint[]) and reply.review_decision is not null
        and reply.reviewed_by = $3 and reply.reviewed_at > now() - make_interval(secs => $4 / 1000.0)
      order by reply.reviewed_at desc, reply.id desc`,
    values: [scope.accountId, replyIds, scope.userId, recentMs],
  });
  return rows;
}

const countedAtMost = 100;

/** How many replies wait for a person, counted up to 100: more is shown as "99+". */
export async function countRepliesToReview(pool: Pool, scope: AccountReadScope): Promise<number> {
  const { rows } = await pool.query<{ count: string }>({
    name: 'count-replies-to-review',
    text: `select count(*) from (select from reply where ${waitingSql('$1')} limit ${countedAtMost}) as waiting`,
    values: [scope.accountId],
  });
  return Number(rows[0]?.count ?? 0);
}
