import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { fillLink } from '@/lib/notices/outbox';
import { getPlaces } from '@/lib/http/shares';
import { createAccount, createManualOptOut, nextMsisdn, type TestAccount } from '@/testing/factories';
import { runDueJobs } from '@/testing/jobs';
import { dispatch, hoursAfter, lawful, optOut, readFacts, say, type Asked } from '@/testing/removals';
import { watchStatements } from '@/testing/watch-statements';
import { expireRequests, requestRemoval } from './commands';
import {
  confirmByLink,
  contactAnswer,
  contactForm,
  openPublicRequest,
  readLink,
  requestPublicly,
  type PublicRequest,
} from './public-form';
import { parseInput } from '@/lib/auth/make-action';
import type { Refusal } from '@/lib/auth/schema';
import type { ContactResult } from './schema';

let db: TestDatabase;
let account: TestAccount;

beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  account = await createAccount(db.pool);
});
afterAll(() => db.close());

let visitors = 0;

function submit(
  input: Record<string, unknown>,
  address = `198.51.100.${(visitors += 1)}`,
): Promise<ContactResult | Refusal> {
  const form = { account: `W${account.id}`, permission: true, website: '', ...input };
  return send(form, address);
}

/** As the server action does: what cannot be read is refused before anything else. */
async function send(form: unknown, address: string | null): Promise<ContactResult | Refusal> {
  const input = parseInput(contactForm, form);
  return input.ok ? requestPublicly(db.pool, input.data, { address }, lawful) : input;
}

/** Sends the form and lets the worker look at it. */
async function submitAndOpen(input: Record<string, unknown>): Promise<ContactResult | Refusal> {
  const result = await submit(input);
  await runDueJobs(db.pool, lawful);
  return result;
}

/** The tokens that the owner was e-mailed, oldest first. */
async function listTokens(accountId = account.id): Promise<string[]> {
  const { rows } = await db.pool.query<Parameters<typeof fillLink>[0]>(
    `select account_id as "accountId", event_key as "eventKey", text, html, link_seed as "linkSeed"
     from email where account_id = $1 order by id`,
    [accountId],
  );
  return rows.map((row) => {
    const { text, html } = fillLink(row);
    const token = /\/contact\/confirm\?token=(\S+)/.exec(text)?.[1] as string;
    expect(html).toContain(token);
    return token;
  });
}

async function countRequests(accountId = account.id): Promise<number> {
  const { rows } = await db.pool.query<{ count: string }>(
    'select count(*) from removal_request where account_id = $1',
    [accountId],
  );
  return Number(rows[0]?.count);
}

async function findRequest(optedOut: {
  msisdn: string;
  senderNumber: string;
  episodeId: string;
}): Promise<Asked> {
  const { rows } = await db.pool.query<{ id: string }>(
    'select id from removal_request where account_id = $1 and msisdn = $2 order by id desc',
    [account.id, optedOut.msisdn],
  );
  return { ...optedOut, requestId: rows[0]?.id as string };
}

const answer = { ok: true, message: contactAnswer };

test('from the form to the block’s end', async () => {
  const optedOut = await optOut(db.pool, account);
  // the number as people type it; the account with or without its W
  const number = `0${optedOut.msisdn.slice(2)}`;
  expect(await submitAndOpen({ account: String(account.id), number })).toEqual(answer);
  const asked = await findRequest(optedOut);
  expect(await readFacts(db.pool, account, asked)).toMatchObject({
    state: 'AWAITING_CONFIRMATION',
    events: ['REQUESTED AWAITING_CONFIRMATION'],
    consent: null,
  });
  expect((await dispatch(db.pool, account)).messages).toHaveLength(1); // the confirmation of the opt-out

  const [token] = await listTokens();
  const page = await readLink(db.pool, token as string, lawful);
  expect(page).toMatchObject({ ok: true, accountName: account.name, msisdn: optedOut.msisdn });
  expect((await readFacts(db.pool, account, asked)).state).toBe('AWAITING_CONFIRMATION');

  const confirmed = await confirmByLink(db.pool, token as string, { address: '192.0.2.1' }, lawful);
  expect(confirmed).toMatchObject({
    ok: true,
    requestId: asked.requestId,
    consentDueAt: lawful.toISOString(),
  });
  await dispatch(db.pool, account);
  await say(db.pool, asked, 'YES');
  expect(await readFacts(db.pool, account, asked)).toMatchObject({
    state: 'AWAITING_APPROVAL',
    events: ['REQUESTED AWAITING_CONFIRMATION', 'CONFIRMED AWAITING_REPLY', 'YES AWAITING_APPROVAL'],
  });
});

