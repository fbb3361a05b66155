import type { Pool, PoolClient } from 'pg';
import type { AccountScope } from '@/lib/auth/scope';
import { withTransaction } from '@/lib/db/client';
import { notifyAccountSql } from '@/lib/events/account-changes';
import { composeConfirmation } from '@/lib/opt-outs/confirmation';
import { classifyReply, type Keyword } from '@/lib/opt-outs/matcher';
import { checkKeyword } from './keyword-check';
import { toKeyword } from './own-keywords';
import {
  findConfirmationProblem,
  type AddKeywordAnswer,
  type KeywordMatch,
  type KeywordMatches,
  type ReviewPolicy,
  type SaveAnswer,
} from './schema';
import { readOwnKeywords } from './queries';

/**
 * Saves the text of the confirmation SMS. What equals the standard text is kept as none, so that it follows a change of it.
 *
 * @param seen the text that was there when the change was begun (null: the standard one); when it is another by now,
 *   somebody else has changed it, and theirs is not overwritten unread
 */
export async function saveConfirmation(
  pool: Pool,
  scope: AccountScope,
  text: string,
  seen: string | null,
): Promise<SaveAnswer> {
  return withTransaction(pool, async (client) => {
    const account = await lockAccount(client, scope);
    if (account.confirmation_text !== seen) {
      return refuse('Somebody else has changed this text meanwhile. Undo your changes to see theirs.');
    }
    const wanted = text.replace(/\r\n?/g, '\n').trim();
    const problem = findConfirmationProblem(wanted, account.name);
    if (problem !== null) return refuse(problem);
    const standard = composeConfirmation({ name: account.name, confirmationText: null });
    await client.query('update account set confirmation_text = $2 where id = $1', [
      scope.accountId,
      wanted === standard ? null : wanted,
    ]);
    return { ok: true };
  });
}

/** What is done from now on with a reply that is probably an opt-out; those that wait go on waiting. */
export async function saveReviewPolicy(
  pool: Pool,
  scope: AccountScope,
  reviewPolicy: ReviewPolicy,
): Promise<SaveAnswer> {
  await pool.query('update account set review_policy = $2::review_policy where id = $1', [
    scope.accountId,
    reviewPolicy,
  ]);
  return { ok: true };
}

/** Saves the time zone in which the account reads its dates, one that PostgreSQL knows as well. */
export async function saveTimeZone(pool: Pool, scope: AccountScope, timeZone: string): Promise<SaveAnswer> {
  const { rowCount } = await pool.query(
    `with saved as (
       update account set time_zone = $2
       where id = $1 and exists (select from pg_timezone_names where name = $2)
       returning id
     )
     select ${notifyAccountSql('id', ['messages', 'replies', 'opt-outs'])} from saved`,
    [scope.accountId, timeZone],
  );
  return rowCount === 1 ? { ok: true } : refuse('Choose a time zone from the list.');
}

/** From so many on, somebody should look at what a new keyword would have caught before it is added. */
export const manyMatches = 5;
const readReplies = 5000;
const shownExamples = 5;

/**
 * Adds a keyword of the account's own; it counts from the next reply on.
 *
 * @param isSure add it even if many replies of the last 30 days would have matched; otherwise those are the answer
 */
export async function addKeyword(
  pool: Pool,
  scope: AccountScope,
  typed: string,
  match: KeywordMatch,
  isSure: boolean,
): Promise<AddKeywordAnswer> {
  return withTransaction(pool, async (client) => {
    // Two who add at the same time would each see room for one more, or both the same word.
    await lockAccount(client, scope);
    const own = await readOwnKeywords(client, scope);
    const checked = checkKeyword(typed, match, own.map(toKeyword));
    if (!checked.ok) return checked;
    if (!isSure) {
      const matches = await findMatches(client, scope, checked.keyword);
      if (matches.matched >= manyMatches) return { ok: false, matches };
    }
    await client.query(
      'insert into account_keyword (account_id, word, match) values ($1, $2, $3::keyword_match)',
      [scope.accountId, checked.keyword.word, match === 'exact' ? 'EXACT' : 'PREFIX'],
    );
    return { ok: true, word: checked.keyword.word };
  });
}

/** Takes a keyword off the list; what it has opted out stays so. */
export async function removeKeyword(pool: Pool, scope: AccountScope, id: number): Promise<SaveAnswer> {
  const { rowCount } = await pool.query('delete from account_keyword where account_id = $1 and id = $2', [
    scope.accountId,
    id,
  ]);
  return rowCount === 1 ? { ok: true } : refuse('This keyword is not on your list any more.');
}

/** The latest replies of the last 30 days that were no opt-outs, and those that the keyword would have made one. */
async function findMatches(
  client: PoolClient,
  scope: AccountScope,
  keyword: Keyword,
): Promise<KeywordMatches> {
  const { rows } = await client.query<{ text: string }>(
    `select left(text, 1000) as text from reply
     where account_id = $1 and received_at > now() - interval '30 days' and verdict <> 'OPT_OUT'
     order by received_at desc, id desc limit ${readReplies}`,
    [scope.accountId],
  );
  const keywords = [keyword];
  const matching = rows.filter(({ text }) => classifyReply(text, keywords).verdict === 'opt-out');
  return {
    replies: rows.length,
    matched: matching.length,
    examples: [...new Set(matching.map(({ text }) => text.slice(0, 100)))].slice(0, shownExamples),
  };
}

async function lockAccount(
  client: PoolClient,
  scope: AccountScope,
): Promise<{ name: string; confirmation_text: string | null }> {
  const { rows } = await client.query<{ name: string; confirmation_text: string | null }>(
    'select name, confirmation_text from account where id = $1 for no key update',
    [scope.accountId],
  );
  if (!rows[0]) throw new Error(`There is no account ${scope.accountId}.`);
  return rows[0];
}

function refuse(message: string): { ok: false; message: string } {
  return { ok: false, message };
}
