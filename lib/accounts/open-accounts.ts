import type {
  AccountStatus,
  KeywordMatch,
  MemberRole,
  MessagePurpose,
  ReviewPolicy,
  SenderNumberKind,
  StaffRole,
} from '@/lib/db/generated/enums';
import { idsAreNew } from '@/lib/db/one-server';
import { columnsOf, statement, type Connection } from '@/lib/db/statement';

/** An account to be opened. What is left out is as the schema has it. */
export interface NewAccount {
  /** Its number, 58324 of W58324. */
  id: number;
  name: string;
  ownerEmail: string;
  status?: AccountStatus;
  /** The one number it may write to; left out or null: a full account. */
  trialMsisdn?: string | null;
  /** Its main account, when it is a sub-account. */
  parentAccountId?: number | null;
  reviewPolicy?: ReviewPolicy;
  /** What its messages are for when nobody says so. */
  defaultPurpose?: MessagePurpose;
  /** Null: the provider's standard text. */
  confirmationText?: string | null;
  createdAt?: Date;
  /**
   * Credits it begins with, with their entry in the ledger; null: no balance yet, so that nothing can be
   * sent.
   */
  credits?: number | null;
  /** Normalised as the matcher normalises replies. */
  keywords?: readonly { word: string; match: KeywordMatch; createdAt?: Date }[];
}

const insertAccounts = statement({
  name: 'open-accounts',
  values: {
    given: {
      id: 'int4',
      name: 'text',
      ownerEmail: 'text',
      status: 'AccountStatus',
      trialMsisdn: 'text?',
      parentAccountId: 'int4?',
      reviewPolicy: 'ReviewPolicy',
      defaultPurpose: 'MessagePurpose',
      confirmationText: 'text?',
      createdAt: 'timestamptz?',
      credits: 'int8?',
    },
    keyword: { accountId: 'int4', word: 'text', match: 'KeywordMatch', createdAt: 'timestamptz?' },
  },
  sql: ($) => `
    with given as materialized (
      select *, coalesce(created_at, now()) as at from ${$.given}
    ), opened as (
      insert into account (id, name, owner_email, status, trial_msisdn, parent_account_id, review_policy, default_purpose,
        confirmation_text, created_at)
      select id, name, owner_email, status, trial_msisdn, parent_account_id, review_policy, default_purpose, confirmation_text, at
      from given
    ), balance as (
      insert into credit_balance (account_id, credits, last_entry_at)
      select id, credits, case when credits <> 0 then at end from given where credits is not null
      on conflict (account_id) do nothing
    ), entry as (
      -- the beginning of a ledger; what comes after it is lib/credits/ledger.ts's
      insert into credit_entry (account_id, kind, amount, balance_after, note, created_at)
      select id, 'TOP_UP', credits, credits, case when trial_msisdn is not null then 'Credits of the trial' end, at
      from given where credits <> 0
      ${idsAreNew}
    )
    insert into account_keyword (account_id, word, match, created_at)
    select account_id, word, match, coalesce(created_at, now()) from ${$.keyword}`,
});

/**
 * Opens accounts, each with its balance, its ledger and its keywords: the one place where an account begins,
 * for the demo, the benches and the tests as well. Takes any number of them in one statement.
 *
 * @throws when one of the numbers is taken; then none of them is opened
 */
export async function openAccounts(connection: Connection, accounts: readonly NewAccount[]): Promise<void> {
  await insertAccounts.run(connection, {
    given: accounts.map((account) => ({
      ...account,
      status: account.status ?? 'ACTIVE',
      trialMsisdn: account.trialMsisdn ?? null,
      parentAccountId: account.parentAccountId ?? null,
      reviewPolicy: account.reviewPolicy ?? 'ASK',
      defaultPurpose: account.defaultPurpose ?? 'MARKETING',
      confirmationText: account.confirmationText ?? null,
      createdAt: account.createdAt ?? null,
      credits: account.credits ?? null,
    })),
    keyword: accounts.flatMap(({ id, keywords = [] }) =>
      keywords.map((keyword) => ({ ...keyword, accountId: id, createdAt: keyword.createdAt ?? null })),
    ),
  });
}

