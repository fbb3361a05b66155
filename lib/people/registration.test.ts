import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { formatAccountNumber } from '@/lib/auth/account-number';
import { mintAccountScope } from '@/lib/auth/scope';
import { checkSignIn } from '@/lib/auth/sign-in';
import { acceptMessages } from '@/lib/messages/commands';
import { trialReason } from '@/lib/opt-outs/gate';
import { receiveReplies } from '@/lib/replies/commands';
import { readSenderNumber } from '@/lib/sms/sender-number';
import { composeReply, createAccount, createSenderNumber, createUser, nextMsisdn } from '@/testing/factories';
import { runDueJobs } from '@/testing/jobs';
import { ledgerOf, readLedger } from '@/testing/ledger';
import { MemoryMail } from '@/testing/memory-mail';
import { listSubjects, otherThan, readToken, takeCode, takeServiceSms } from '@/testing/people';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { watchStatements } from '@/testing/watch-statements';
import {
  confirmRegistration,
  finishRegistration,
  isRegistrationOpen,
  pruneRegistrations,
  readConfirmedRegistration,
  readRegistrationLink,
  register,
  registrationForm,
  sendRegistrationCode,
  typedCode,
} from './registration';

let db: TestDatabase;
let mail: MemoryMail;
beforeAll(async () => {
  db = await createTestDatabase();
  expect(await isRegistrationOpen(db.pool)).toBe(false);
  await createSenderNumber(db.pool);
  expect(await isRegistrationOpen(db.pool)).toBe(true);
});
beforeEach(() => {
  mail = new MemoryMail();
});
afterAll(() => db.close());

const now = new Date();
const after = (seconds: number) => new Date(now.getTime() + seconds * 1000);
const nowhere = { address: null };
/** By the database’s clock, an e-mail that was queued just now is due. */
const soon = () => new Date(Date.now() + 60_000);

let serial = 0;
function compose(change: Partial<Record<string, string>> = {}) {
  const id = (serial += 1);
  return {
    company: `Umhlanga Florist ${id}`,
    name: 'Nomsa Zwane',
    email: `nomsa-${id}@florist.example`,
    number: `0${nextMsisdn().slice(2)}`,
    username: `nomsa-${id}`,
    password: 'proteas and tulips',
    website: '',
    ...change,
  };
}
type Typed = ReturnType<typeof compose>;
const msisdnOf = ({ number }: Typed) => `27${number.slice(1)}`;

/** The tickets of the browsers that sent forms, by the address in it. */
const tickets = new Map<string, string>();
/** Sends the form as its action does, and keeps the ticket as its browser does. */
async function send(typed: Typed, address: string | null = null, at = now) {
  const result = await register(db.pool, registrationForm.parse(typed), { address }, at);
  if (!result.ok) return result;
  const { ticket, ...rest } = result;
  expect(ticket).toMatch(/^[0-9a-f-]{36}\.[\w-]{43}$/);
  tickets.set(typed.email, ticket);
  return rest;
}
async function sendAndOpen(typed: Typed): Promise<void> {
  expect(await send(typed)).toEqual({ ok: true });
  await runDueJobs(db.pool, soon(), mail);
}
async function confirm(typed: Typed): Promise<string> {
  const ticket = tickets.get(typed.email);
  const confirmed = await confirmRegistration(db.pool, readToken(mail, typed.email), ticket, now);
  if (!confirmed.ok) throw new Error(confirmed.message);
  return confirmed.ticket;
}
/** Up to the code. */
async function begin(typed: Typed): Promise<{ ticket: string; code: string }> {
  await sendAndOpen(typed);
  const ticket = await confirm(typed);
  return { ticket, code: await takeCode(db.pool, msisdnOf(typed)) };
}
const finish = (ticket: string, code: string, username: string, at = now, password = '') =>
  finishRegistration(db.pool, ticket, { code, username, password }, nowhere, at);

