import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { receiveReplies } from '@/lib/replies/commands';
import {
  composeReply,
  createAccount,
  nextMsisdn,
  queueMessages,
  type TestAccount,
} from '@/testing/factories';
import { inTransaction } from '@/testing/in-transaction';
import { testOnOneServer } from '@/testing/one-server';
import { maxOwnKeywords } from './schema';
import * as commands from './commands';
import { manyMatches } from './commands';
import { countReviewReplies, readOwnKeywords, readSettings } from './queries';
import { readGate } from '@/lib/opt-outs/family-queries';
import { listTimeZones } from './time-zones';

const addKeyword = inTransaction(commands.addKeyword);
const removeKeyword = inTransaction(commands.removeKeyword);
const saveConfirmation = inTransaction(commands.saveConfirmation);
const saveReviewPolicy = inTransaction(commands.saveReviewPolicy);
const saveTimeZone = inTransaction(commands.saveTimeZone);
const saveDefaultPurpose = inTransaction(commands.saveDefaultPurpose);

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

/** A reply to the account; answers with what came of it. */
async function reply(account: TestAccount, text: string) {
  const from = nextMsisdn();
  await receiveReplies(db.pool, [composeReply({ from, to: account.senderNumber as string, text })]);
  const { rows } = await db.pool.query<{
    rule: string | null;
    blocked: boolean;
    confirmation: string | null;
  }>(
    `select rule,
       exists (select from opt_out where account_id = $1 and msisdn = $2) as blocked,
       (select text from message where account_id = $1 and msisdn = $2 and kind = 'CONFIRMATION') as confirmation
     from reply where account_id = $1 and msisdn = $2`,
    [account.id, from],
  );
  return rows[0];
}

describe('the confirmation text', () => {
  test('is what the next recipient reads, and the standard text again when it is taken back', async () => {
    const account = await createAccount(db.pool);
    const own = `Klaar. ${account.name.toUpperCase()} will not write to you again.`;
    expect(await saveConfirmation(db.pool, account.scope, `  ${own}\r\n`, null)).toEqual({ ok: true });
    expect((await readSettings(db.pool, account.scope)).confirmationText).toBe(own);
    expect(await reply(account, 'Stop')).toMatchObject({ blocked: true, confirmation: own });

    const { standardConfirmation } = await readSettings(db.pool, account.scope);
    expect(await saveConfirmation(db.pool, account.scope, standardConfirmation, own)).toEqual({ ok: true });
    expect((await readSettings(db.pool, account.scope)).confirmationText).toBeNull();
    expect(await reply(account, 'Stop')).toMatchObject({ confirmation: standardConfirmation });
  });

  test('of another account stays as it is', async () => {
    const [account, other] = [await createAccount(db.pool), await createAccount(db.pool)];
    await saveConfirmation(db.pool, account.scope, `${account.name} says goodbye.`, null);
    expect((await readSettings(db.pool, account.scope)).confirmationText).not.toBeNull();
    expect((await readSettings(db.pool, other.scope)).confirmationText).toBeNull();
  });

  test('must name the account', async () => {
    const account = await createAccount(db.pool);
    expect(await saveConfirmation(db.pool, account.scope, 'Goodbye.', null)).toEqual({
      ok: false,
      message: expect.stringContaining(`Name your account, “${account.name}”`),
    });
    expect((await readSettings(db.pool, account.scope)).confirmationText).toBeNull();
  });

  test('is not overwritten by somebody who has not seen the last change', async () => {
    const account = await createAccount(db.pool);
    const [mine, theirs] = [`${account.name} 1`, `${account.name} 2`];
    const answers = await Promise.all([
      saveConfirmation(db.pool, account.scope, mine, null),
      saveConfirmation(db.pool, account.scope, theirs, null),
    ]);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(answers.find(({ ok }) => !ok)).toMatchObject({
      message: expect.stringContaining('Somebody else'),
    });
    const { confirmationText } = await readSettings(db.pool, account.scope);
    expect(confirmationText).toBe(answers[0]?.ok ? mine : theirs);
  });
});

