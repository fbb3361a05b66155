import type { PoolClient } from 'pg';
import type { ActionResult } from '@/lib/auth/schema';
import { lockAccount } from '@/lib/auth/lock-account';
import type { AccountScope } from '@/lib/auth/scope';
import { statement } from '@/lib/db/statement';
import { idsAreNew } from '@/lib/db/one-server';
import { readCalendar } from '@/lib/messages/lawful-hours';
import { maxRegistrationNumber } from './schema';

const insert = statement({
  name: 'insert-registration-of-marketer',
  values: { accountId: 'int4', number: 'text', endsOn: 'date', userId: 'int4?' },
  sql: ($) => `
    insert into marketer_registration (account_id, number, ends_on, created_by)
    select ${$.accountId}, ${$.number}, ${$.endsOn}, ${$.userId}
    where not exists (
      select from (
        select number, ends_on from marketer_registration where account_id = ${$.accountId} order by id desc limit 1
      ) as newest
      where number = ${$.number} and ends_on = ${$.endsOn}
    )
    ${idsAreNew}`,
});

const setEnd = statement({
  name: 'set-end-of-registration',
  values: { accountId: 'int4', endsOn: 'date' },
  sql: ($) => `update account set registration_ends_on = ${$.endsOn} where id = ${$.accountId}`,
});

/** A registration is renewed each year; a day further off is a mistyped year. */
const mostYearsAhead = 2;

/**
 * Keeps the number and the last day of the account's registration as a direct marketer. It counts from now
 * on; those before it stay in its history. The newest given again changes nothing.
 */
export async function saveRegistration(
  client: PoolClient,
  scope: AccountScope,
  { number: typed, endsOn }: { number: string; endsOn: string },
  now: Date,
): Promise<ActionResult> {
  const number = typed.replace(/\s+/g, ' ').trim();
  const today = readCalendar(now).date;
  if (number === '') return refuse('number', 'Enter the registration number.');
  if (number.length > maxRegistrationNumber) {
    return refuse('number', `Keep the number to ${maxRegistrationNumber} characters.`);
  }
  if (endsOn < today) {
    return refuse(
      'endsOn',
      'This day has passed: marketing would stop at once. Enter the end of the new one.',
    );
  }
  if (endsOn > `${Number(today.slice(0, 4)) + mostYearsAhead}${today.slice(4)}`) {
    return refuse('endsOn', 'A registration is for a year. Look at the year of this day again.');
  }
  const { accountId, userId } = scope;
  await lockAccount(client, accountId);
  await insert.run(client, { accountId, number, endsOn, userId });
  await setEnd.run(client, { accountId, endsOn });
  return { ok: true };
}

function refuse(field: 'number' | 'endsOn', message: string): ActionResult {
  return { ok: false, message, fields: { [field]: message } };
}