test('from the form to the first SMS of the account', async () => {
  const typed = compose();
  await sendAndOpen(typed);
  expect(listSubjects(mail, typed.email)).toEqual(['Confirm your e-mail address for the Client Zone']);
  const token = readToken(mail, typed.email);
  for (let n = 0; n < 3; n++) {
    expect(await readRegistrationLink(db.pool, token, now)).toEqual({ ok: true, email: typed.email });
  }
  const ticket = await confirm(typed);
  expect(await readConfirmedRegistration(db.pool, ticket, now)).toEqual({
    company: typed.company,
    email: typed.email,
    msisdn: msisdnOf(typed),
    username: typed.username,
    isUsernameTaken: false,
    needsPassword: false,
    waitSeconds: 60,
  });
  const code = await takeCode(db.pool, msisdnOf(typed));
  const before = await db.pool.query<{ max: number }>('select max(id) from account');
  const opened = await finish(ticket, code, typed.username.toUpperCase());
  if (!opened.ok) throw new Error(opened.message);
  const { accountId, userId } = opened;
  expect(accountId).toBe(Math.max((before.rows[0]?.max ?? 0) + 1, 10_001));
  expect(await readLedger(db.pool, accountId)).toEqual(ledgerOf(10));
  const { rows: entries } = await db.pool.query('select note from credit_entry where account_id = $1', [
    accountId,
  ]);
  expect(entries).toEqual([{ note: 'Credits of the trial' }]);
  const { rows } = await db.pool.query(
    `select account.name, owner_email, trial_msisdn, confirmation_text, username, email, own_msisdn, portal_user.name as person
     from account join membership on membership.account_id = account.id join portal_user on portal_user.id = user_id where account.id = $1`,
    [accountId],
  );
  expect(rows).toEqual([
    {
      name: typed.company,
      owner_email: typed.email,
      trial_msisdn: msisdnOf(typed),
      confirmation_text: null,
      username: typed.username,
      email: typed.email,
      own_msisdn: msisdnOf(typed),
      person: 'Nomsa Zwane',
    },
  ]);
  const signedIn = await checkSignIn(
    db.pool,
    { username: typed.username, password: typed.password },
    { address: null, deviceId: null },
  );
  expect(signedIn).toMatchObject({ ok: true, userId });
  await runDueJobs(db.pool, soon(), mail);
  expect(listSubjects(mail, typed.email).at(-1)).toBe(
    `Welcome to the Client Zone: your account is ${formatAccountNumber(accountId)}`,
  );
  const activity = await db.pool.query('select kind, user_id from activity where account_id = $1', [
    accountId,
  ]);
  expect(activity.rows).toEqual([{ kind: 'account.register', user_id: userId }]);

  const sent = await acceptMessages(db.pool, mintAccountScope(accountId, { userId }), {
    recipients: [typed.number, nextMsisdn()],
    text: 'The tulips are in',
    idempotencyKey: crypto.randomUUID(),
  });
  expect(sent).toMatchObject({ ok: true, queued: 1, blocked: 1 });
  expect(sent.ok && sent.recipients[1]?.reason).toBe(trialReason);
  // it is over: neither the ticket nor the link opens a second one
  expect(await finish(ticket, code, typed.username)).toMatchObject({ ok: false, reason: 'no-registration' });
  expect(await readConfirmedRegistration(db.pool, ticket, now)).toBeNull();
});

