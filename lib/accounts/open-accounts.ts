import type { Pool, PoolClient } from 'pg';
import type { AccountStatus, KeywordMatch, ReviewPolicy, SenderNumberKind } from '@/lib/db/generated/enums';

/** Whoever can run a statement: a pool, or the connection of a transaction. */
type Connection = Pick<Pool | PoolClient, 'query'>;

/** An account to be opened. What is left out is as the schema has it. */
export interface NewAccount {
  /** Its number, 58324 of W58324. */
  id: number;
  name: string;
  ownerEmail: string;
  status?: AccountStatus;
  reviewPolicy?: ReviewPolicy;
  /** Null: the provider's standard text. */
  confirmationText?: string | null;
  createdAt?: Date;
  /** Credits it begins with, with their entry in the ledger; null: no balance yet, so that nothing can be sent. */
  credits?: number | null;
  /** Normalised as the matcher normalises replies. */
  keywords?: readonly { word: string; match: KeywordMatch; createdAt?: Date }[];
}

/**
 * Opens accounts, each with its balance, its ledger and its keywords: the one place where an account begins, for the demo, the
 * benches and the tests as well. Takes any number of them in one statement.
 *
 * @throws when one of the numbers is taken; then none of them is opened
 */
export async function openAccounts(connection: Connection, accounts: readonly NewAccount[]): Promise<void> {
  const keywords = accounts.flatMap(({ id, keywords: words = [] }) =>
    words.map((keyword) => ({ ...keyword, accountId: id })),
  );
  await connection.query({
    name: 'open-accounts',
    text: `
      with given as materialized (
        select * from jsonb_to_recordset($1) as given (id int, name text, "ownerEmail" text, status account_status,
          "reviewPolicy" review_policy, "confirmationText" text, "createdAt" timestamptz, credits bigint)
      ), opened as (
        insert into account (id, name, owner_email, status, review_policy, confirmation_text, created_at)
        select id, name, "ownerEmail", coalesce(status, 'ACTIVE'), coalesce("reviewPolicy", 'ASK'), "confirmationText",
          coalesce("createdAt", now())
        from given
      ), balance as (
        insert into credit_balance (account_id, credits) select id, credits from given where credits is not null
      ), entry as (
        insert into credit_entry (account_id, kind, amount, created_at)
        select id, 'TOP_UP', credits, coalesce("createdAt", now()) from given where credits <> 0
      )
      insert into account_keyword (account_id, word, match, created_at)
      select "accountId", word, match, coalesce("createdAt", now())
      from jsonb_to_recordset($2) as keyword ("accountId" int, word text, match keyword_match, "createdAt" timestamptz)`,
    values: [JSON.stringify(accounts), JSON.stringify(keywords)],
  });
}

/** Somebody who can sign in. */
export interface NewUser {
  /** The next one unless given. */
  id?: number;
  /** Lower case. */
  username: string;
  email: string;
  name: string;
  /** argon2id, PHC string format. */
  passwordHash: string;
  /** Null: a member of the provider's staff. */
  accountId: number | null;
  createdAt?: Date;
}

/**
 * Adds users, each to their account or to the staff; answers with their ids, in the order given.
 *
 * @throws when one of the usernames is taken; then nobody is added
 */
export async function addUsers(connection: Connection, users: readonly NewUser[]): Promise<number[]> {
  const { rows } = await connection.query<{ id: number }>({
    name: 'add-users',
    text: `
      insert into portal_user (id, username, email, name, password_hash, role, account_id, created_at)
      select coalesce(id, nextval(pg_get_serial_sequence('portal_user', 'id'))), username, email, name, "passwordHash",
        case when "accountId" is null then 'STAFF' else 'CUSTOMER' end::user_role, "accountId", coalesce("createdAt", now())
      from rows from (jsonb_to_recordset($1) as (id int, username text, email text, name text, "passwordHash" text,
        "accountId" int, "createdAt" timestamptz)) with ordinality as given (id, username, email, name, "passwordHash", "accountId", "createdAt",
        position)
      order by position
      returning id`,
    values: [JSON.stringify(users)],
  });
  return rows.map(({ id }) => id);
}

/** A sender number: shared by all accounts, or dedicated to one. */
export interface NewSenderNumber {
  /** In its canonical form: 27600100200, or a short code. */
  number: string;
  kind: SenderNumberKind;
  /** Null: shared. */
  accountId: number | null;
}

/** Adds sender numbers. Throws when one of them is there already, or not in its canonical form. */
export async function addSenderNumbers(
  connection: Connection,
  numbers: readonly NewSenderNumber[],
): Promise<void> {
  await connection.query({
    name: 'add-sender-numbers',
    text: `
      insert into sender_number (number, kind, account_id)
      select number, kind, "accountId"
      from jsonb_to_recordset($1) as given (number text, kind sender_number_kind, "accountId" int)`,
    values: [JSON.stringify(numbers)],
  });
}
