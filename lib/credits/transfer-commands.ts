import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Pool, PoolClient } from 'pg';
import { recordActOf } from '@/lib/auth/activity';
import { formatAccountNumber } from '@/lib/auth/account-number';
import type { AccountReadScope, AccountScope } from '@/lib/auth/scope';
import { openSubAccount } from '@/lib/auth/sub-account-scope';
import { withTransaction } from '@/lib/db/client';
import { statement } from '@/lib/db/statement';
import { AppError } from '@/lib/http/app-error';
import { giveCreditsSql, isOverdrawn, isRepeated, takeCreditsSql } from './ledger';
import { readCredits } from './queries';
import { maxCredits, maxReferenceLength, type TransferRefusal, type TransferResult } from './schema';
import { enqueueWarning, tellCreditsChanged } from './warning-commands';

/** Credits between a main account, which asks, and one of its sub-accounts. */
export type Transfer = ({ toAccountId: number } | { fromAccountId: number }) & {
  /** Whole, at least 1. */
  credits: number;
  /** Written into both ledgers. Null or empty: none. */
  reference: string | null;
  /** The same one again answers as the first did and moves nothing. Left out: each call is a new one. */
  requestId?: string;
};

const part = {
  accountId: 'int4',
  otherId: 'int4',
  credits: 'int8',
  reference: 'text?',
  requestId: 'uuid',
} as const;
const partSql = ($: Record<keyof typeof part, string>) => `
    with part as (
      select ${$.credits}::bigint as credits, ${$.reference}::text as reference, ${$.otherId}::int as other_account_id,
        ${$.requestId}::uuid as request_id
    )`;
const entry = {
  reference: 'part.reference',
  other_account_id: 'part.other_account_id',
  request_id: 'part.request_id',
};

const take = statement({
  name: 'transfer-take',
  values: part,
  columns: { credits: 'float8', warns: 'bool' },
  sql: (
    $,
  ) => `${partSql($)}, ${takeCreditsSql({ accountId: $.accountId, from: 'part', kind: 'TRANSFER', entry })}
    select credits::float8 as credits, warns as "warns" from taken`,
});

const give = statement({
  name: 'transfer-give',
  values: part,
  columns: { credits: 'float8' },
  sql: (
    $,
  ) => `${partSql($)}, ${giveCreditsSql({ accountId: $.accountId, from: 'part', kind: 'TRANSFER', entry })}
    select credits::float8 as credits from given`,
});

const findEarlier = statement({
  name: 'find-earlier-transfer',
  values: { accountId: 'int4', requestId: 'uuid' },
  columns: { amount: 'float8', otherId: 'CreditEntry.otherAccountId', reference: 'CreditEntry.reference' },
  sql: ($) => `select amount::float8 as amount, other_account_id as "otherId", reference from credit_entry
    where account_id = ${$.accountId} and request_id = ${$.requestId}`,
});

/**
 * Moves credits from a main account to one of its sub-accounts, or back: both balances, both ledgers, or
 * nothing. The account that asks is the main one; a sub-account moves nothing.
 */
export async function transferCredits(
  pool: Pool,
  scope: AccountScope,
  transfer: Transfer,
): Promise<TransferResult> {
  const { credits, requestId = randomUUID() } = transfer;
  const isOut = 'toAccountId' in transfer;
  const otherId = isOut ? transfer.toAccountId : transfer.fromAccountId;
  const reference = cleanReference(transfer.reference);
  const refusal = refuse(credits, reference) ?? (otherId === scope.accountId ? sameAccount : null);
  if (refusal) return refusal;
  const other = await openSubAccount(pool, scope, otherId);
  if (!other) return noSuchAccount;

  const [from, to] = isOut ? [scope, other] : [other, scope];
  const leg = { from: from.accountId, to: to.accountId, requestId };
  try {
    const left = await move(pool, scope, [leg], { credits, reference });
    return {
      ok: true,
      credits: left.get(scope.accountId) as number,
      otherCredits: left.get(otherId) as number,
      isRepeat: false,
    };
  } catch (error) {
    if (!isTooFew(error) && !isRepeated(error)) throw error;
    // A second press may find too little of what the first one left: the first one's result counts.
    const asked = { requestId, amount: isOut ? -credits : credits, otherId, reference };
    const earlier = await describeEarlier(pool, scope, other, asked);
    return earlier ?? describeOverdrawn(pool, scope, from, credits);
  }
}

/**
 * Moves credits from one sub-account of the main account that asks to another: by way of the main one, whose
 * ledger shows both, or not at all. A sub-account's ledger names no other sub-account.
 */
export async function transferBetween(
  pool: Pool,
  scope: AccountScope,
  between: { fromAccountId: number; toAccountId: number; credits: number; reference: string | null },
): Promise<{ ok: true } | Refused> {
  const { fromAccountId, toAccountId, credits } = between;
  const reference = cleanReference(between.reference);
  const refusal = refuse(credits, reference) ?? (fromAccountId === toAccountId ? sameAccount : null);
  if (refusal) return refusal;
  const from = await openSubAccount(pool, scope, fromAccountId);
  const to = await openSubAccount(pool, scope, toAccountId);
  if (!from || !to) return noSuchAccount;
  const legs = [
    { from: fromAccountId, to: scope.accountId, requestId: randomUUID() },
    { from: scope.accountId, to: toAccountId, requestId: randomUUID() },
  ];
  try {
    await move(pool, scope, legs, { credits, reference });
    return { ok: true };
  } catch (error) {
    if (isTooFew(error)) return describeOverdrawn(pool, scope, from, credits);
    throw error;
  }
}

