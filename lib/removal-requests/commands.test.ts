import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { StaffScope } from '@/lib/auth/scope';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { acceptMessages } from '@/lib/messages/commands';
import type { MessagePurpose } from '@/lib/messages/schema';
import { registryReason } from '@/lib/opt-outs/gate';
import { readOptOutTotal } from '@/lib/opt-outs/tally';
import { readPlatformSettings, savePlatformSettings } from '@/lib/platform/settings';
import { receiveReplies } from '@/lib/replies/commands';
import {
  composeReply,
  createAccount,
  createConversation,
  createManualOptOut,
  createSenderNumber,
  listOnRegistry,
  nextMsisdn,
  type TestAccount,
} from '@/testing/factories';
import {
  ask,
  consent,
  createStaff,
  dispatch,
  evening,
  atLawfulDay,
  hoursAfter,
  lawful,
  optOut,
  readFacts,
  request,
  say,
  type Asked,
} from '@/testing/removals';
import { doAfterStatement, watchStatements } from '@/testing/watch-statements';
import { cancelRequest, expireRequests, requestRemoval } from './commands';
import { composeConsent } from './consent';
import { decideRequests } from './decisions';
import { previewRequest } from './queries';

let db: TestDatabase;
let account: TestAccount;
let staff: StaffScope;

beforeAll(async () => {
  db = await createTestDatabase();
  staff = await createStaff(db.pool);
});
beforeEach(async () => {
  account = await createAccount(db.pool);
});
afterAll(() => db.close());

const visit = { address: '203.0.113.7' };
const inAWeek = hoursAfter(lawful, 7 * 24);

function make(number: string, options: { permission?: boolean; now?: Date; by?: TestAccount } = {}) {
  const { permission = true, now = lawful, by = account } = options;
  return requestRemoval(db.pool, by.scope, { number, permission }, visit, now);
}

async function approve(accountId: number, requestId: string, by = staff) {
  const [result] = await decideRequests(db.pool, by, [{ accountId, requestId }], { decision: 'approve' });
  return result;
}

async function send(msisdn: string): Promise<string | undefined> {
  const result = await acceptMessages(db.pool, account.scope, {
    recipients: [msisdn],
    text: 'Hello again',
    idempotencyKey: `${msisdn}-${Math.random()}`,
  });
  return result.recipients[0]?.outcome;
}

