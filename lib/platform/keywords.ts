import type { Pool } from 'pg';
import { recordAudit } from '@/lib/audit/commands';
import type { StaffReadScope, StaffScope } from '@/lib/auth/scope';
import { withTransaction } from '@/lib/db/client';
import { toPlain } from '@/lib/db/plain';
import { prismaOn } from '@/lib/db/prisma';
import { columnsOf, statement, type RowOf } from '@/lib/db/statement';
import { combineKeywords } from '@/lib/opt-outs/combine-keywords';
import { findKeywordProblem, shortestPrefix } from '@/lib/opt-outs/keyword-problem';
import { classifyReply } from '@/lib/opt-outs/matcher';
import { normaliseText } from '@/lib/sms/text';
import type { KeywordTrial, PlatformKeywordRow } from './schema';

export interface KeywordInput {
  word: string;
  match: 'EXACT' | 'PREFIX';
}

/** The longest keyword, normalised. */
const maxLength = 60;

/** The words that count for every account, as `combineKeywords` takes them. */
export async function readPlatformWords(pool: Pool): Promise<KeywordInput[]> {
  return prismaOn(pool).platformKeyword.findMany({
    select: { word: true, match: true },
    orderBy: { id: 'asc' },
  });
}

const listKeywords = statement({
  name: 'list-platform-keywords',
  columns: {
    ...columnsOf('PlatformKeyword', 'id', 'word', 'match', 'createdAt'),
    createdByName: 'User.name?',
  },
  sql: () => `
    select platform_keyword.id, word, match, platform_keyword.created_at as "createdAt", portal_user.name as "createdByName"
    from platform_keyword left join portal_user on portal_user.id = created_by
    order by word, match`,
});

export async function listPlatformKeywords(
  pool: Pool,
  _scope: StaffReadScope,
): Promise<PlatformKeywordRow[]> {
  return toPlain(await listKeywords.all(pool, {}));
}

/** Makes a word an opt-out for all accounts, from the next reply on. */
export async function addPlatformKeyword(
  pool: Pool,
  scope: StaffScope,
  input: KeywordInput,
): Promise<{ ok: true; id: number } | { ok: false; message: string }> {
  const word = normaliseKeyword(input.word);
  const problem = checkPlatformKeyword(word, input.match);
  if (problem !== null) return { ok: false, message: problem };
  return withTransaction(pool, async (client) => {
    const [added] = await prismaOn(client).platformKeyword.createManyAndReturn({
      data: { word, match: input.match, createdBy: scope.userId },
      skipDuplicates: true,
    });
    if (!added) return { ok: false, message: `“${word}” is a platform keyword already.` };
    await recordAudit(client, scope, {
      action: 'keyword.add',
      target: `The keyword “${word}”`,
      accountId: null,
      details: { word, match: input.match },
    });
    return { ok: true, id: added.id };
  });
}

/** Takes a word out; what it has blocked stays blocked. Whether it was there. */
export async function removePlatformKeyword(pool: Pool, scope: StaffScope, id: number): Promise<boolean> {
  return withTransaction(pool, async (client) => {
    const keywords = prismaOn(client).platformKeyword;
    const gone = await keywords.findUnique({ where: { id }, select: { word: true, match: true } });
    // Of two that remove it at once, one did.
    if (!gone || (await keywords.deleteMany({ where: { id } })).count === 0) return false;
    await recordAudit(client, scope, {
      action: 'keyword.remove',
      target: `The keyword “${gone.word}”`,
      accountId: null,
      details: gone,
    });
    return true;
  });
}

function normaliseKeyword(word: string): string {
  return normaliseText(word.replaceAll('\0', '').toWellFormed());
}

function checkPlatformKeyword(word: string, match: 'EXACT' | 'PREFIX'): string | null {
  const problem = findKeywordProblem(word, match === 'PREFIX', maxLength);
  if (problem === 'empty') return 'Write a word with letters or digits.';
  if (problem === 'too-long') return `Keep it to ${maxLength} characters.`;
  if (word === 'yes') return '“yes” is how recipients consent; it cannot opt them out.';
  if (problem === 'too-short') {
    return `Too many replies begin with “${word}”. Write at least ${shortestPrefix} characters.`;
  }
  return null;
}

