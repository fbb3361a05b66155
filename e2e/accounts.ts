import type { APIRequestContext } from '@playwright/test';
import type { Pool } from 'pg';
import { hashPassword } from '@/lib/auth/password';

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

const password = 'a-password-for-tests';
let passwordHash: Promise<string> | undefined;

/**
 * A whole number nobody else has, in another process or an earlier run on the same database neither: from a sequence,
 * in which gaps do no harm.
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
  options: { credits?: number } = {},
): Promise<TestAccount> {
  const id = 100_000 + (await nextSerial(database));
  const account = {
    id,
    number: `W${id}`,
    name: `Umhlanga Florist ${id}`,
    senderNumber: String(27_650_000_000 + id),
    username: `florist-${id}`,
    password,
  };
  await database.query(
    `insert into account (id, name, owner_email) values ($1, $2, $3 || '@florist.example')`,
    [id, account.name, account.username],
  );
  await database.query(`insert into credit_balance (account_id, credits) values ($1, $2)`, [
    id,
    options.credits ?? 1000,
  ]);
  await database.query(
    `insert into credit_entry (account_id, kind, amount)
     select account_id, 'TOP_UP', credits from credit_balance where account_id = $1 and credits > 0`,
    [id],
  );
  await database.query(`insert into sender_number (number, kind, account_id) values ($1, 'LONG_CODE', $2)`, [
    account.senderNumber,
    id,
  ]);
  await createUser(database, account.username, id);
  return account;
}

/** A member of the provider's staff. */
export async function createStaff(database: Pool): Promise<Person> {
  const username = `staff-${await nextSerial(database)}`;
  await createUser(database, username, null);
  return { username, password };
}

async function createUser(database: Pool, username: string, accountId: number | null): Promise<void> {
  passwordHash ??= hashPassword(password);
  await database.query(
    `insert into portal_user (username, email, name, password_hash, role, account_id)
     values ($1, $1 || '@florist.example', 'Nomsa Zwane', $2, $3, $4)`,
    [username, await passwordHash, accountId === null ? 'STAFF' : 'CUSTOMER', accountId],
  );
}

/** Messages of an account, delivered, one to each recipient; the last is the newest. A reply to one finds its way back. */
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