describe('each ending', () => {
  test('YES, approved: the block is lifted, and everybody knows on whose word', async () => {
    const asked = await ask(db.pool, account);
    expect(await readOptOutTotal(db.pool, account.scope)).toBe(1);
    expect(await send(asked.msisdn)).toBe('blocked');
    await say(db.pool, asked, ' Yes! ');
    expect((await readFacts(db.pool, account, asked)).state).toBe('AWAITING_APPROVAL');
    expect(await send(asked.msisdn)).toBe('blocked');

    expect(await approve(account.id, asked.requestId)).toMatchObject({ ok: true, state: 'REMOVED' });
    const key = `removal-request:${asked.requestId}:REMOVED`;
    expect(await readFacts(db.pool, account, asked)).toEqual({
      state: 'REMOVED',
      events: ['REQUESTED AWAITING_REPLY', 'YES AWAITING_APPROVAL', 'APPROVED REMOVED'],
      optOutEvents: ['OPTED_OUT', 'REMOVED'],
      isBlocked: false,
      notices: [key],
      emails: [key],
      consent: 'SENT',
    });
    const { rows } = await db.pool.query(
      `select actor, evidence from opt_out_event where account_id = $1 and kind = 'REMOVED'`,
      [account.id],
    );
    expect(rows).toMatchObject([
      {
        actor: staff.actor,
        evidence: {
          requestId: Number(asked.requestId),
          staffId: staff.userId,
          text: ' Yes! ',
          senderNumber: asked.senderNumber,
        },
      },
    ]);
    expect(await readOptOutTotal(db.pool, account.scope)).toBe(0);
    expect(await send(asked.msisdn)).toBe('queued');

    // and a new "Stop" opens a new episode at once, in which they may be asked anew
    await say(db.pool, asked, 'Stop');
    expect(await send(asked.msisdn)).toBe('blocked');
    expect((await readFacts(db.pool, account, asked)).optOutEvents).toEqual([
      'OPTED_OUT',
      'REMOVED',
      'OPTED_OUT',
    ]);
    expect(await make(asked.msisdn)).toMatchObject({ ok: true });
  });

  test('NO: refused, told, and not asked again', async () => {
    const asked = await ask(db.pool, account);
    await say(db.pool, asked, 'no.');
    expect(await readFacts(db.pool, account, asked)).toMatchObject({
      state: 'REFUSED',
      events: ['REQUESTED AWAITING_REPLY', 'NO REFUSED'],
      isBlocked: true,
      notices: [`removal-request:${asked.requestId}:REFUSED`],
    });
    expect(await make(asked.msisdn)).toMatchObject({
      ok: false,
      reason: 'already-asked',
      request: { id: asked.requestId, state: 'REFUSED' },
    });
    // nor does a YES help now
    await say(db.pool, asked, 'YES');
    expect((await readFacts(db.pool, account, asked)).state).toBe('REFUSED');
  });

  test.each(['Stop', 'unsubscribe', 'opt out'])(
    '%s: the same as NO, in the words of the opt-out',
    async (text) => {
      const asked = await ask(db.pool, account);
      await say(db.pool, asked, text);
      expect(await readFacts(db.pool, account, asked)).toMatchObject({
        state: 'REFUSED',
        events: ['REQUESTED AWAITING_REPLY', 'OPT_OUT REFUSED'],
        optOutEvents: ['OPTED_OUT'],
        isBlocked: true,
      });
    },
  );

  test('YES of somebody on the national registry: the question leaves, the block is lifted, marketing stays blocked', async () => {
    const asked = await request(db.pool, account);
    await listOnRegistry(db.pool, [asked.msisdn]);
    const carrier = await dispatch(db.pool, account);
    expect(carrier.messages.map(({ kind }) => kind)).toContain('CONSENT');
    await say(db.pool, asked, 'YES');
    expect(await approve(account.id, asked.requestId)).toMatchObject({ ok: true, state: 'REMOVED' });
    const { rows: notices } = await db.pool.query<{ title: string; text: string }>(
      `select title, text from notice where account_id = $1 and event_key = $2`,
      [account.id, `removal-request:${asked.requestId}:REMOVED`],
    );
    expect(notices).toEqual([
      {
        title: expect.stringContaining('on the national registry'),
        text: expect.stringContaining('marketing to it stays blocked'),
      },
    ]);
    const send = (purpose: MessagePurpose) =>
      acceptMessages(db.pool, account.scope, {
        recipients: [asked.msisdn],
        text: 'Our spring sale',
        idempotencyKey: randomUUID(),
        purpose,
      });
    expect(await send('MARKETING')).toMatchObject({ queued: 0, recipients: [{ reason: registryReason }] });
    expect(await send('SERVICE')).toMatchObject({ queued: 1 });
    // the YES is no consent to marketing: it changes nothing where consent stands either
    await db.pool.query('update platform_setting set consent_stands = true');
    expect(await send('MARKETING')).toMatchObject({ queued: 0, recipients: [{ reason: registryReason }] });
    await db.pool.query('update platform_setting set consent_stands = false');
  });

  test('NO or Stop after YES, before anybody decided: refused', async () => {
    for (const text of ['NO', 'Stop']) {
      const asked = await consent(db.pool, account);
      await say(db.pool, asked, text);
      expect((await readFacts(db.pool, account, asked)).state).toBe('REFUSED');
      expect(await approve(account.id, asked.requestId)).toMatchObject({
        ok: false,
        reason: 'not-awaiting-approval',
        state: 'REFUSED',
      });
      expect((await readFacts(db.pool, account, asked)).isBlocked).toBe(true);
    }
  });

  test('silence: expired at its time and not before, told once; a YES that comes later is kept and changes nothing', async () => {
    const asked = await ask(db.pool, account);
    await expireRequests(db.pool, new Date(inAWeek.getTime() - 1));
    expect((await readFacts(db.pool, account, asked)).state).toBe('AWAITING_REPLY');
    await Promise.all([1, 2, 3].map(() => expireRequests(db.pool, inAWeek)));
    expect(await readFacts(db.pool, account, asked)).toMatchObject({
      state: 'EXPIRED',
      events: ['REQUESTED AWAITING_REPLY', 'EXPIRED EXPIRED'],
      notices: [`removal-request:${asked.requestId}:EXPIRED`],
      emails: [`removal-request:${asked.requestId}:EXPIRED`],
    });
    await say(db.pool, asked, 'YES', hoursAfter(inAWeek, 1));
    expect(await readFacts(db.pool, account, asked)).toMatchObject({ state: 'EXPIRED', isBlocked: true });
    const { rowCount } = await db.pool.query(`select from reply where account_id = $1 and text = 'YES'`, [
      account.id,
    ]);
    expect(rowCount).toBe(1);
  });

  test('a YES after its time, before the worker noticed, is kept beside the request and does not count', async () => {
    const asked = await ask(db.pool, account);
    await say(db.pool, asked, 'YES', hoursAfter(inAWeek, 1));
    expect(await readFacts(db.pool, account, asked)).toMatchObject({
      state: 'AWAITING_REPLY',
      events: ['REQUESTED AWAITING_REPLY', 'YES AWAITING_REPLY'],
    });
    await expireRequests(db.pool, hoursAfter(inAWeek, 2));
    expect((await readFacts(db.pool, account, asked)).state).toBe('EXPIRED');
  });

  test('rejected: the customer reads why', async () => {
    const asked = await consent(db.pool, account);
    const key = { accountId: account.id, requestId: asked.requestId };
    expect(await decideRequests(db.pool, staff, [key], { decision: 'reject', reason: '  ' })).toMatchObject([
      { ok: false, reason: 'no-reason' },
    ]);
    expect(
      await decideRequests(db.pool, staff, [key], {
        decision: 'reject',
        reason: 'The number has a new owner.',
      }),
    ).toMatchObject([{ ok: true, state: 'REJECTED' }]);
    expect(await readFacts(db.pool, account, asked)).toMatchObject({ state: 'REJECTED', isBlocked: true });
    const { rows } = await db.pool.query<{ text: string }>('select text from notice where account_id = $1', [
      account.id,
    ]);
    expect(rows[0]?.text).toContain('The number has a new owner.');
  });

  test('cancelled before the SMS left: it does not leave, and they may be asked later', async () => {
    const asked = await request(db.pool, account, evening);
    expect(await cancelRequest(db.pool, account.scope, asked.requestId)).toEqual({ ok: true });
    expect(await readFacts(db.pool, account, asked)).toMatchObject({
      state: 'CANCELLED',
      consent: null,
      notices: [],
    });
    expect((await dispatch(db.pool, account)).messages.map(({ text }) => text)).toEqual([
      expect.stringContaining('opted out'),
    ]);
    expect(await make(asked.msisdn)).toMatchObject({ ok: true });
    expect(await cancelRequest(db.pool, account.scope, asked.requestId)).toMatchObject({
      reason: 'too-late',
    });
  });

  test('cancelled after it left: they have been asked, and may not be asked again', async () => {
    for (const make_ of [ask, consent]) {
      const asked = await make_(db.pool, account);
      expect(await cancelRequest(db.pool, account.scope, asked.requestId)).toEqual({ ok: true });
      expect(await make(asked.msisdn)).toMatchObject({ reason: 'already-asked' });
      await say(db.pool, asked, 'YES');
      expect(await readFacts(db.pool, account, asked)).toMatchObject({ state: 'CANCELLED', isBlocked: true });
    }
  });
});

