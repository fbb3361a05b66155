import type { PoolClient } from 'pg';
import { homeAccountSql, isLetInSql } from '@/lib/auth/membership-sql';
import { columnsOf, selectSql, statement } from '@/lib/db/statement';

const ownColumns = columnsOf('User', 'id', 'username', 'name', 'email', 'ownMsisdn', 'passwordHash');
const personColumns = {
  ...ownColumns,
  isActive: 'bool',
  isStaff: 'bool',
  /** Somebody who was added by others and has not signed in yet. */
  isNew: 'bool',
  /** Of all accounts that they are in, the first: e-mails to them belong to it. */
  accountId: 'Account.id?',
  accountName: 'Account.name?',
} as const;
const selectPerson = `
  select ${selectSql(ownColumns, 'u')}, ${isLetInSql} as "isActive", u.role = 'STAFF' as "isStaff",
    u.last_sign_in_at is null as "isNew",
    home.id as "accountId", home.name as "accountName"
  from portal_user u left join account home on home.id = ${homeAccountSql}`;

/** By the number of a user. */
export const findPerson = statement({
  name: 'find-person',
  values: { id: 'int4' },
  columns: personColumns,
  sql: ($) => `${selectPerson} where u.id = ${$.id}`,
});

/** @param username normalised */
export const findByUsername = statement({
  name: 'find-person-by-username',
  values: { username: 'text' },
  columns: personColumns,
  sql: ($) => `${selectPerson} where username = ${$.username}`,
});

/** Everybody with this address, whatever its case. */
export const findByEmail = statement({
  name: 'find-people-by-email',
  values: { email: 'text' },
  columns: personColumns,
  sql: ($) => `${selectPerson} where lower(email) = lower(${$.email}) order by u.id`,
});

/** Everybody with this number. */
export const findByMsisdn = statement({
  name: 'find-people-by-number',
  values: { msisdn: 'text' },
  columns: personColumns,
  sql: ($) => `${selectPerson} where own_msisdn = ${$.msisdn} order by u.id`,
});

const lock = statement({
  name: 'lock-people',
  sql: () => `select from (select pg_advisory_xact_lock(hashtextextended('people', 0))) as lock`,
});

/**
 * One at a time, until the transaction ends, whoever takes a username, an address, a number or an account's
 * number: what they find free is still free when they take it.
 */
export async function lockPeople(client: PoolClient): Promise<void> {
  await lock.run(client, {});
}