describe('what is typed', () => {
  test.each([
    [{ company: ' ' }, 'company'],
    [{ company: 'x'.repeat(61) }, 'company'],
    [{ name: '' }, 'name'],
    [{ email: 'nomsa' }, 'email'],
    [{ email: `${'x'.repeat(250)}@x.example` }, 'email'],
    [{ number: '011 555 1234' }, 'number'],
    [{ number: '' }, 'number'],
    [{ username: 'no' }, 'username'],
    [{ username: 'nomsa zwane' }, 'username'],
    [{ username: '-nomsa' }, 'username'],
    [{ password: '' }, 'password'],
    [{ password: 'nine long' }, 'password'],
    [{ password: 'x'.repeat(201) }, 'password'],
  ])('%j is refused at its field', (change, field) => {
    const parsed = registrationForm.safeParse(compose(change));
    expect(parsed.error?.issues.map(({ path }) => path[0])).toEqual([field]);
  });

  test('whatever is missing is told together', () => {
    const nothing = { company: '', name: '', email: '', number: '', username: '', password: '', website: '' };
    const fields = registrationForm.safeParse(nothing).error?.issues.map(({ path }) => path[0]);
    expect(new Set(fields)).toEqual(new Set(['company', 'name', 'email', 'number', 'username', 'password']));
  });

  test('an empty field is no try of a code', () => {
    expect(typedCode.safeParse(' ').error?.issues[0]?.message).toBe('Enter the code of the SMS.');
    expect(typedCode.parse('123 456')).toBe('123 456');
  });

  test('a password that is known, or known of its owner, is refused, and nothing is kept', async () => {
    const count = async () => (await db.pool.query('select from registration')).rowCount;
    const before = await count();
    for (const password of ['P@ssw0rd2024', 'Umhlanga-Florist']) {
      const typed = compose({ password, company: 'Umhlanga Florist' });
      expect(await send(typed)).toMatchObject({
        ok: false,
        fields: { password: expect.any(String) as string },
      });
    }
    expect(await count()).toBe(before);
  });

  test('a company named like a formula is a name like any other, in one line', () => {
    const parsed = registrationForm.parse(compose({ company: '=HYPERLINK("http://x")\u0000\r\n\u202eLtd' }));
    expect(parsed.company).toBe('=HYPERLINK("http://x") Ltd');
  });
});

describe('the link', () => {
  test('pressed twice leads the same browser on, and no other', async () => {
    const typed = compose();
    await sendAndOpen(typed);
    const token = readToken(mail, typed.email);
    const ticket = await confirm(typed);
    expect(await confirmRegistration(db.pool, token, ticket, now)).toEqual({ ok: true, ticket });
    for (const other of [undefined, 'x', `${ticket.split('.')[0]}.${'A'.repeat(43)}`]) {
      expect(await confirmRegistration(db.pool, token, other, now)).toMatchObject({
        ok: false,
        reason: 'used',
      });
    }
    // one SMS, however often it is pressed
    expect(await takeServiceSms(db.pool, msisdnOf(typed))).toHaveLength(1);
  });

  test('after its time leads nowhere', async () => {
    const typed = compose();
    await sendAndOpen(typed);
    const token = readToken(mail, typed.email);
    const late = after(1801);
    expect(await readRegistrationLink(db.pool, token, late)).toMatchObject({
      ok: false,
      message: expect.stringContaining('expired') as string,
    });
    expect(await confirmRegistration(db.pool, token, undefined, late)).toMatchObject({ ok: false });
    expect(await takeServiceSms(db.pool, msisdnOf(typed))).toEqual([]);
  });
});

describe('the link, in another browser than the form', () => {
  test.each([
    ['without a ticket', () => undefined],
    [
      'with the ticket of another form',
      async () => {
        const other = compose();
        await send(other);
        return tickets.get(other.email);
      },
    ],
    ['with a made-up one', (own: string) => `${own.split('.')[0]}.${'A'.repeat(43)}`],
  ])('leads on, and the password of the form does not count: %s', async (_, findTicket) => {
    const typed = compose();
    await sendAndOpen(typed);
    const own = tickets.get(typed.email) as string;
    const confirmed = await confirmRegistration(
      db.pool,
      readToken(mail, typed.email),
      await findTicket(own),
      now,
    );
    if (!confirmed.ok) throw new Error(confirmed.message);
    const { ticket } = confirmed;
    // the browser that sent the form goes on no more
    expect(await readConfirmedRegistration(db.pool, own, now)).toBeNull();
    expect(await readConfirmedRegistration(db.pool, ticket, now)).toMatchObject({ needsPassword: true });
    const code = await takeCode(db.pool, msisdnOf(typed));
    for (const password of ['', 'short', 'P@ssw0rd2024', typed.username]) {
      expect(await finish(ticket, code, typed.username, now, password)).toMatchObject({
        ok: false,
        fields: { password: expect.any(String) as string },
      });
    }
    const chosen = 'a kiln full of tulips';
    expect(await finish(ticket, code, typed.username, now, chosen)).toMatchObject({ ok: true });
    const device = { address: null, deviceId: null };
    const signIn = (password: string) => checkSignIn(db.pool, { username: typed.username, password }, device);
    expect(await signIn(typed.password)).toMatchObject({ ok: false });
    expect(await signIn(chosen)).toMatchObject({ ok: true });
  });

  test('does not open the account with the code alone, before its address is confirmed', async () => {
    const typed = compose();
    await sendAndOpen(typed);
    const own = tickets.get(typed.email) as string;
    expect(await readConfirmedRegistration(db.pool, own, now)).toBeNull();
    expect(await sendRegistrationCode(db.pool, own, null, now)).toMatchObject({ reason: 'no-registration' });
    expect(await finish(own, '000000', typed.username)).toMatchObject({ reason: 'no-registration' });
  });
});