describe('what cannot be requested, and why', () => {
  test('a number that is not opted out, or of another account', async () => {
    const other = await createAccount(db.pool);
    const { msisdn } = await optOut(db.pool, other);
    expect(await make(nextMsisdn())).toMatchObject({ ok: false, reason: 'not-opted-out' });
    expect(await make(msisdn)).toMatchObject({ ok: false, reason: 'not-opted-out' });
  });

  test.each(['MANUAL', 'IMPORT', 'API'] as const)('an entry the account made itself: %s', async (kind) => {
    const msisdn = nextMsisdn();
    await createManualOptOut(db.pool, account, msisdn, kind);
    expect(await make(msisdn)).toMatchObject({ ok: false, reason: 'own-entry' });
  });

  test('an entry of the staff may be asked about', async () => {
    const msisdn = nextMsisdn();
    await createManualOptOut(db.pool, account, msisdn, 'STAFF');
    expect(await make(msisdn)).toMatchObject({ ok: true });
  });

  test('without the tick, or with what is no number, nothing is stored', async () => {
    const { msisdn } = await optOut(db.pool, account);
    expect(await make(msisdn, { permission: false })).toMatchObject({ reason: 'no-permission' });
    expect(await make('my friend')).toMatchObject({ reason: 'invalid-number' });
    const { rowCount } = await db.pool.query('select from removal_request where account_id = $1', [
      account.id,
    ]);
    expect(rowCount).toBe(0);
  });

  test('one that is open', async () => {
    const asked = await request(db.pool, account);
    expect(await make(asked.msisdn)).toMatchObject({
      ok: false,
      reason: 'already-open',
      request: { id: asked.requestId, state: 'AWAITING_REPLY' },
    });
  });

  test('by a trial, a number other than its own: it could not be written to', async () => {
    const own = nextMsisdn();
    const trial = await createAccount(db.pool, { trialMsisdn: own });
    const { msisdn } = await optOut(db.pool, trial);
    const refused = await make(msisdn, { by: trial });
    expect(refused).toMatchObject({ ok: false, reason: 'trial' });
    // before the form is sent, in the same words
    expect(await previewRequest(db.pool, trial.scope, msisdn)).toEqual(refused);
    const { rowCount } = await db.pool.query('select from removal_request where account_id = $1', [trial.id]);
    expect(rowCount).toBe(0);
    await optOut(db.pool, trial, own);
    expect(await make(own, { by: trial })).toMatchObject({ ok: true });
  });

  test('without a number to ask from', async () => {
    const { msisdn } = await optOut(db.pool, account);
    await db.pool.query('update sender_number set enabled = false where account_id = $1', [account.id]);
    expect(await make(msisdn)).toMatchObject({ reason: 'no-sender-number' });
  });
});

