import type { Pool, PoolClient } from 'pg';
import type { AccountReadScope } from '@/lib/auth/scope';
import type { MessagePurpose } from '@/lib/db/generated/enums';
import { typed } from '@/lib/db/sql-types';
import { statement } from '@/lib/db/statement';
import { honouredAccountsSql, marketingStopSql, registrySettledSql, type MarketingStop } from './gate';

/** What an account has to do with others of its family. */
export interface Family {
  /** Of a sub-account; null: it is a main account. */
  mainAccountId: number | null;
  /** An opt-out of one account of the family blocks messages of all of them. */
  honoursAll: boolean;
}

const findFamily = statement({
  name: 'read-family',
  values: { accountId: 'int4' },
  columns: { mainAccountId: 'Account.parentAccountId', honoursAll: 'bool' },
  sql: ($) => `
    select own.parent_account_id as "mainAccountId", main.honours_family_opt_outs as "honoursAll"
    from account as own join account as main on main.id = coalesce(own.parent_account_id, own.id)
    where own.id = ${$.accountId}`,
});

/** The main account of an account, and whether it has chosen that an opt-out counts for all of its family. */
export function readFamily(pool: Pool, { accountId }: AccountReadScope): Promise<Family> {
  return findFamily.only(pool, { accountId });
}

const findHonoured = statement({
  name: 'read-honoured-accounts',
  values: { accountId: 'int4' },
  columns: { accountIds: 'int4[]?' },
  sql: ($) => `select ${honouredAccountsSql($.accountId)} as "accountIds"`,
});

/** The other accounts whose opt-outs block this one's messages. Null: none, only its own list counts. */
export async function readHonouredAccounts(
  connection: Pick<Pool, 'query'>,
  { accountId }: Pick<AccountReadScope, 'accountId'>,
): Promise<number[] | null> {
  return (await findHonoured.only(connection, { accountId })).accountIds;
}

const findGate = statement({
  name: 'read-gate-of-account',
  values: { accountId: 'int4', at: 'timestamptz' },
  columns: {
    honoured: 'int4[]?',
    stop: typed<MarketingStop | null>('text'),
    defaultPurpose: 'Account.defaultPurpose',
    names: typed<[string, ...string[]]>('text[]'),
    refusesTexts: 'bool',
    cap: 'Account.weeklyMarketingCap',
    registrySettledAt: 'timestamptz?',
  },
  sql: ($) => `
    select ${honouredAccountsSql($.accountId)} as honoured, ${marketingStopSql($.accountId, $.at)} as stop,
      default_purpose as "defaultPurpose", name || trading_names as names,
      marketing_text_policy = 'REFUSE' as "refusesTexts", weekly_marketing_cap as cap,
      ${registrySettledSql} as "registrySettledAt"
    from account, platform_setting where account.id = ${$.accountId}`,
});

/** What the gate is told of the account that sends: a value each, for all of its messages. */
export interface GateOfAccount {
  /** As {@link readHonouredAccounts} tells. */
  honoured: number[] | null;
  /** Why it may send no marketing. */
  stop: MarketingStop | null;
  /** Of a message of which nobody says what it is for. */
  defaultPurpose: MessagePurpose;
  /** Its own, and those that it trades under. */
  names: readonly [string, ...string[]];
  /** A marketing text that lacks one of them, or a way to opt out, is not accepted. */
  refusesTexts: boolean;
  /** The most marketing messages to one number in seven days, asked at dispatch; null: no cap. */
  cap: number | null;
  /** What was accepted later need not be looked up in the national registry again; null: all must. */
  registrySettledAt: Date | null;
}

const takeTurn = statement({
  name: 'take-turn-to-claim',
  values: { accountId: 'int4' },
  // not the account's own row, which others wait for, and which a cluster has on every machine
  sql: ($) => `select from credit_balance where account_id = ${$.accountId} for no key update`,
});

/** Claims of an account with a cap take turns, each to its transaction’s end: it counts what others sent. */
export async function takeTurnToClaim(
  client: PoolClient,
  { accountId }: Pick<AccountReadScope, 'accountId'>,
): Promise<void> {
  await takeTurn.run(client, { accountId });
}

/**
 * What the gate has to know of an account. Whoever sends asks in the transaction that sends.
 *
 * @param at whose day counts: of a clock that can be set
 */
export function readGate(
  connection: Pick<Pool, 'query'>,
  { accountId }: Pick<AccountReadScope, 'accountId'>,
  at: Date,
): Promise<GateOfAccount> {
  return findGate.only(connection, { accountId, at });
}

const findElsewhere = statement({
  name: 'check-opt-outs-elsewhere',
  values: { accountIds: 'int4[]', msisdns: 'text[]' },
  columns: { msisdn: 'text' },
  sql: ($) => `
    select distinct msisdn from opt_out
    where account_id = any (${$.accountIds}::int[]) and msisdn = any (${$.msisdns})`,
});

/**
 * Which of these numbers are held back by an opt-out of another account of the family. Most accounts honour
 * no other's: ten thousand numbers are not sent to find that out.
 */
export async function findBlockedElsewhere(
  pool: Pool,
  scope: AccountReadScope,
  msisdns: readonly string[],
): Promise<Set<string>> {
  const accountIds = await readHonouredAccounts(pool, scope);
  if (accountIds === null) return new Set();
  const rows = await findElsewhere.all(pool, { accountIds, msisdns });
  return new Set(rows.map(({ msisdn }) => msisdn));
}
