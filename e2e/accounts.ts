import type { APIRequestContext } from '@playwright/test';
import type { Pool } from 'pg';
import { addSenderNumbers, addUsers, openAccounts } from '@/lib/accounts/open-accounts';
import { hashPassword } from '@/lib/auth/password';
import type { MemberRole, MessagePurpose, StaffRole } from '@/lib/db/generated/enums';
import { createKey, scheduleMessages } from './api-keys';
import { createWebhook } from './webhooks';

/** Someone who can sign in. */
export interface Person {
  username: string;
  password: string;
}

export interface TestAccount extends Person {
  id: number;
  /** "W58324" */
  number: string;
  name: string;
  /** Its own, so that no other test's conversations matter. */
  senderNumber: string;
}

/** Of everybody the tests make. */
export const testPassword = 'a-password-for-tests';
const password = testPassword;
let passwordHash: Promise<string> | undefined;

/**
 * A whole number nobody else has, in another process or an earlier run on the same database neither: from a
 * sequence, in which gaps do no harm.
 */
export async function nextSerial(database: Pool): Promise<number> {
  const { rows } = await database.query<{ serial: string }>(
    `select nextval(pg_get_serial_sequence('unowned_reply', 'id')) as serial`,
  );
  return Number(rows[0]?.serial);
}

/** A South African mobile number that nobody else has; the demo's numbers look different. */
export async function nextMsisdn(database: Pool): Promise<string> {
  return `2771${String(await nextSerial(database)).padStart(7, '0')}`;
}

/** "0710000123", as people of the country type it. */
export function toNationalForm(msisdn: string): string {
  return `0${msisdn.slice(2)}`;
}

/** A customer's account with credits, a sender number and one user, and nothing sent yet. */
export async function createAccount(
  database: Pool,
  options: {
    credits?: number;
    trialMsisdn?: string;
    parentAccountId?: number;
    /** Service unless told: tests run at any hour of any day, and marketing leaves at some of them alone. */
    defaultPurpose?: MessagePurpose;
  } = {},
): Promise<TestAccount> {
  // Below those of the demo: the program gives the number after the highest to whoever registers meanwhile.
  const id = 57_000 - (await nextSerial(database));
  const account = {
    id,
    number: `W${id}`,
    name: `Umhlanga Florist ${id}`,
    senderNumber: String(27_650_000_000 + id),
    username: `florist-${id}`,
    password,
  };
  await openAccounts(database, [
    {
      id,
      name: account.name,
      ownerEmail: `${account.username}@florist.example`,
      credits: options.credits ?? 1000,
      trialMsisdn: options.trialMsisdn,
      parentAccountId: options.parentAccountId,
      defaultPurpose: options.defaultPurpose ?? 'SERVICE',
    },
  ]);
  await addSenderNumbers(database, [{ number: account.senderNumber, kind: 'LONG_CODE', accountId: id }]);
  await createUser(database, account.username, id);
  return account;
}

/** Another user of the account. */
export async function createColleague(
  database: Pool,
  { id }: TestAccount,
  role: MemberRole = 'ADMINISTRATOR',
): Promise<Person> {
  const username = `colleague-${await nextSerial(database)}`;
  await createUser(database, username, id, { role });
  return { username, password };
}

/** A member of the provider's staff. */
export async function createStaff(database: Pool, staffRole: StaffRole = 'ADMINISTRATOR'): Promise<Person> {
  const username = `staff-${await nextSerial(database)}`;
  await createUser(database, username, null, { staffRole });
  return { username, password };
}

/** Somebody who belongs to no account. */
export async function createOutsider(database: Pool): Promise<Person> {
  const username = `outsider-${await nextSerial(database)}`;
  await createUser(database, username, null, { staffRole: null });
  return { username, password };
}

async function createUser(
  database: Pool,
  username: string,
  accountId: number | null,
  as: { role?: MemberRole; staffRole?: StaffRole | null } = {},
): Promise<void> {
  passwordHash ??= hashPassword(password);
  await addUsers(database, [
    {
      username,
      email: `${username}@florist.example`,
      name: 'Nomsa Zwane',
      passwordHash: await passwordHash,
      accountId,
      ...as,
    },
  ]);
}

/**
 * Messages of an account, delivered, one to each recipient; the last is the newest. A reply to one finds its
 * way back.
 */
export async function createMessages(
  database: Pool,
  account: TestAccount,
  messages: readonly { msisdn: string; text: string }[],
): Promise<void> {
  await database.query(
    `with sent as (
       insert into message (account_id, msisdn, sender_number, text, segments, cost, status, created_at, sent_at, finished_at)
       select $1, msisdn, $2, text, 1, 1, 'DELIVERED', at, at + interval '1 second', at + interval '2 seconds'
       from unnest($3::text[], $4::text[]) with ordinality as given (msisdn, text, position),
         lateral (select now() - interval '1 hour' + position * interval '1 second' as at) as time
       order by position
       returning msisdn, id, created_at
     )
     insert into conversation (msisdn, sender_number, account_id, last_message_at, last_message_id)
     select distinct on (msisdn) msisdn, $2, $1, created_at, id from sent order by msisdn, id desc`,
    [
      account.id,
      account.senderNumber,
      messages.map(({ msisdn }) => msisdn),
      messages.map(({ text }) => text),
    ],
  );
}