describe('the consent SMS', () => {
  test('keeps the permission, names the account, costs nothing, and waits for the next lawful minute', async () => {
    const asked = await request(db.pool, account, evening);
    const { rows } = await db.pool.query(
      `select message.text, cost, priority, kind, message.episode_id, next_attempt_at, expires_at, permission_text,
         permission_user_id, permission_at, permission_address
       from removal_request as request join message on message.account_id = request.account_id
         and message.id = consent_message_id
       where request.account_id = $1 and request.id = $2`,
      [account.id, asked.requestId],
    );
    const dueAt = atLawfulDay(1, '09:00:00');
    expect(rows).toMatchObject([
      {
        text: composeConsent({ name: account.name, consentText: null }),
        cost: 0,
        priority: 0,
        kind: 'CONSENT',
        episode_id: asked.episodeId,
        next_attempt_at: dueAt,
        expires_at: hoursAfter(dueAt, 7 * 24),
        permission_text: expect.stringContaining(account.name),
        permission_user_id: account.userId,
        permission_at: evening,
        permission_address: '203.0.113.7',
      },
    ]);
  });

  test.each([
    ['Friday 19:59:30', atLawfulDay(0, '19:59:30'), 1],
    ['Friday 19:59:55', atLawfulDay(0, '19:59:55'), 0],
    ['Friday 20:00:00', atLawfulDay(0, '20:00:00'), 0],
    ['Saturday 12:59:00', atLawfulDay(1, '12:59:00'), 1],
    ['Saturday 13:00:00', atLawfulDay(1, '13:00:00'), 0],
    ['Sunday 11:00:00', atLawfulDay(2, '11:00:00'), 0],
    ['New Year’s Day 11:00:00', new Date(`${lawful.getFullYear() + 1}-01-01T11:00:00+02:00`), 0],
    ['Friday 07:59:59', atLawfulDay(0, '07:59:59'), 0],
  ])('dispatched on %s, long since due', async (_, now, sent) => {
    const asked = await request(db.pool, account);
    const carrier = await dispatch(db.pool, account, now);
    expect(carrier.messages.filter(({ text }) => text.includes('YES'))).toHaveLength(sent);
    // the confirmation of the opt-out goes out at any hour
    expect(carrier.messages.filter(({ text }) => text.includes('opted out'))).toHaveLength(1);
    expect((await readFacts(db.pool, account, asked)).consent).toBe(sent === 1 ? 'SENT' : 'QUEUED');
  });

  test('is held to the hours and days that the staff have set', async () => {
    const settings = {
      ...(await readPlatformSettings(db.pool)),
      extraHolidays: [lawful.toISOString().slice(0, 10)],
    };
    const asked = await request(db.pool, account);
    expect(await savePlatformSettings(db.pool, staff, settings)).toEqual({ ok: true });
    expect((await dispatch(db.pool, account)).messages).toHaveLength(1);
    expect((await readFacts(db.pool, account, asked)).consent).toBe('QUEUED');
    await savePlatformSettings(db.pool, staff, { ...settings, extraHolidays: [] });
    expect((await dispatch(db.pool, account)).messages).toHaveLength(1);
    expect((await readFacts(db.pool, account, asked)).consent).toBe('SENT');
  });
});

