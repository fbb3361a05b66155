import type { Pool } from 'pg';
import { recordAudit } from '@/lib/audit/commands';
import type { StaffScope } from '@/lib/auth/scope';
import { withTransaction } from '@/lib/db/client';
import { combineKeywords } from '@/lib/opt-outs/combine-keywords';
import { classifyReply } from '@/lib/opt-outs/matcher';
import { normaliseText } from '@/lib/sms/text';
import type { KeywordTrial, PlatformKeywordRow } from './schema';

export interface KeywordInput {
  word: string;
  match: 'EXACT' | 'PREFIX';
}

/** The longest keyword, normalised, and the shortest that others may begin with. */
const maxLength = 60;
const minPrefixLength = 3;

/** The words that count for every account, as `combineKeywords` takes them. */
export async function readPlatformWords(pool: Pool): Promise<KeywordInput[]> {
  const { rows } = await pool.query<KeywordInput>('select word, match from platform_keyword order by id');
  return rows;
}

export async function listPlatformKeywords(pool: Pool, _scope: StaffScope): Promise<PlatformKeywordRow[]> {
  const { rows } = await pool.query<{
    id: number;
    word: string;
    match: 'EXACT' | 'PREFIX';
    created_by_name: string | null;
    created_at: Date;
  }>(
    `select platform_keyword.id, word, match, portal_user.name as created_by_name, platform_keyword.created_at
     from platform_keyword left join portal_user on portal_user.id = created_by
     order by word, match`,
  );
  return rows.map((row) => ({
    id: row.id,
    word: row.word,
    match: row.match,
    createdByName: row.created_by_name,
    createdAt: row.created_at.toISOString(),
  }));
}

/** Makes a word an opt-out for all accounts, from the next reply on. */
export async function addPlatformKeyword(
  pool: Pool,
  scope: StaffScope,
  input: KeywordInput,
): Promise<{ ok: true; id: number } | { ok: false; message: string }> {
  const word = normaliseKeyword(input.word);
  const problem = checkKeyword(word, input.match);
  if (problem !== null) return { ok: false, message: problem };
  return withTransaction(pool, async (client) => {
    const { rows } = await client.query<{ id: number }>(
      `insert into platform_keyword (word, match, created_by) values ($1, $2, $3)
       on conflict (word, match) do nothing returning id`,
      [word, input.match, scope.userId],
    );
    const id = rows[0]?.id;
    if (id === undefined) return { ok: false, message: `“${word}” is a platform keyword already.` };
    await recordAudit(client, scope, {
      action: 'keyword.add',
      target: `The keyword “${word}”`,
      accountId: null,
      details: { word, match: input.match },
    });
    return { ok: true, id };
  });
}

/** Takes a word out; what it has blocked stays blocked. Whether it was there. */
export async function removePlatformKeyword(pool: Pool, scope: StaffScope, id: number): Promise<boolean> {
  return withTransaction(pool, async (client) => {
    const { rows } = await client.query<{ word: string; match: string }>(
      'delete from platform_keyword where id = $1 returning word, match',
      [id],
    );
    const gone = rows[0];
    if (!gone) return false;
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

function checkKeyword(word: string, match: 'EXACT' | 'PREFIX'): string | null {
  if (word === '') return 'Write a word with letters or digits.';
  if (word.length > maxLength) return `Keep it to ${maxLength} characters.`;
  if (word === 'yes') return '“yes” is how recipients consent; it cannot opt them out.';
  if (match === 'PREFIX' && word.length < minPrefixLength) {
    return `Too many replies begin with “${word}”. Write at least ${minPrefixLength} characters.`;
  }
  return null;
}

const trialDays = 30;
/** So many replies are looked at; what is more is left out, and said. */
const scannedAtMost = 50_000;
const chunkSize = 5_000;
const shownExamples = 20;

/**
 * What a keyword would have matched in the last 30 days. A bounded scan, newest first, each account with the same share: it
 * reads the accounts' index ranges and classifies here, a chunk at a time, so that it holds neither the database nor the process.
 */
export async function tryKeyword(
  pool: Pool,
  _scope: StaffScope,
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
  const { rows: accounts } = await pool.query<{ id: number }>('select id from account order by id');
  const share = Math.max(100, Math.floor(scannedAtMost / Math.max(1, accounts.length)));

  for (const { id: accountId } of accounts) {
    if (trial.scanned >= scannedAtMost) {
      trial.complete = false;
      break;
    }
    let before: { at: string; id: string } | null = null;
    for (let left = share; left > 0;) {
      const limit = Math.min(chunkSize, left);
      const rows: ScannedReply[] = await readChunk(pool, accountId, since, before, limit);
      for (const row of rows) judge(trial, accountId, row, keywords);
      trial.scanned += rows.length;
      const last = rows.at(-1);
      if (!last || rows.length < limit) break;
      before = { at: last.cursor_at, id: last.id };
      left -= rows.length;
      if (left === 0) trial.complete = false;
    }
  }
  trial.examples.sort((a, b) => b.receivedAt.localeCompare(a.receivedAt));
  trial.examples.length = Math.min(trial.examples.length, shownExamples);
  return trial;
}

interface ScannedReply {
  id: string;
  text: string;
  verdict: 'OPT_OUT' | 'REVIEW' | 'NONE';
  received_at: Date;
  cursor_at: string;
}

async function readChunk(
  pool: Pool,
  accountId: number,
  since: Date,
  before: { at: string; id: string } | null,
  limit: number,
): Promise<ScannedReply[]> {
  const { rows } = await pool.query<ScannedReply>({
    name: 'scan-replies',
    // a keyword is at the beginning of a reply, and an exact one is all of it
    text: `
      select id, left(text, 300) as text, verdict, received_at, received_at::text as cursor_at from reply
      where account_id = $1 and received_at >= $2 and (received_at, id) < ($3::timestamptz, $4::bigint)
      order by received_at desc, id desc limit $5`,
    values: [accountId, since, before?.at ?? 'infinity', before?.id ?? '9223372036854775807', limit],
  });
  return rows;
}

function judge(
  trial: KeywordTrial,
  accountId: number,
  { text, verdict, received_at }: ScannedReply,
  keywords: Parameters<typeof classifyReply>[1],
): void {
  if (classifyReply(text, keywords).verdict !== 'opt-out') return;
  trial.matched += 1;
  if (verdict === 'OPT_OUT') return;
  trial.newlyMatched += 1;
  // of each account a few; the newest of all are chosen in the end
  if (trial.examples.filter((example) => example.accountId === accountId).length < shownExamples) {
    trial.examples.push({ accountId, text, verdict, receivedAt: received_at.toISOString() });
  }
}
