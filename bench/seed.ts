import type { Pool } from 'pg';
import { readSenderNumber } from '@/lib/sms/sender-number';
import { addSenderNumbers, addUsers, openAccounts } from '@/lib/accounts/open-accounts';
import { hashPassword } from '@/lib/auth/password';
import type { BenchContext } from './context';

/** The n-th of 150 million South African mobile numbers, in no order a table would like. */
export function describeMsisdn(n: number): string {
  return `27${600_000_000 + ((n * 104_729) % 150_000_000)}`;
}

/** {@link describeMsisdn} in SQL. */
export function msisdnSql(n: string): string {
  return `'27' || (600000000 + (${n})::bigint * 104729 % 150000000)`;
}

/** The shared sender number of every bench. */
export const senderNumber = readSenderNumber('27600100200');

/**
 * Accounts with ample credits, and the sender number they share. They send service unless told otherwise:
 * marketing would wait whenever a bench is run at night.
 */
export async function seedAccounts(pool: Pool, accountIds: readonly number[]): Promise<void> {
  await openAccounts(
    pool,
    accountIds.map((id) => ({
      id,
      name: `Account ${id}`,
      ownerEmail: 'owner@example.com',
      credits: 1e9,
      defaultPurpose: 'SERVICE',
    })),
  );
  const { rowCount } = await pool.query('select from sender_number where number = $1', [senderNumber]);
  if (!rowCount) await addSenderNumbers(pool, [{ number: senderNumber, kind: 'LONG_CODE', accountId: null }]);
}

/**
 * A user of the account who signs in as "bench" with this password; without one, nobody can. Answers with
 * their id.
 */
export async function seedUser(pool: Pool, accountId: number, password?: string): Promise<number> {
  const passwordHash = password === undefined ? 'no password' : await hashPassword(password);
  const [id] = await addUsers(pool, [
    { username: 'bench', email: 'bench@example.com', name: 'Bench', passwordHash, accountId },
  ]);
  return id as number;
}

/** Whose conversation the n-th number has: the accounts take turns. */
export function chooseAccount(accountIds: readonly number[], n: number): number {
  return accountIds[n % accountIds.length] as number;
}

/** A conversation with each of the numbers from the `first` on. */
export async function seedConversations(
  pool: Pool,
  accountIds: readonly number[],
  first: number,
  count: number,
): Promise<void> {
  await pool.query(
    `insert into conversation (msisdn, sender_number, account_id, last_message_at, last_message_id)
     select ${msisdnSql('n')}, $1, ($2::int[])[1 + n % cardinality($2::int[])], now(), n + 1
     from generate_series($3::int, $4::int - 1) as n`,
    [senderNumber, accountIds, first, first + count],
  );
  await pool.query('vacuum analyze');
}

/**
 * Messages and replies long gone by, 200,000 unless it is to be quick: empty tables are planned for, and
 * filled, as no table in use is.
 */
export async function seedHistory(
  { pool, quick }: Pick<BenchContext, 'pool' | 'quick'>,
  accountIds: readonly number[],
): Promise<void> {
  const count = quick ? 10_000 : 200_000;
  const parameters = [senderNumber, accountIds, count];
  await pool.query(
    `insert into message (account_id, msisdn, sender_number, text, segments, cost, status, created_at, sent_at, finished_at)
     select ($2::int[])[1 + n % cardinality($2::int[])], ${msisdnSql('n')}, $1, 'An earlier message. Reply STOP to opt out', 1, 1,
       'DELIVERED', past.at, past.at, past.at
     from generate_series(1, $3::int) as n, lateral (select now() - make_interval(secs => $3 - n) as at) as past`,
    parameters,
  );
  await pool.query(
    `insert into reply (account_id, msisdn, sender_number, text, verdict, carrier, carrier_message_id, received_at)
     select ($2::int[])[1 + n % cardinality($2::int[])], ${msisdnSql('n')}, $1, 'Ok, see you there', 'NONE', 'earlier', n,
       now() - make_interval(secs => $3 - n)
     from generate_series(1, $3::int) as n`,
    parameters,
  );
  await pool.query(
    `insert into carrier_receipt (msisdn, carrier, carrier_message_id)
     select ${msisdnSql('n')}, 'earlier', n from generate_series(1, $1::int) as n`,
    [count],
  );
  await pool.query('vacuum analyze');
}

/**
 * Opt-outs of the first `count` numbers, made by replies long gone by; 100,000 in a statement, as each has a
 * minute.
 */
export async function seedOptOuts(pool: Pool, accountId: number, count: number): Promise<void> {
  const atOnce = 100_000;
  for (let first = 0; first < count; first += atOnce) {
    await pool.query(
      `insert into opt_out (account_id, msisdn, kind, sender_number, reply_text, rule, created_at)
       select $1, ${msisdnSql('n')}, 'REPLY', $2, (array['Stop', 'STOP', 'stop', 'Unsubscribe', 'Please, STOP'])[1 + n % 5],
         'exact:stop', now() - make_interval(secs => n * 30)
       from generate_series($3::int, $4::int - 1) as n`,
      [accountId, senderNumber, first, Math.min(first + atOnce, count)],
    );
  }
  await pool.query('vacuum analyze');
}