describe('only an answer to the question counts', () => {
  test('not a YES before the SMS has left', async () => {
    const asked = await request(db.pool, account);
    await say(db.pool, asked, 'YES');
    expect(await readFacts(db.pool, account, asked)).toMatchObject({
      state: 'AWAITING_REPLY',
      events: ['REQUESTED AWAITING_REPLY'],
    });
  });

  test('not from another phone, nor to another number of the account', async () => {
    const asked = await ask(db.pool, account);
    const other = { msisdn: nextMsisdn(), senderNumber: asked.senderNumber };
    await createConversation(db.pool, account, other);
    await say(db.pool, other, 'YES');
    const secondNumber = await createSenderNumber(db.pool, { accountId: account.id });
    await say(db.pool, { msisdn: asked.msisdn, senderNumber: secondNumber }, 'YES');
    await say(db.pool, { msisdn: asked.msisdn, senderNumber: secondNumber }, 'NO');
    expect(await readFacts(db.pool, account, asked)).toMatchObject({
      state: 'AWAITING_REPLY',
      events: ['REQUESTED AWAITING_REPLY'],
    });
    // a new Stop counts wherever it goes
    await say(db.pool, { msisdn: asked.msisdn, senderNumber: secondNumber }, 'Stop');
    expect((await readFacts(db.pool, account, asked)).state).toBe('REFUSED');
  });

  test('anything else is kept beside the request; two YES are one', async () => {
    const asked = await ask(db.pool, account);
    await say(db.pool, asked, 'Yes please, who is this?');
    await say(db.pool, asked, 'yes');
    await say(db.pool, asked, 'YES');
    expect(await readFacts(db.pool, account, asked)).toMatchObject({
      state: 'AWAITING_APPROVAL',
      events: [
        'REQUESTED AWAITING_REPLY',
        'OTHER AWAITING_REPLY',
        'YES AWAITING_APPROVAL',
        'YES AWAITING_APPROVAL',
      ],
    });
  });

  test('the account’s own words for YES count, exactly', async () => {
    await db.pool.query(`update account set consent_words = '{ja,ewe}' where id = $1`, [account.id]);
    const [first, second] = [await ask(db.pool, account), await ask(db.pool, account)];
    await say(db.pool, first, 'Ja!');
    await say(db.pool, second, 'ja nee');
    expect((await readFacts(db.pool, account, first)).state).toBe('AWAITING_APPROVAL');
    expect((await readFacts(db.pool, account, second)).state).toBe('AWAITING_REPLY');
  });

  test('on a shared number a YES goes to who asked, also when another account has written since', async () => {
    const [one, other] = [
      await createAccount(db.pool, { sender: 'shared' }),
      await createAccount(db.pool, { sender: 'shared' }),
    ];
    const senderNumber = await createSenderNumber(db.pool);
    const msisdn = nextMsisdn();
    await createConversation(db.pool, one, { msisdn, senderNumber });
    await say(db.pool, { msisdn, senderNumber }, 'Stop');
    const made = await make(msisdn, { by: one });
    expect(made.ok).toBe(true);
    await dispatch(db.pool, one);
    await createConversation(db.pool, other, { msisdn, senderNumber });
    expect(await say(db.pool, { msisdn, senderNumber }, 'what is this?')).toMatchObject({
      accountIds: [other.id],
    });
    expect(await say(db.pool, { msisdn, senderNumber }, 'YES')).toMatchObject({ accountIds: [one.id] });
    const { rows } = await db.pool.query('select state from removal_request where account_id = $1', [one.id]);
    expect(rows).toEqual([{ state: 'AWAITING_APPROVAL' }]);
  });

  test('an exact YES lifts by itself when the staff have set so', async () => {
    const settings = await readPlatformSettings(db.pool);
    await savePlatformSettings(db.pool, staff, { ...settings, autoApprove: true });
    try {
      const asked = await consent(db.pool, account);
      expect(await readFacts(db.pool, account, asked)).toMatchObject({
        state: 'REMOVED',
        events: ['REQUESTED AWAITING_REPLY', 'YES REMOVED'],
        optOutEvents: ['OPTED_OUT', 'REMOVED'],
        isBlocked: false,
        emails: [`removal-request:${asked.requestId}:REMOVED`],
      });
    } finally {
      await savePlatformSettings(db.pool, staff, { ...settings, autoApprove: false });
    }
  });
});