/** Somebody who can sign in. */
export interface NewUser {
  /** The next one unless given. */
  id?: number;
  /** Lower case. */
  username: string;
  email: string;
  /** Their cell number, once they have shown that it is theirs. */
  ownMsisdn?: string | null;
  name: string;
  /** argon2id, PHC string format. */
  passwordHash: string;
  /** Null: a member of the provider's staff, or somebody who is invited into an account and not in it yet. */
  accountId: number | null;
  /** In that account; left out: the owner when they are its first, or an administrator. */
  role?: MemberRole;
  /** Of staff. Left out, with no account: an administrator. Null: not of the staff, either. */
  staffRole?: StaffRole | null;
  createdAt?: Date;
}

const insertUsers = statement({
  name: 'add-users',
  values: {
    given: {
      id: 'int4?',
      username: 'text',
      email: 'text',
      ownMsisdn: 'text?',
      name: 'text',
      passwordHash: 'text',
      accountId: 'int4?',
      role: 'MemberRole?',
      staffRole: 'StaffRole?',
      createdAt: 'timestamptz?',
      place: 'position',
    },
  },
  columns: columnsOf('User', 'id'),
  sql: ($) => `
    with given as materialized (
      select coalesce(id, nextval(pg_get_serial_sequence('portal_user', 'id'))::int) as id, username, email, own_msisdn, name,
        password_hash, account_id, role, staff_role, coalesce(created_at, now()) as created_at, place
      from ${$.given}
    ), begun as materialized (
      -- apart from the insert: a cluster locks a small table whole when a query reads it and writes it, each of two such
      -- queries after it has begun to write, and so they would wait for each other
      select distinct account_id from membership where account_id in (select account_id from given)
    ), person as (
      insert into portal_user (id, username, email, own_msisdn, name, password_hash, role, staff_role, created_at)
      select id, username, email, own_msisdn, name, password_hash,
        case when staff_role is null then 'CUSTOMER' else 'STAFF' end::user_role, staff_role, created_at
      from given
      order by place
      returning id
    ), member as (
      -- of those who are there: on a cluster a foreign key is looked at before the statement ends
      insert into membership (account_id, user_id, role, created_at)
      select account_id, id, coalesce(role, case when place = min(place) over (partition by account_id)
          and account_id not in (select account_id from begun)
        then 'OWNER' else 'ADMINISTRATOR' end::member_role), created_at
      from given where account_id is not null and id in (select id from person)
    )
    select id from given where id in (select id from person) order by place`,
});

/**
 * Adds users, each to their account or to the staff: the one place where a person begins; answers with their
 * ids, in the order given.
 *
 * @throws when one of the usernames is taken; then nobody is added
 */
export async function addUsers(connection: Connection, users: readonly NewUser[]): Promise<number[]> {
  const given = users.map((user) => ({
    ...user,
    id: user.id ?? null,
    ownMsisdn: user.ownMsisdn ?? null,
    role: user.role ?? null,
    staffRole:
      user.staffRole === undefined && user.accountId === null ? 'ADMINISTRATOR' : (user.staffRole ?? null),
    createdAt: user.createdAt ?? null,
  }));
  return (await insertUsers.all(connection, { given })).map(({ id }) => id);
}

/** A sender number: shared by all accounts, or dedicated to one. */
export interface NewSenderNumber {
  /** In its canonical form: 27600100200, or a short code. */
  number: string;
  kind: SenderNumberKind;
  /** Null: shared. */
  accountId: number | null;
}

const insertSenderNumbers = statement({
  name: 'add-sender-numbers',
  values: { given: { number: 'text', kind: 'SenderNumberKind', accountId: 'int4?' } },
  sql: ($) =>
    `insert into sender_number (number, kind, account_id) select number, kind, account_id from ${$.given}`,
});

/** Adds sender numbers. Throws when one of them is there already, or not in its canonical form. */
export async function addSenderNumbers(
  connection: Connection,
  numbers: readonly NewSenderNumber[],
): Promise<void> {
  await insertSenderNumbers.run(connection, { given: numbers });
}