describe('tells nobody what exists', () => {
  test('the same answer, and nothing stored, without an account, an opt-out, or anything to ask', async () => {
    const { msisdn } = await optOut(db.pool, account);
    const suspended = await createAccount(db.pool, { status: 'SUSPENDED' });
    const manual = nextMsisdn();
    await createManualOptOut(db.pool, account, manual);
    const trial = await createAccount(db.pool, { trialMsisdn: nextMsisdn() });
    const ofTrial = await optOut(db.pool, trial);
    const before = await countRequests();
    expect(await submitAndOpen({ account: '999999999', number: msisdn })).toEqual(answer);
    expect(await submitAndOpen({ account: `W${suspended.id}`, number: msisdn })).toEqual(answer);
    expect(await submitAndOpen({ number: nextMsisdn() })).toEqual(answer);
    expect(await submitAndOpen({ number: manual })).toEqual(answer);
    // a trial may not write to it, so neither ask it
    expect(await submitAndOpen({ account: `W${trial.id}`, number: ofTrial.msisdn })).toEqual(answer);
    expect(await submitAndOpen({ number: msisdn, website: 'https://spam.example' })).toEqual(answer);
    expect(await countRequests()).toBe(before);
    expect(await listTokens()).toEqual([]);
    // and with all of it there
    expect(await submitAndOpen({ number: msisdn })).toEqual(answer);
    expect(await countRequests()).toBe(before + 1);
  });

  test('whoever waits for the answer waits for the same statements, whatever there is', async () => {
    const { msisdn } = await optOut(db.pool, account);
    const asked = await optOut(db.pool, account);
    await submitAndOpen({ number: asked.msisdn });
    const suspended = await createAccount(db.pool, { status: 'SUSPENDED' });
    const forms = [
      { number: msisdn },
      { number: asked.msisdn },
      { number: nextMsisdn() },
      { account: `W${suspended.id}`, number: msisdn },
      { account: '888888889', number: msisdn },
    ];
    const seen: string[][] = [];
    for (const form of forms) seen.push((await watchStatements(() => submit(form))).sort()); // two go at once
    expect(seen[0]?.filter((text) => text.includes('add_jobs'))).toHaveLength(1);
    expect(new Set(seen.map((statements) => statements.join('\n'))).size).toBe(1);
    // of which the job then finds one to open, and one to send a new link for
    const before = await countRequests();
    await runDueJobs(db.pool, lawful);
    expect(await countRequests()).toBe(before + 1);
    expect(await listTokens()).toHaveLength(3);
  });
});

test('many forms from one address at once keep no other address out', async () => {
  const places = getPlaces('public-form');
  const address = '203.0.113.77';
  const { perAddress, ownLine } = places.rules;
  expect(perAddress).toBeLessThan(places.rules.places);
  const take = () => places.acquire({ account: null, address });
  const held = await Promise.all(Array.from({ length: perAddress }, take));
  const waiting = Array.from({ length: ownLine }, take);
  expect(await submit({ number: nextMsisdn() }, address)).toMatchObject({
    ok: false,
    reason: 'throttled',
    message: expect.stringContaining('five forms on the way') as string,
  });
  expect(await submit({ number: nextMsisdn() })).toMatchObject({ ok: true });
  for (const place of held) if (place.ok) place.release();
  for (const place of await Promise.all(waiting)) if (place.ok) place.release();
  expect(places.inUse).toBe(0);
});

test('what is wrong with the form is said beside the field', async () => {
  expect(await submit({ number: '', permission: false, account: 'me' })).toEqual({
    ok: false,
    reason: 'invalid',
    message: expect.any(String),
    fields: {
      account: expect.stringContaining('W58324'),
      number: expect.any(String),
      permission: expect.any(String),
    },
  });
  expect(await submit({ number: '12' })).toMatchObject({
    reason: 'invalid',
    fields: { number: expect.any(String) },
  });
  expect(await submit({ number: nextMsisdn(), account: 'W0' })).toMatchObject({
    reason: 'invalid',
    fields: { account: expect.any(String) },
  });
  for (const input of [null, 'text', 7, { account: { id: 1 } }]) {
    expect(await send(input, null)).toMatchObject({ reason: 'invalid' });
  }
});

test('a worker that dies after opening the request: one request, one e-mail, and its link works', async () => {
  const { msisdn } = await optOut(db.pool, account);
  await submit({ number: msisdn });
  const { rows } = await db.pool.query<{ seed: string; requestedAt: string; address: string }>(
    `select payload ->> 'seed' as seed, payload ->> 'requestedAt' as "requestedAt", payload ->> 'address' as address
     from graphile_worker._private_jobs where payload ->> 'msisdn' = $1`,
    [msisdn],
  );
  const [form] = rows.map((row) => ({
    ...row,
    accountId: account.id,
    msisdn,
    requestedAt: new Date(row.requestedAt),
  }));
  await openPublicRequest(db.pool, form as PublicRequest);
  const [token] = await listTokens();
  await runDueJobs(db.pool, lawful);
  expect(await countRequests()).toBe(1);
  expect(await listTokens()).toEqual([token]);
  expect(await confirmByLink(db.pool, token as string, { address: null }, lawful)).toMatchObject({
    ok: true,
  });
});