describe('at the same moment', () => {
  test('ten requests for one number make one', async () => {
    const { msisdn } = await optOut(db.pool, account);
    const results = await Promise.all(Array.from({ length: 10 }, () => make(msisdn)));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(results.filter((result) => !result.ok && result.reason === 'already-open')).toHaveLength(9);
    const { rowCount } = await db.pool.query(
      `select from message where account_id = $1 and kind = 'CONSENT'`,
      [account.id],
    );
    expect(rowCount).toBe(1);
  });

  test('two members of staff: one decides', async () => {
    for (let round = 0; round < 5; round += 1) {
      const asked = await consent(db.pool, account);
      const colleague = await createStaff(db.pool);
      const key = { accountId: account.id, requestId: asked.requestId };
      const results = await Promise.all([
        decideRequests(db.pool, staff, [key], { decision: 'approve' }),
        decideRequests(db.pool, colleague, [key], { decision: 'reject', reason: 'No.' }),
        decideRequests(db.pool, colleague, [key], { decision: 'approve' }),
      ]);
      expect(results.flat().filter(({ ok }) => ok)).toHaveLength(1);
      const facts = await readFacts(db.pool, account, asked);
      expect(facts.isBlocked).toBe(facts.state === 'REJECTED');
      expect(facts.emails).toHaveLength(1);
      expect(facts.events).toHaveLength(3);
      const { rowCount } = await db.pool.query(
        `select from audit_entry where details ->> 'requestId' = $1 and target_account_id = $2`,
        [asked.requestId, account.id],
      );
      expect(rowCount).toBe(1);
    }
  });

  test('YES and cancel: one of them', async () => {
    for (let round = 0; round < 5; round += 1) {
      const asked = await ask(db.pool, account);
      await Promise.all([say(db.pool, asked, 'YES'), cancelRequest(db.pool, account.scope, asked.requestId)]);
      const facts = await readFacts(db.pool, account, asked);
      expect(facts.state).toBe('CANCELLED');
      expect(facts.isBlocked).toBe(true);
      expect([2, 3]).toContain(facts.events.length);
    }
  });

  test('approval and a new Stop: blocked in the end, whichever was first', async () => {
    for (let round = 0; round < 5; round += 1) {
      const asked = await consent(db.pool, account);
      await Promise.all([say(db.pool, asked, 'Stop'), approve(account.id, asked.requestId)]);
      const facts = await readFacts(db.pool, account, asked);
      expect(facts.isBlocked).toBe(true);
      expect(facts.optOutEvents).toEqual(
        facts.state === 'REMOVED' ? ['OPTED_OUT', 'REMOVED', 'OPTED_OUT'] : ['OPTED_OUT'],
      );
    }
  });

  test('YES twice, and YES with NO, in one batch: in their order', async () => {
    const [twice, changed] = [await ask(db.pool, account), await ask(db.pool, account)];
    const reply = (asked: typeof twice, text: string) =>
      composeReply({
        from: asked.msisdn,
        to: asked.senderNumber,
        text,
        receivedAt: hoursAfter(lawful, 1),
      });
    await receiveReplies(db.pool, [
      reply(twice, 'YES'),
      reply(changed, 'YES'),
      reply(twice, 'YES'),
      reply(changed, 'NO'),
    ]);
    expect(await readFacts(db.pool, account, twice)).toMatchObject({
      state: 'AWAITING_APPROVAL',
      events: ['REQUESTED AWAITING_REPLY', 'YES AWAITING_APPROVAL', 'YES AWAITING_APPROVAL'],
    });
    expect(await readFacts(db.pool, account, changed)).toMatchObject({
      state: 'REFUSED',
      events: ['REQUESTED AWAITING_REPLY', 'YES AWAITING_APPROVAL', 'NO REFUSED'],
    });
  });
});