describe('of several forms with one address', () => {
  test('the newest counts: its link ends those before it, and no other', async () => {
    const [one, other] = [compose(), compose()];
    const newer = compose({ email: one.email.toUpperCase() });
    await sendAndOpen(one);
    await sendAndOpen(other);
    const older = readToken(mail, one.email);
    expect(await send(newer, null, after(60))).toEqual({ ok: true });
    await runDueJobs(db.pool, soon(), mail);
    const replaced = { ok: false, reason: 'replaced' };
    expect(await readRegistrationLink(db.pool, older, after(61))).toMatchObject(replaced);
    expect(await confirmRegistration(db.pool, older, tickets.get(one.email), after(61))).toMatchObject(
      replaced,
    );
    for (const { email } of [newer, other]) {
      const token = readToken(mail, email);
      expect(await confirmRegistration(db.pool, token, tickets.get(email), after(62))).toMatchObject({
        ok: true,
      });
    }
  });

  test('one whose job comes late gets no link beside the newer one', async () => {
    const [older, newer] = [compose(), compose()];
    newer.email = older.email;
    expect(await send(older, null, after(-60))).toEqual({ ok: true });
    expect(await send(newer)).toEqual({ ok: true });
    await runDueJobs(db.pool, soon(), mail);
    expect(listSubjects(mail, older.email)).toHaveLength(1);
    const { rows } = await db.pool.query(
      `select company from registration join one_time_secret on subject = 'registration:' || registration.id
       where email = $1 and replaced_at is null`,
      [older.email],
    );
    expect(rows).toEqual([{ company: newer.company }]);
  });

  test('who has confirmed the address already goes on', async () => {
    const typed = compose();
    const { ticket, code } = await begin(typed);
    await sendAndOpen({ ...compose(), email: typed.email });
    expect(await finish(ticket, code, typed.username)).toMatchObject({ ok: true });
  });
});