describe('own keywords', () => {
  test('count from the next reply on, until they are removed, and for their account alone', async () => {
    const [account, other] = [await createAccount(db.pool), await createAccount(db.pool)];
    expect(await reply(account, 'genoeg')).toMatchObject({ blocked: false });
    expect(await addKeyword(db.pool, account.scope, ' GENOEG! ', 'exact', false)).toEqual({
      ok: true,
      word: 'genoeg',
    });
    expect(await reply(account, 'Genoeg.')).toMatchObject({ blocked: true, rule: 'own:exact:genoeg' });
    expect(await reply(account, 'genoeg gesê')).toMatchObject({ blocked: false });
    expect(await reply(other, 'genoeg')).toMatchObject({ blocked: false });

    expect(await addKeyword(db.pool, account.scope, 'genoeg', 'prefix', false)).toMatchObject({ ok: true });
    expect(await reply(account, 'genoeg gesê')).toMatchObject({ rule: 'own:prefix:genoeg' });

    const own = await readOwnKeywords(db.pool, account.scope);
    expect(own.map(({ word, match }) => [word, match])).toEqual([
      ['genoeg', 'EXACT'],
      ['genoeg', 'PREFIX'],
    ]);
    for (const { id } of own) {
      expect(await removeKeyword(db.pool, other.scope, id)).toMatchObject({ ok: false });
    }
    expect(await readOwnKeywords(db.pool, account.scope)).toHaveLength(2);
    for (const { id } of own) {
      expect(await removeKeyword(db.pool, account.scope, id)).toEqual({ ok: true });
      expect(await removeKeyword(db.pool, account.scope, id)).toMatchObject({ ok: false });
    }
    expect(await reply(account, 'genoeg')).toMatchObject({ blocked: false });
  });

  test('that would have caught many replies are shown with them, and added by whoever is sure', async () => {
    const [account, other] = [await createAccount(db.pool), await createAccount(db.pool)];
    for (let index = 0; index < manyMatches; index++) await reply(account, `Ja dankie ${index}`);
    await reply(account, 'Nee');
    await reply(account, 'Stop');
    for (let index = 0; index < manyMatches; index++) await reply(other, 'Nee');

    expect(await addKeyword(db.pool, account.scope, 'ja dankie', 'prefix', false)).toEqual({
      ok: false,
      reason: 'many-matches',
      message: expect.any(String),
      matches: {
        replies: manyMatches + 1,
        matched: manyMatches,
        examples: expect.arrayContaining(['Ja dankie 0', 'Ja dankie 4']),
      },
    });
    expect(await readOwnKeywords(db.pool, account.scope)).toEqual([]);
    expect(await addKeyword(db.pool, account.scope, 'ja dankie', 'prefix', true)).toMatchObject({ ok: true });
    // One of this account's own replies is not many, and the other's are none of its business.
    expect(await addKeyword(db.pool, account.scope, 'nee', 'exact', false)).toMatchObject({ ok: true });
  });

  test('are never more than there may be, nor twice the same, whoever adds at once', async () => {
    const account = await createAccount(db.pool, {
      keywords: Array.from({ length: maxOwnKeywords - 1 }, (_, index) => ({
        word: `word ${index}`,
        match: 'EXACT' as const,
      })),
    });
    const answers = await Promise.all(
      ['genoeg', 'genoeg', 'klaar', 'basta'].map((word) =>
        addKeyword(db.pool, account.scope, word, 'exact', true),
      ),
    );
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await readOwnKeywords(db.pool, account.scope)).toHaveLength(maxOwnKeywords);
  });
});

test('what to do with a reply for review counts from the next reply on, for this account alone', async () => {
  const [account, other] = [await createAccount(db.pool), await createAccount(db.pool)];
  expect(await reply(account, 'stop please')).toMatchObject({ blocked: false });
  expect(await saveReviewPolicy(db.pool, account.scope, 'BLOCK')).toEqual({ ok: true });
  expect(await reply(account, 'stop please')).toMatchObject({ blocked: true });
  expect(await reply(other, 'stop please')).toMatchObject({ blocked: false });
  expect(await countReviewReplies(db.pool, account.scope)).toEqual({ replies: 2, toReview: 2 });
  expect(await countReviewReplies(db.pool, other.scope)).toEqual({ replies: 1, toReview: 1 });
  expect((await readSettings(db.pool, account.scope)).reviewPolicy).toBe('BLOCK');
});

test('the purpose of messages is this account’s alone, and of what is sent from now on', async () => {
  const marketing = { defaultPurpose: 'MARKETING' } as const;
  const [account, other] = [await createAccount(db.pool, marketing), await createAccount(db.pool, marketing)];
  await queueMessages(db.pool, account, [nextMsisdn()], 'before');
  expect(await saveDefaultPurpose(db.pool, account.scope, 'SERVICE')).toEqual({ ok: true });
  await queueMessages(db.pool, account, [nextMsisdn()], 'after');
  expect(await readGate(db.pool, account.scope, new Date())).toMatchObject({ defaultPurpose: 'SERVICE' });
  expect((await readSettings(db.pool, account.scope)).defaultPurpose).toBe('SERVICE');
  expect(await readGate(db.pool, other.scope, new Date())).toMatchObject({ defaultPurpose: 'MARKETING' });
  const { rows } = await db.pool.query<{ text: string; purpose: string }>(
    'select text, purpose from message where account_id = $1 order by id',
    [account.id],
  );
  expect(rows).toEqual([
    { text: 'before', purpose: 'MARKETING' },
    { text: 'after', purpose: 'SERVICE' },
  ]);
});

describe('the time zone', () => {
  test('is one of the list, of this account alone', async () => {
    const [account, other] = [await createAccount(db.pool), await createAccount(db.pool)];
    expect(await saveTimeZone(db.pool, account.scope, 'Africa/Windhoek')).toEqual({ ok: true });
    expect(await saveTimeZone(db.pool, account.scope, 'Mars/Olympus')).toMatchObject({ ok: false });
    expect((await readSettings(db.pool, account.scope)).timeZone).toBe('Africa/Windhoek');
    expect((await readSettings(db.pool, other.scope)).timeZone).toBe('Africa/Johannesburg');
  });

  testOnOneServer('the list holds what PostgreSQL knows too', async () => {
    const zones = listTimeZones();
    expect(zones.length).toBeGreaterThan(300);
    expect(zones).toEqual(expect.arrayContaining(['Africa/Johannesburg', 'UTC', 'Asia/Kolkata']));
    const { rows } = await db.pool.query<{ name: string }>(
      `select name from unnest($1::text[]) as name
       where name not in (select name from pg_timezone_names)`,
      [zones],
    );
    expect(rows).toEqual([]);
  });
});