test('many are decided at once, and each is told its own result', async () => {
  const [ready, early] = [await consent(db.pool, account), await ask(db.pool, account)];
  const other = await createAccount(db.pool);
  const theirs = await consent(db.pool, other);
  const results = await decideRequests(
    db.pool,
    staff,
    [
      { accountId: account.id, requestId: early.requestId },
      { accountId: account.id, requestId: ready.requestId },
      // another account's request under this account's number
      { accountId: account.id, requestId: theirs.requestId },
      { accountId: other.id, requestId: theirs.requestId },
      { accountId: other.id, requestId: 'x' },
    ],
    { decision: 'approve' },
  );
  expect(results.map((result) => (result.ok ? result.state : result.reason))).toEqual([
    'not-awaiting-approval',
    'REMOVED',
    'not-found',
    'REMOVED',
    'not-found',
  ]);
});

test('three at once take the same statements as one, decided or answered', async () => {
  const watch = async (prepare: () => Promise<Asked>, work: (requests: Asked[]) => Promise<unknown>) => {
    const one = [await prepare()];
    const three = [await prepare(), await prepare(), await prepare()];
    const statements = await watchStatements(() => work(one));
    expect(statements.some((text) => text.includes('add_jobs'))).toBe(true);
    expect(await watchStatements(() => work(three))).toEqual(statements);
    const facts = await Promise.all([...one, ...three].map((asked) => readFacts(db.pool, account, asked)));
    expect(new Set(facts.map(({ state, emails }) => `${state} ${emails.length}`)).size).toBe(1);
    expect(facts[0]?.emails).toHaveLength(1);
  };
  await watch(
    () => consent(db.pool, account),
    (requests) =>
      decideRequests(
        db.pool,
        staff,
        requests.map(({ requestId }) => ({ accountId: account.id, requestId })),
        { decision: 'approve' },
      ),
  );
  await watch(
    () => ask(db.pool, account),
    (requests) =>
      receiveReplies(
        db.pool,
        requests.map(({ msisdn, senderNumber }) =>
          composeReply({ from: msisdn, to: senderNumber, text: 'NO', receivedAt: hoursAfter(lawful, 1) }),
        ),
      ),
  );
});

test('another account cannot cancel it, and learns nothing of it', async () => {
  const asked = await request(db.pool, account);
  const stranger = await createAccount(db.pool);
  expect(await cancelRequest(db.pool, stranger.scope, asked.requestId)).toMatchObject({
    reason: 'not-found',
  });
  expect((await readFacts(db.pool, account, asked)).state).toBe('AWAITING_REPLY');
});

test('a block that begins while its removal is being requested is held all the same', async () => {
  const msisdn = nextMsisdn();
  let isHeld: boolean | undefined;
  const probe = async () => {
    isHeld = await db.pool
      .query('select from opt_out where account_id = $1 and msisdn = $2 for update nowait', [
        account.id,
        msisdn,
      ])
      .then(
        () => false,
        (error: { code?: string }) => error.code === '55P03',
      );
  };
  doAfterStatement(/from opt_out .* for update/, async () => {
    await optOut(db.pool, account, msisdn);
    doAfterStatement(/insert into removal_request \(/, probe);
  });
  expect(await make(msisdn)).toMatchObject({ ok: true });
  expect(isHeld).toBe(true);
});