describe('is held back', () => {
  test('for an account, whether or not there is one, and for an address', async () => {
    const { msisdn } = await optOut(db.pool, account);
    for (const number of [String(account.id), '888888888']) {
      const results: (ContactResult | Refusal)[] = [];
      for (let i = 0; i < 6; i += 1) results.push(await submit({ account: number, number: msisdn }));
      expect(results.map(({ ok }) => ok)).toEqual([true, true, true, true, true, false]);
      expect(results.at(-1)).toMatchObject({ reason: 'throttled', retryAfterSeconds: expect.any(Number) });
    }
    const results: (ContactResult | Refusal)[] = [];
    for (let i = 0; i < 21; i += 1)
      results.push(await submit({ account: String(700_000 + i), number: msisdn }, '192.0.2.99'));
    expect(results.filter(({ ok }) => ok)).toHaveLength(20);
    expect(results.at(-1)).toMatchObject({ reason: 'throttled' });
  });
});

describe('the link', () => {
  async function makeLink() {
    const optedOut = await optOut(db.pool, account);
    await submitAndOpen({ number: optedOut.msisdn });
    const token = (await listTokens()).at(-1) as string;
    return { token, asked: await findRequest(optedOut) };
  }
  const confirm = (token: string, now = lawful) => confirmByLink(db.pool, token, { address: null }, now);

  test('works once, also for ten at the same moment', async () => {
    const { token, asked } = await makeLink();
    const results = await Promise.all(Array.from({ length: 10 }, () => confirm(token)));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(results.filter((result) => !result.ok && result.reason === 'used')).toHaveLength(9);
    expect(await confirm(token)).toMatchObject({ ok: false, reason: 'used' });
    expect(await readLink(db.pool, token, lawful)).toMatchObject({ ok: false, reason: 'used' });
    expect((await readFacts(db.pool, account, asked)).events).toHaveLength(2);
  });

  test('altered is not valid: another secret, request or account', async () => {
    const { token, asked } = await makeLink();
    const [, , secret = ''] = token.split('.');
    const flipped = secret.startsWith('A') ? `B${secret.slice(1)}` : `A${secret.slice(1)}`;
    const other = await makeLink();
    const stranger = await createAccount(db.pool);
    for (const altered of [
      `${account.id}.${asked.requestId}.${flipped}`,
      `${account.id}.${other.asked.requestId}.${secret}`,
      `${stranger.id}.${asked.requestId}.${secret}`,
      `${token}A`,
      token.slice(0, -1),
      '',
      "1.1.' or true --",
    ]) {
      expect(await confirm(altered)).toMatchObject({ ok: false, reason: 'unknown' });
    }
    expect((await readFacts(db.pool, account, asked)).state).toBe('AWAITING_CONFIRMATION');
  });

  test('expires, before and after the worker ends the request', async () => {
    const { token, asked } = await makeLink();
    const late = hoursAfter(lawful, 48);
    expect(await confirm(token, late)).toMatchObject({ ok: false, reason: 'expired' });
    await expireRequests(db.pool, late);
    expect(await confirm(token, lawful)).toMatchObject({ ok: false, reason: 'expired' });
    expect(await readFacts(db.pool, account, asked)).toMatchObject({ state: 'EXPIRED', notices: [] });
    // what lapsed unasked may be asked for again
    await submitAndOpen({ number: asked.msisdn });
    expect(await confirm((await listTokens()).at(-1) as string)).toMatchObject({ ok: true });
  });

  test('of an earlier e-mail no longer works once there is a later one', async () => {
    const { token, asked } = await makeLink();
    await submitAndOpen({ number: asked.msisdn });
    const tokens = await listTokens();
    expect(tokens).toHaveLength(2);
    expect(await countRequests()).toBe(1);
    expect(await confirm(token)).toMatchObject({ reason: 'unknown' });
    expect(await confirm(tokens[1] as string)).toMatchObject({ ok: true });
  });

  test('is not needed when the customer signs in and asks', async () => {
    const { token, asked } = await makeLink();
    const result = await requestRemoval(
      db.pool,
      account.scope,
      { number: asked.msisdn, permission: true },
      { address: null },
      lawful,
    );
    expect(result).toMatchObject({ ok: true, requestId: asked.requestId });
    expect((await readFacts(db.pool, account, asked)).events).toEqual([
      'REQUESTED AWAITING_CONFIRMATION',
      'CONFIRMED AWAITING_REPLY',
    ]);
    expect(await confirm(token)).toMatchObject({ reason: 'used' });
  });

  test('does not ask a recipient who has said stop again', async () => {
    const { token, asked } = await makeLink();
    await say(db.pool, asked, 'Stop');
    expect(await readFacts(db.pool, account, asked)).toMatchObject({ state: 'REFUSED', notices: [] });
    expect(await confirm(token)).toMatchObject({ ok: false, reason: 'no-longer-possible' });
  });

  test('is kept nowhere: neither its secret nor anything that makes it stands in the database alone', async () => {
    const { token } = await makeLink();
    const secret = token.split('.')[2] as string;
    const { rows } = await db.pool.query<{ everything: string }>(
      `select (select string_agg(to_jsonb(email)::text, '') from email) ||
         (select string_agg(to_jsonb(removal_request)::text, '') from removal_request) ||
         (select string_agg(to_jsonb(removal_request_event)::text, '') from removal_request_event) as everything`,
    );
    expect(rows[0]?.everything.length).toBeGreaterThan(1000);
    expect(rows[0]?.everything).not.toContain(secret);
  });
});