describe('the code', () => {
  test('wrong ones are refused, and after five the right one as well; a new one comes after a minute', async () => {
    const typed = compose();
    const { ticket, code } = await begin(typed);
    for (let n = 0; n < 5; n++) {
      expect(await finish(ticket, otherThan(code), typed.username)).toMatchObject({
        ok: false,
        fields: { code: expect.any(String) as string },
      });
    }
    expect(await finish(ticket, code, typed.username)).toMatchObject({ ok: false });
    expect(await sendRegistrationCode(db.pool, ticket, null, after(30))).toMatchObject({
      reason: 'too-soon',
    });
    expect(await sendRegistrationCode(db.pool, ticket, null, after(60))).toEqual({
      ok: true,
      waitSeconds: 60,
    });
    const next = await takeCode(db.pool, msisdnOf(typed));
    expect(await finish(ticket, next, typed.username, after(61))).toMatchObject({ ok: true });
  });

  test('goes to another number when the first was wrong; that one is the account’s', async () => {
    const typed = compose();
    const { ticket, code } = await begin(typed);
    const right = nextMsisdn();
    expect(await sendRegistrationCode(db.pool, ticket, right, after(61))).toMatchObject({ ok: true });
    expect(await finish(ticket, code, typed.username, after(62))).toMatchObject({ ok: false });
    const opened = await finish(ticket, await takeCode(db.pool, right), typed.username, after(62));
    expect(opened).toMatchObject({ ok: true });
    const { rows } = await db.pool.query('select trial_msisdn from account where id = $1', [
      opened.ok && opened.accountId,
    ]);
    expect(rows).toEqual([{ trial_msisdn: right }]);
  });

  test('goes to so many numbers a day and no more, each of which is paid for', async () => {
    const { ticket } = await begin(compose());
    for (let sent = 1; sent < 10; sent++) {
      expect(await sendRegistrationCode(db.pool, ticket, nextMsisdn(), after(61 * sent))).toMatchObject({
        ok: true,
      });
    }
    const refused = nextMsisdn();
    expect(await sendRegistrationCode(db.pool, ticket, refused, after(610))).toMatchObject({
      reason: 'throttled',
    });
    const messages = await db.pool.query('select from message where msisdn = $1', [refused]);
    expect(messages.rowCount).toBe(0);
    // another registration sends its own
    await begin(compose());
  });

  test('is not kept in the message that carries it', async () => {
    const typed = compose();
    const { code } = await begin(typed);
    const { rows } = await db.pool.query<{ text: string; kind: string; cost: number }>(
      `select message.text, kind, cost from message where account_id = 1 and msisdn = $1`,
      [msisdnOf(typed)],
    );
    expect(rows).toMatchObject([
      { text: expect.stringMatching(/^\*{6} is your/) as string, kind: 'SERVICE', cost: 0 },
    ]);
    expect(rows[0]?.text).not.toContain(code);
  });

  test('goes to nobody who has replied STOP to one', async () => {
    const typed = compose();
    await begin(typed);
    const { rows } = await db.pool.query<{ sender_number: string }>(
      'select sender_number from message where account_id = 1 and msisdn = $1',
      [msisdnOf(typed)],
    );
    const to = readSenderNumber(rows[0]?.sender_number ?? '');
    await receiveReplies(db.pool, [composeReply({ from: msisdnOf(typed), to, text: 'Stop' })]);
    await takeServiceSms(db.pool, msisdnOf(typed)); // the confirmation
    const again = compose({ number: typed.number });
    await sendAndOpen(again);
    await confirm(again);
    expect(await takeServiceSms(db.pool, msisdnOf(typed))).toEqual([]);
    const blocked = await db.pool.query(
      `select from message where account_id = 1 and msisdn = $1 and kind = 'SERVICE' and status = 'BLOCKED'`,
      [msisdnOf(typed)],
    );
    expect(blocked.rowCount).toBe(1);
  });
});

describe('two at the same moment', () => {
  test('with one username: one gets it, the other chooses another and goes on with the same code', async () => {
    const [one, other] = [compose({ username: 'florist' }), compose({ username: 'Florist' })];
    const [first, second] = [await begin(one), await begin(other)];
    const results = await Promise.all([
      finish(first.ticket, first.code, 'florist'),
      finish(second.ticket, second.code, 'florist'),
    ]);
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    const loser = results[0].ok ? second : first;
    expect(results.find(({ ok }) => !ok)).toMatchObject({
      fields: { username: '“florist” is taken. Choose another username.' },
    });
    expect(await readConfirmedRegistration(db.pool, loser.ticket, now)).toMatchObject({
      isUsernameTaken: true,
    });
    expect(await finish(loser.ticket, loser.code, 'florist-2')).toMatchObject({ ok: true });
    const ids = await db.pool.query(
      `select account_id from membership join portal_user on portal_user.id = user_id where username like 'florist%'`,
    );
    expect(new Set(ids.rows.map((row: { account_id: number }) => row.account_id)).size).toBe(2);
  });

  test('with one address, or one press made twice: one account', async () => {
    const one = compose();
    const other = compose({ email: one.email.toUpperCase() });
    const [first, second] = [await begin(one), await begin(other)];
    const results = await Promise.all([
      finish(first.ticket, first.code, one.username),
      finish(first.ticket, first.code, one.username),
      finish(second.ticket, second.code, other.username),
    ]);
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    const { rows } = await db.pool.query('select from portal_user where lower(email) = lower($1)', [
      one.email,
    ]);
    expect(rows).toHaveLength(1);
  });
});