/**
 * An account whose lists hold a row of every look: each status, verdict and kind; long texts and an empty
 * one.
 */
export async function createFurnishedAccount(database: Pool): Promise<TestAccount> {
  const account = await createAccount(database);
  const { id, senderNumber } = account;
  const longText =
    'Umhlanga Florist: proteas, king and queen, have come in from the Overberg this morning. Order before noon and ' +
    'they stand on your table tonight. https://florist.example/proteas-king-and-queen-from-the-overberg Reply STOP to opt out.';
  await database.query(
    `insert into message (account_id, msisdn, sender_number, text, segments, cost, kind, status, reason, created_at)
     select $1, '27710000' || (200 + position), $2, text, 2, cost, kind::message_kind, status::message_status, reason,
       now() - position * interval '1 hour'
     from (values
       (1, 'Ready', 2, 'NORMAL', 'QUEUED', null),
       (2, 'Ready', 2, 'NORMAL', 'SENDING', null),
       (3, $3, 2, 'NORMAL', 'SENT', null),
       (4, $3, 2, 'NORMAL', 'DELIVERED', null),
       (5, $3, 0, 'NORMAL', 'FAILED', 'The phone could not be reached.'),
       (6, $3, 0, 'NORMAL', 'BLOCKED', 'Opted out: this number is on your Auto Opt-Outs list.'),
       (7, 'You have been opted out.', 0, 'CONFIRMATION', 'DELIVERED', null)
     ) as given (position, text, cost, kind, status, reason)`,
    [id, senderNumber, longText],
  );
  await database.query(
    `insert into reply (account_id, msisdn, sender_number, text, verdict, rule, carrier, carrier_message_id, received_at)
     select $1, msisdn, $2, text, verdict::verdict, rule, 'simulator', 'furnished-' || position,
       now() - position * interval '1 hour'
     from (values
       (1, '27710000201', 'Stop', 'OPT_OUT', 'exact:stop'),
       (2, '27710000202', 'stop please', 'REVIEW', 'review:keyword-with-words'),
       (3, '27710000203', $3, 'NONE', null),
       (4, '27710000204', '', 'NONE', null),
       (5, '27710000205', repeat('Ha', 400), 'NONE', null),
       (6, 'MTN', 'You have 3 new messages', 'NONE', null),
       (9, '27710000209', 'please stop it', 'REVIEW', 'review:keyword-with-words')
     ) as given (position, msisdn, text, verdict, rule)`,
    [id, senderNumber, longText],
  );
  await database.query(
    `insert into opt_out (account_id, msisdn, kind, sender_number, reply_text, rule, created_at)
     select $1, '27710000' || (200 + position), kind::opt_out_kind, case when rule is not null then $2 end, text, rule,
       now() - position * interval '1 hour'
     from (values
       (1, 'REPLY', 'Stop', 'exact:stop'),
       (2, 'REPLY', 'Stop sending me all this', 'prefix:stop send'),
       (3, 'SHARED_SENDER', 'STOPALL', 'extra:stopall'),
       (4, 'REPLY', $3, 'own:prefix:teken my uit'),
       (5, 'MANUAL', null, null),
       (6, 'IMPORT', null, null),
       (7, 'API', null, null),
       (8, 'STAFF', null, null)
     ) as given (position, kind, text, rule)`,
    [id, senderNumber, longText],
  );
  await addLongReply(database, { accountId: id, msisdn: '27710000201', senderNumber });
  await scheduleMessages(database, account, ['27710000221', '27710000222'], longText, true);
  await createKey(database, id);
  await createKey(database, id, 'A program with a name of many words, to see where it breaks', 'expired');
  await createKey(database, id, 'Old shop', 'revoked');
  await createWebhook(database, id);
  await createWebhook(
    database,
    id,
    'PAUSED_BY_FAILURES',
    `https://shop.example/${'a-long-path/'.repeat(12)}`,
  );
  return account;
}

/** A reply of many joined SMSs, of which pages show the beginning. */
export async function addLongReply(
  database: Pool,
  { accountId, msisdn, senderNumber }: { accountId: number; msisdn: string; senderNumber: string },
): Promise<void> {
  await database.query(
    `insert into reply (account_id, msisdn, sender_number, text, verdict, carrier, carrier_message_id, received_at)
     values ($1, $2, $3, $4, 'NONE', 'simulator', 'long-' || $2, now() - interval '2 hours')`,
    [
      accountId,
      msisdn,
      senderNumber,
      'Forward this to ten people you love, and good luck will find you. '.repeat(30),
    ],
  );
}

/** Signs in without a page: the same two requests that the page makes. */
export async function signInByRequest(
  request: APIRequestContext,
  { username, password }: Person,
): Promise<void> {
  const { csrfToken } = (await (await request.get('/api/auth/csrf')).json()) as { csrfToken: string };
  const answer = await request.post('/api/auth/callback/credentials', {
    form: { csrfToken, username, password, json: 'true' },
  });
  const { url } = (await answer.json()) as { url: string };
  if (url.includes('error=')) throw new Error(`${username} could not sign in: ${url}`);
}
