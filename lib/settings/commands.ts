import type { PoolClient } from 'pg';
import { lockAccount } from '@/lib/auth/lock-account';
import type { AccountScope } from '@/lib/auth/scope';
import { prismaOn } from '@/lib/db/prisma';
import { statement } from '@/lib/db/statement';
import { tellAccounts } from '@/lib/events/account-changes';
import type { MessagePurpose } from '@/lib/messages/schema';
import { composeConfirmation } from '@/lib/opt-outs/confirmation';
import { classifyReply, type Keyword } from '@/lib/opt-outs/matcher';
import { checkOwnKeyword } from './keyword-check';
import { toKeyword } from './own-keywords';
import {
  findConfirmationProblem,
  findTradingNamesProblem,
  splitTradingNames,
  type AddKeywordAnswer,
  type KeywordMatch,
  type KeywordMatches,
  type ReviewPolicy,
  type SaveAnswer,
} from './schema';
import { readOwnKeywords } from './queries';

/**
 * Saves the text of the confirmation SMS. What equals the standard text is kept as none, so that it follows a
 * change of it.
 *
 * @param seen the text that was there when the change was begun (null: the standard one); when it is another
 *   by now, somebody else has changed it, and theirs is not overwritten unread
 */
export async function saveConfirmation(
  client: PoolClient,
  scope: AccountScope,
  text: string,
  seen: string | null,
): Promise<SaveAnswer> {
  const isChanged = refuse('Somebody else has changed this text meanwhile. Undo your changes to see theirs.');
  const accounts = prismaOn(client).account;
  const { name, confirmationText } = await accounts.findUniqueOrThrow({
    where: { id: scope.accountId },
    select: { name: true, confirmationText: true },
  });
  if (confirmationText !== seen) return isChanged;
  const wanted = text.replace(/\r\n?/g, '\n').trim();
  const problem = findConfirmationProblem(wanted, name);
  if (problem !== null) return refuse(problem);
  const standard = composeConfirmation({ name, confirmationText: null });
  const { count } = await accounts.updateMany({
    where: { id: scope.accountId, confirmationText: seen },
    data: { confirmationText: wanted === standard ? null : wanted },
  });
  return count === 1 ? { ok: true } : isChanged;
}

/** What is done from now on with a reply that is probably an opt-out; those that wait go on waiting. */
export async function saveReviewPolicy(
  client: PoolClient,
  scope: AccountScope,
  reviewPolicy: ReviewPolicy,
): Promise<SaveAnswer> {
  await prismaOn(client).account.updateMany({ where: { id: scope.accountId }, data: { reviewPolicy } });
  return { ok: true };
}

/** What messages are for from now on of which nobody says so; those that were accepted stay what they are. */
export async function saveDefaultPurpose(
  client: PoolClient,
  scope: AccountScope,
  defaultPurpose: MessagePurpose,
): Promise<SaveAnswer> {
  await prismaOn(client).account.updateMany({ where: { id: scope.accountId }, data: { defaultPurpose } });
  return { ok: true };
}

/** The names that a marketing text may have besides the account's own. */
export async function saveTradingNames(
  client: PoolClient,
  scope: AccountScope,
  text: string,
): Promise<SaveAnswer> {
  const tradingNames = splitTradingNames(text);
  const problem = findTradingNamesProblem(tradingNames);
  if (problem !== null) return refuse(problem);
  await prismaOn(client).account.updateMany({ where: { id: scope.accountId }, data: { tradingNames } });
  return { ok: true };
}

/** From now on, for what leaves; null: no cap. */
export async function saveMarketingCap(
  client: PoolClient,
  scope: AccountScope,
  weeklyMarketingCap: number | null,
): Promise<SaveAnswer> {
  await prismaOn(client).account.updateMany({ where: { id: scope.accountId }, data: { weeklyMarketingCap } });
  return { ok: true };
}

const setTimeZone = statement({
  name: 'set-time-zone',
  values: { accountId: 'int4', timeZone: 'text' },
  sql: ($) => `
    update account set time_zone = ${$.timeZone}
    where id = ${$.accountId} and exists (select from pg_timezone_names where name = ${$.timeZone})`,
});

/** Saves the time zone in which the account reads its dates, one that PostgreSQL knows as well. */
export async function saveTimeZone(
  client: PoolClient,
  scope: AccountScope,
  timeZone: string,
): Promise<SaveAnswer> {
  const saved = await setTimeZone.run(client, { accountId: scope.accountId, timeZone });
  if (saved !== 1) return refuse('Choose a time zone from the list.');
  await tellAccounts(client, [scope.accountId], ['messages', 'replies', 'opt-outs']);
  return { ok: true };
}

/** From so many on, somebody should look at what a new keyword would have caught before it is added. */
export const manyMatches = 5;
const readReplies = 5000;
const shownExamples = 5;

/**
 * Adds a keyword of the account's own; it counts from the next reply on.
 *
 * @param isSure add it even if many replies of the last 30 days would have matched; otherwise those are the
 *   answer
 */
export async function addKeyword(
  client: PoolClient,
  scope: AccountScope,
  typed: string,
  match: KeywordMatch,
  isSure: boolean,
): Promise<AddKeywordAnswer> {
  await lockAccount(client, scope.accountId);
  const own = await readOwnKeywords(client, scope);
  const checked = checkOwnKeyword(typed, match, own.map(toKeyword));
  if (!checked.ok) return checked;
  if (!isSure) {
    const matches = await findMatches(client, scope, checked.keyword);
    if (matches.matched >= manyMatches) {
      const message = `${matches.matched} replies of the last 30 days would have been opt-outs. Look at them first.`;
      return { ok: false, reason: 'many-matches', message, matches };
    }
  }
  const { word } = checked.keyword;
  await prismaOn(client).accountKeyword.create({
    data: { accountId: scope.accountId, word, match: match === 'exact' ? 'EXACT' : 'PREFIX' },
  });
  return { ok: true, word };
}

/** Takes a keyword off the list; what it has opted out stays so. */
export async function removeKeyword(
  client: PoolClient,
  scope: AccountScope,
  id: number,
): Promise<SaveAnswer> {
  const { count } = await prismaOn(client).accountKeyword.deleteMany({
    where: { accountId: scope.accountId, id },
  });
  return count === 1 ? { ok: true } : refuse('This keyword is not on your list any more.');
}

const listRecentReplies = statement({
  name: 'list-recent-replies',
  values: { accountId: 'int4' },
  columns: { text: 'text' },
  planEachTime: true,
  sql: ($) => `
    select left(text, 1000) as text from reply
    where account_id = ${$.accountId} and received_at > now() - interval '30 days' and verdict <> 'OPT_OUT'
    order by received_at desc, id desc limit ${readReplies}`,
});

/**
 * The latest replies of the last 30 days that were no opt-outs, and those that the keyword would have made
 * one.
 */
async function findMatches(
  client: PoolClient,
  scope: AccountScope,
  keyword: Keyword,
): Promise<KeywordMatches> {
  const rows = await listRecentReplies.all(client, { accountId: scope.accountId });
  const keywords = [keyword];
  const matching = rows.filter(({ text }) => classifyReply(text, keywords).verdict === 'opt-out');
  return {
    replies: rows.length,
    matched: matching.length,
    examples: [...new Set(matching.map(({ text }) => text.slice(0, 100)))].slice(0, shownExamples),
  };
}

function refuse(message: string): { ok: false; message: string } {
  return { ok: false, message };
}