describe('tells nobody who has an account', () => {
  test('the same answer by the same statements, whether address, number or username are known', async () => {
    const account = await createAccount(db.pool);
    const msisdn = nextMsisdn();
    await createUser(db.pool, {
      username: 'known-one',
      email: 'known@example.com',
      msisdn,
      accountId: account.id,
    });
    const forms = [
      compose(),
      compose({ email: 'Known@Example.com' }),
      compose({ number: `0${msisdn.slice(2)}` }),
      compose({ username: 'known-one' }),
    ];
    const seen: string[][] = [];
    for (const form of forms) {
      seen.push(
        await watchStatements(async () => {
          expect(await send(form)).toEqual({ ok: true });
        }),
      );
    }
    expect(seen[0]?.filter((text) => text.includes('insert into registration'))).toHaveLength(1);
    expect(new Set(seen.map((statements) => statements.join('\n'))).size).toBe(1);

    await runDueJobs(db.pool, soon(), mail);
    const link = 'Confirm your e-mail address for the Client Zone';
    expect(listSubjects(mail, forms[0]?.email ?? '')).toEqual([link]);
    // of a known address, or number, whoever has it is told; the form's own address gets its link all the
    // same
    expect(listSubjects(mail, 'known@example.com').sort()).toEqual([
      'You already have a Client Zone account',
      'Your cell number was entered for a new Client Zone account',
    ]);
    expect(listSubjects(mail, forms[2]?.email ?? '')).toEqual([link]);
    expect(listSubjects(mail, forms[3]?.email ?? '')).toEqual([link]);
    // and who shows that the number is theirs is told on the page
    const ticket = await confirm(forms[2] as Typed);
    const result = await finish(ticket, await takeCode(db.pool, msisdn), 'somebody-new');
    expect(result).toMatchObject({ ok: false, reason: 'already' });
  });

  test('a program that fills in the hidden field is thanked like everybody, and nothing is kept', async () => {
    const typed = compose({ website: 'https://spam.example' });
    expect(await send(typed)).toEqual({ ok: true });
    await runDueJobs(db.pool, soon(), mail);
    expect(mail.taken).toEqual([]);
    expect((await db.pool.query('select from registration where email = $1', [typed.email])).rowCount).toBe(
      0,
    );
  });
});

describe('is held back', () => {
  test('by address and number, as typed', async () => {
    const typed = compose();
    for (let n = 0; n < 3; n++) expect(await send(typed)).toEqual({ ok: true });
    expect(await send(compose({ email: typed.email }))).toMatchObject({ reason: 'throttled' });
    expect(await send(compose({ number: typed.number }))).toMatchObject({ reason: 'throttled' });
    expect(await send(compose())).toEqual({ ok: true });
  });

  test('by where from, and by the network around it', async () => {
    for (let n = 0; n < 10; n++) expect(await send(compose(), '198.51.100.7')).toEqual({ ok: true });
    expect(await send(compose(), '198.51.100.7')).toMatchObject({ reason: 'throttled' });
    for (let n = 0; n < 20; n++) expect(await send(compose(), `198.51.100.${20 + n}`)).toEqual({ ok: true });
    expect(await send(compose(), '198.51.100.99')).toMatchObject({ reason: 'throttled' });
    expect(await send(compose(), '198.51.101.99')).toEqual({ ok: true });
  });

  test('by the SMSs to one number', async () => {
    const typed = compose();
    const { ticket } = await begin(typed);
    for (let n = 1; n < 5; n++) {
      expect(await sendRegistrationCode(db.pool, ticket, null, after(60 * n))).toMatchObject({ ok: true });
    }
    expect(await sendRegistrationCode(db.pool, ticket, null, after(300))).toMatchObject({
      reason: 'throttled',
    });
  });
});

test('what was typed is forgotten after a day', async () => {
  const typed = compose();
  const { ticket } = await begin(typed);
  expect(await readConfirmedRegistration(db.pool, ticket, after(86_400))).toBeNull();
  await pruneRegistrations(db.pool, after(86_399));
  expect((await db.pool.query('select from registration where email = $1', [typed.email])).rowCount).toBe(1);
  await pruneRegistrations(db.pool, after(86_401));
  expect((await db.pool.query('select from registration where email = $1', [typed.email])).rowCount).toBe(0);
});