interface Leg {
  from: number;
  to: number;
  requestId: string;
}

/**
 * Moves credits along legs that follow one another, all of them or none.
 *
 * Each step is a statement of one account. The account with the lower number comes first, whichever way the
 * credits go, so that two transfers never wait for each other; one that they only pass through gets them
 * before it gives them.
 *
 * @returns what each account has then
 */
async function move(
  pool: Pool,
  scope: AccountScope,
  legs: readonly Leg[],
  given: { credits: number; reference: string | null },
): Promise<Map<number, number>> {
  const receivers = new Set(legs.map(({ to }) => to));
  const steps = legs
    .flatMap(({ from, to, requestId }) => [
      { accountId: from, otherId: to, requestId, isTake: true },
      { accountId: to, otherId: from, requestId, isTake: false },
    ])
    .sort((one, other) => one.accountId - other.accountId);
  return withTransaction(pool, async (client) => {
    const left = new Map<number, number>();
    for (const { isTake, ...step } of steps) {
      const part = { ...given, ...step };
      // What an account only passes on leaves it with what it had: nothing to warn of.
      const warns = !receivers.has(step.accountId);
      left.set(step.accountId, isTake ? await takePart(client, part, warns) : await givePart(client, part));
    }
    for (const accountId of left.keys()) await tellCreditsChanged(client, accountId);
    const [from, to] = [legs[0]?.from, legs.at(-1)?.to];
    await recordActOf(client, scope, 'credits.transfer', { from, to, ...given }, new Date());
    return left;
  });
}

function cleanReference(typed: string | null): string | null {
  return (typed ?? '').replaceAll('\0', '').trim() || null;
}

function isTooFew(error: unknown): boolean {
  return isOverdrawn(error) || error instanceof NoBalance;
}

/** Nothing can be taken from an account that never had a balance. */
class NoBalance extends AppError {
  constructor(accountId: number) {
    super('no-credit-balance', `Account ${accountId} has no credit balance.`);
  }
}

interface Part {
  accountId: number;
  otherId: number;
  credits: number;
  reference: string | null;
  requestId: string;
}

async function takePart(client: PoolClient, given: Part, warns: boolean): Promise<number> {
  const taken = await take.one(client, given);
  if (!taken) throw new NoBalance(given.accountId);
  if (warns && taken.warns) await enqueueWarning(client, given);
  return taken.credits;
}

async function givePart(client: PoolClient, given: Part): Promise<number> {
  return (await give.only(client, given)).credits;
}

type Refused = Extract<TransferResult, { ok: false }>;

function refuseField(reason: TransferRefusal, field: string, message: string): Refused {
  return { ok: false, reason, message, fields: { [field]: message } };
}

function refuse(credits: number, reference: string | null): Refused | null {
  if (!Number.isInteger(credits))
    return refuseField('not-whole', 'credits', 'Enter a whole number of credits.');
  if (credits < 1) return refuseField('too-few', 'credits', 'Enter at least 1 credit.');
  if (credits > maxCredits) {
    return refuseField('too-many', 'credits', 'That is more than a thousand million. Move fewer at a time.');
  }
  if (reference !== null && reference.length > maxReferenceLength) {
    const message = `Keep the reference to ${maxReferenceLength} characters.`;
    return refuseField('reference-too-long', 'reference', message);
  }
  return null;
}

const sameAccount = refuseField(
  'same-account',
  'account',
  'An account cannot transfer credits to itself. Choose one of your sub-accounts.',
);
const noSuchAccount = refuseField(
  'no-such-account',
  'account',
  'This is not one of your sub-accounts. Choose one from the list.',
);

async function describeOverdrawn(
  pool: Pool,
  scope: AccountScope,
  from: AccountReadScope,
  credits: number,
): Promise<Refused> {
  const left = await readCredits(pool, from);
  const { accountId } = from;
  const whoHas = accountId === scope.accountId ? 'you have' : `${formatAccountNumber(accountId)} has`;
  const [asked, there] = [credits, left].map((count) => count.toLocaleString('en-ZA'));
  return refuseField(
    'insufficient-credits',
    'credits',
    `This needs ${asked} credits and ${whoHas} ${there}. Nothing was moved.`,
  );
}

/** What came of the same request before; null: there was none. */
async function describeEarlier(
  pool: Pool,
  scope: AccountScope,
  other: AccountReadScope,
  { requestId, ...asked }: { requestId: string; amount: number; otherId: number; reference: string | null },
): Promise<TransferResult | null> {
  const earlier = await findEarlier.one(pool, { accountId: scope.accountId, requestId });
  if (!earlier) return null;
  if (!isDeepStrictEqual(earlier, asked)) {
    return {
      ok: false,
      reason: 'request-used',
      message:
        'The same form has moved credits before, with other figures; nothing was moved now. Look at your credits, and press again if this is to be moved, too.',
    };
  }
  const [credits, otherCredits] = await Promise.all([readCredits(pool, scope), readCredits(pool, other)]);
  return { ok: true, credits, otherCredits, isRepeat: true };
}