const trialDays = 30;
/** So many replies are looked at; what is more is left out, and said. */
const scannedAtMost = 50_000;
const chunkSize = 5_000;
const shownExamples = 20;

/**
 * What a keyword would have matched in the last 30 days. A bounded scan, newest first, each account with the
 * same share: it reads the accounts' index ranges and classifies here, a chunk at a time, so that it holds
 * neither the database nor the process.
 */
export async function tryKeyword(
  pool: Pool,
  _scope: StaffReadScope,
  input: KeywordInput,
  now = new Date(),
): Promise<KeywordTrial> {
  const word = normaliseKeyword(input.word);
  const trial: KeywordTrial = {
    normalised: word,
    scanned: 0,
    complete: true,
    matched: 0,
    newlyMatched: 0,
    examples: [],
  };
  if (word === '') return trial;
  // The word alone: which other keyword would also have matched does not matter here.
  const keywords = combineKeywords([{ word, match: input.match }], []).slice(-1);
  const since = new Date(now.getTime() - trialDays * 86_400_000);
  const accounts = await prismaOn(pool).account.findMany({ select: { id: true }, orderBy: { id: 'asc' } });
  const share = Math.max(100, Math.floor(scannedAtMost / Math.max(1, accounts.length)));

  for (const { id: accountId } of accounts) {
    if (trial.scanned >= scannedAtMost) {
      trial.complete = false;
      break;
    }
    let before: { at: string; id: string } | null = null;
    for (let left = share; left > 0;) {
      const limit = Math.min(chunkSize, left);
      const rows: ScannedReply[] = await scanReplies.all(pool, {
        accountId,
        since,
        beforeAt: before?.at ?? 'infinity',
        beforeId: before?.id ?? '9223372036854775807',
        limit,
      });
      for (const row of rows) judge(trial, accountId, row, keywords);
      trial.scanned += rows.length;
      const last = rows.at(-1);
      if (!last || rows.length < limit) break;
      before = { at: last.cursorAt, id: last.id };
      left -= rows.length;
      if (left === 0) trial.complete = false;
    }
  }
  trial.examples.sort((a, b) => b.receivedAt.localeCompare(a.receivedAt));
  trial.examples.length = Math.min(trial.examples.length, shownExamples);
  return trial;
}

const scanReplies = statement({
  name: 'scan-replies',
  values: { accountId: 'int4', since: 'timestamptz', beforeAt: 'text', beforeId: 'int8', limit: 'int8' },
  columns: { ...columnsOf('Reply', 'id', 'verdict', 'receivedAt'), text: 'text', cursorAt: 'text' },
  // a keyword is at the beginning of a reply, and an exact one is all of it
  sql: ($) => `
    select id, left(text, 300) as text, verdict, received_at as "receivedAt", received_at::text as "cursorAt" from reply
    where account_id = ${$.accountId} and received_at >= ${$.since}
      and (received_at, id) < (${$.beforeAt}::text::timestamptz, ${$.beforeId}::bigint)
    order by received_at desc, id desc limit ${$.limit}`,
});
type ScannedReply = RowOf<typeof scanReplies>;

function judge(
  trial: KeywordTrial,
  accountId: number,
  { text, verdict, receivedAt }: ScannedReply,
  keywords: Parameters<typeof classifyReply>[1],
): void {
  if (classifyReply(text, keywords).verdict !== 'opt-out') return;
  trial.matched += 1;
  if (verdict === 'OPT_OUT') return;
  trial.newlyMatched += 1;
  // of each account a few; the newest of all are chosen in the end
  if (trial.examples.filter((example) => example.accountId === accountId).length < shownExamples) {
    trial.examples.push({ accountId, text, verdict, receivedAt: receivedAt.toISOString() });
  }
}
