import { idsAreNew } from '@/lib/db/one-server';
/**
 * The one way to change a balance, each way: `takeCreditsSql` and `giveCreditsSql` are parts of a
 * statement that change the balance and write the ledger's entry at once. So the balance is the sum of
 * its entries, always, and each entry says what it left.
 *
 * Whoever changes the balance holds its row until they commit, and the entry comes after: the order of an
 * account's entries is the order in which the balance changed. An entry's time is that of its
 * transaction, or of the entry before it if that is later, as who began first need not come first.
 */
export interface Movement {
  /** The account, as SQL. */
  accountId: string;
  /** A part of the statement with at most one row: its `credits`, above 0, are moved; 0 moves nothing. */
  from: string;
  kind: 'TOP_UP' | 'SEND' | 'REFUND' | 'CORRECTION' | 'TRANSFER';
  /** What else the entry says, as SQL over that row. */
  entry?: Readonly<Partial<Record<EntryColumn, string>>>;
}

type EntryColumn = 'batch_id' | 'note' | 'reference' | 'other_account_id' | 'request_id';

/** The constraint that a movement of more than there is violates; the statement then changes nothing. */
const overdrawnConstraint = 'credit_balance_credits_check';

/**
 * Parts of a statement that take credits away. `taken` has a row when it did, with `credits`, what is
 * left, and `warns`: the balance has come below the level that the account is warned at.
 *
 * @throws from PostgreSQL when there are fewer ({@link isOverdrawn}). Without a balance nothing is taken.
 */
export function takeCreditsSql(movement: Movement): string {
  const { accountId, from } = movement;
  return `credit_moment as materialized (
      select now() as at
    ), taken as (
      update credit_balance set credits = credit_balance.credits - ${from}.credits,
        last_entry_at = greatest(credit_balance.last_entry_at, credit_moment.at),
        warned_at = case
          when credit_balance.warned_at is null and credit_balance.credits - ${from}.credits < credit_balance.warning_level
          then credit_moment.at else credit_balance.warned_at end
      from ${from}, credit_moment
      where credit_balance.account_id = ${accountId} and ${from}.credits > 0
      returning credit_balance.account_id, credit_balance.credits, credit_balance.last_entry_at,
        coalesce(credit_balance.warned_at = credit_moment.at, false) as warns
    ), taken_entry as (
      ${writeEntrySql(movement, 'taken', `-${from}.credits`)}
    )`;
}

/**
 * Parts of a statement that give credits. `given` has a row when it did, with `credits`, what there is
 * now. What is given back does not end a warning: messages that fail would have their owner warned again
 * and again.
 */
export function giveCreditsSql(movement: Movement): string {
  const { accountId, from, kind } = movement;
  const warnedAt =
    kind === 'REFUND'
      ? 'credit_balance.warned_at'
      : `case when credit_balance.credits + excluded.credits >= credit_balance.warning_level
          then null else credit_balance.warned_at end`;
  return `credit_moment as materialized (
      select now() as at
    ), given as (
      insert into credit_balance (account_id, credits, last_entry_at)
      select ${accountId}, ${from}.credits, credit_moment.at from ${from}, credit_moment where ${from}.credits > 0
      on conflict (account_id) do update set credits = credit_balance.credits + excluded.credits,
        last_entry_at = greatest(credit_balance.last_entry_at, excluded.last_entry_at),
        warned_at = ${warnedAt}
      returning credit_balance.account_id, credit_balance.credits, credit_balance.last_entry_at
    ), given_entry as (
      ${writeEntrySql(movement, 'given', `${from}.credits`)}
    )`;
}

function writeEntrySql({ from, kind, entry = {} }: Movement, balance: string, amount: string): string {
  const more = Object.entries(entry);
  // A request that comes again must not pass as done, so this conflict alone is let go; there is none on
  // a new id.
  return `insert into credit_entry (account_id, kind, amount, balance_after, created_at${more.map(([column]) => `, ${column}`).join('')})
      select ${balance}.account_id, '${kind}', ${amount}, ${balance}.credits, ${balance}.last_entry_at${more
        .map(([, sql]) => `, ${sql}`)
        .join('')}
      from ${balance}, ${from}
      ${idsAreNew}`;
}

/** Whether a statement took more credits than there were. */
export function isOverdrawn(error: unknown): boolean {
  return hasViolated(error, '23514', overdrawnConstraint);
}

/** Whether a request was carried out before. */
export function isRepeated(error: unknown): boolean {
  return hasViolated(error, '23505', 'credit_entry_account_id_request_id_key');
}

function hasViolated(error: unknown, code: string, constraint: string): boolean {
  if (!(error instanceof Error) || !('code' in error) || error.code !== code) return false;
  // A cluster's coordinator hands on what another machine said, in words alone.
  const named = 'constraint' in error ? error.constraint : undefined;
  return String(named ?? /constraint "([^"]+)"/.exec(error.message)?.[1]).startsWith(constraint);
}
