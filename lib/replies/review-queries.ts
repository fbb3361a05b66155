import type { Pool } from 'pg';
import type { AccountReadScope, StaffReadScope } from '@/lib/auth/scope';
import { cutTextColumns, cutTextSql, shownTextLength } from '@/lib/db/cut-text';
import { toPlain } from '@/lib/db/plain';
import { typed } from '@/lib/db/sql-types';
import { columnsOf, statement, type RowOf } from '@/lib/db/statement';
import { hasEvidenceSql } from '@/lib/opt-outs/evidence';
import { isWritableSql } from '@/lib/sms/written-number';
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

/** SQL: whether a number can be blocked. */
export function canOptOutSql(reply: string): string {
  return isWritableSql(`${reply}.msisdn`);
}

/**
 * SQL: whether a reply's number has opted out since it came, by whatever way, even if the block has been
 * lifted again. An opt-out that was undone (lib/replies/review-commands.ts) never counted.
 *
 * @param accountId SQL of whose it is, where that is a value of the statement
 */
export function hasOptedOutSinceSql(reply: string, accountId = `${reply}.account_id`): string {
  return `exists (
    select 1 from opt_out_event as began
    where began.account_id = ${accountId} and began.msisdn = ${reply}.msisdn
      and began.kind in ('OPTED_OUT', 'CONFIRMED_BY_REPLY') and began.created_at >= ${reply}.received_at
      and not exists (
        select 1 from opt_out_event as ended
        where ended.account_id = ${accountId} and ended.msisdn = began.msisdn
          and ended.episode_id = began.episode_id and ended.kind = 'REMOVED' and ${hasEvidenceSql('ended.evidence', 'undone')}
      )
  )`;
}

/** SQL: whether a reply waits for a person; of this account, or of any. */
const waitingSql = (
  accountId?: string,
) => `${accountId === undefined ? '' : `reply.account_id = ${accountId} and `}reply.verdict = 'REVIEW' and reply.review_decision is null
  and not exists (
    select 1 from opt_out where opt_out.account_id = reply.account_id and opt_out.msisdn = reply.msisdn
  )
  and not ${hasOptedOutSinceSql('reply', accountId)}`;

const listToReview = statement({
  name: 'list-replies-to-review',
  values: { accountId: 'int4', limit: 'int8' },
  columns: {
    ...columnsOf('Reply', 'id', 'msisdn', 'senderNumber', 'rule', 'receivedAt'),
    ...cutTextColumns,
    canOptOut: 'bool',
    answeredText: 'text?',
    answeredAt: 'timestamptz?',
  },
  sql: ($) => `
    select reply.id, reply.msisdn, reply.sender_number as "senderNumber", ${cutTextSql('reply.text')}, reply.rule,
      reply.received_at as "receivedAt", ${canOptOutSql('reply')} as "canOptOut",
      left(message.text, ${shownTextLength}) as "answeredText",
      coalesce(message.sent_at, message.created_at) as "answeredAt"
    from reply
    left join message on message.account_id = reply.account_id and message.id = reply.message_id
    where ${waitingSql($.accountId)}
    order by reply.received_at, reply.id
    limit ${$.limit}`,
});

/** The replies that have waited longest, at most `limit`. */
export async function listRepliesToReview(
  pool: Pool,
  scope: AccountReadScope,
  limit = 50,
): Promise<ReplyToReview[]> {
  const rows = toPlain(await listToReview.all(pool, { accountId: scope.accountId, limit }));
  return rows.map(({ answeredText, answeredAt, ...reply }) => ({
    ...reply,
    answered:
      answeredText !== null && answeredAt !== null ? { text: answeredText, sentAt: answeredAt } : null,
  }));
}

/** A reply that waits for a person of its account, as staff see it. */
export interface WaitingReply extends ReplyRow {
  accountId: number;
  accountName: string;
}

const listWaiting = statement({
  name: 'list-waiting-replies',
  values: { limit: 'int8' },
  columns: {
    ...columnsOf('Reply', 'id', 'msisdn', 'senderNumber', 'rule', 'receivedAt', 'accountId'),
    ...cutTextColumns,
    accountName: 'Account.name',
  },
  planEachTime: true,
  sql: ($) => `
    select reply.id, reply.msisdn, reply.sender_number as "senderNumber", ${cutTextSql('reply.text')}, reply.rule,
      reply.received_at as "receivedAt", reply.account_id as "accountId", account.name as "accountName"
    from reply join account on account.id = reply.account_id
    where ${waitingSql()}
    order by reply.received_at, reply.id
    limit ${$.limit}`,
});

/**
 * Those of all accounts that have waited longest, for staff. They read them; it is for the account to decide.
 */
export async function listWaitingReplies(
  pool: Pool,
  _scope: StaffReadScope,
  limit = 50,
): Promise<WaitingReply[]> {
  const rows = toPlain(await listWaiting.all(pool, { limit }));
  return rows.map((row) => ({ ...row, verdict: 'REVIEW' }));
}

/** How long a decision counts as recent. */
export const recentMs = 10 * 60_000;

const listDecisions = statement({
  name: 'list-recent-decisions',
  values: { accountId: 'int4', userId: 'int4?', replyIds: 'int8[]' },
  columns: {
    replyId: 'Reply.id',
    msisdn: 'Reply.msisdn',
    /** As it came; a long one is cut. */
    text: 'text',
    decision: typed<ReviewDecision>('ReviewDecision'),
    /** False once the recipient has been told; the command that undoes looks again. */
    canUndo: 'bool',
    /** How long the confirmation SMS still waits; null when none does. */
    toldInMs: 'int4?',
  },
  sql: ($) => `
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
    where reply.account_id = ${$.accountId} and reply.id = any (${$.replyIds}) and reply.review_decision is not null
      and reply.reviewed_by = ${$.userId} and reply.reviewed_at > now() - make_interval(secs => ${recentMs} / 1000.0)
    order by reply.reviewed_at desc, reply.id desc`,
});

/** A decision of a person that they may want to take back (docs/decisions/0014-review-decisions.md). */
export type RecentDecision = RowOf<typeof listDecisions>;

/**
 * Which of these replies this user has decided about in the last minutes, the latest first. What a colleague
 * decided is for the colleague to take back.
 */
export async function listRecentDecisions(
  pool: Pool,
  scope: AccountReadScope,
  replyIds: readonly string[],
): Promise<RecentDecision[]> {
  if (replyIds.length === 0) return [];
  const { accountId, userId } = scope;
  return listDecisions.all(pool, { accountId, userId, replyIds });
}

const countedAtMost = 100;

const countWaiting = statement({
  name: 'count-replies-to-review',
  values: { accountId: 'int4' },
  columns: { count: 'int4' },
  sql: ($) => `
    select count(*)::int as count from (
      select 1 from reply where ${waitingSql($.accountId)} limit ${countedAtMost}) as waiting`,
});

/** How many replies wait for a person, counted up to 100: more is shown as "99+". */
export async function countRepliesToReview(pool: Pool, scope: AccountReadScope): Promise<number> {
  return (await countWaiting.only(pool, { accountId: scope.accountId })).count;
}
