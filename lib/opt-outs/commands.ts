import type { Pool, PoolClient } from 'pg';
import type { AccountScope } from '@/lib/auth/scope';
import { joinTransaction } from '@/lib/db/client';
import { columnsOf, statement, type RowOf } from '@/lib/db/statement';
import { tellAccounts } from '@/lib/events/account-changes';
import { formatMsisdn, parseMsisdn } from '@/lib/sms/msisdn';
import { beginSql, endSql } from './episodes';
import type { EvidenceSql } from './evidence';
import {
  maxNumbersAtATime,
  maxNumbersOfProgram,
  removableKinds,
  type AddOptOutResult,
  type OptOutKind,
  type RemoveOptOutResult,
} from './schema';

/**
 * Blocks numbers for the account, by hand. In force when it resolves. A number that is on the list already
 * keeps its entry and its episode, whoever made it. One statement: the numbers, their events, the tally.
 *
 * @param inputs one number each, in any format `parseMsisdn` reads; at most `maxNumbersAtATime`
 * @returns one result for each input, in their order
 */
export async function addOptOuts(
  connection: Pool | PoolClient,
  scope: AccountScope,
  inputs: readonly string[],
): Promise<AddOptOutResult[]> {
  refuseTooMany(inputs, maxNumbersAtATime);
  return addParsed(inputs, (msisdns) => insertOptOuts(connection, scope, msisdns));
}

/**
 * The same for a program of the account.
 *
 * @param inputs at most `maxNumbersOfProgram`
 * @param source where the wish was given, such as "web form"
 */
export async function addOptOutsByProgram(
  pool: Pool,
  scope: AccountScope,
  inputs: readonly string[],
  source: string,
): Promise<AddOptOutResult[]> {
  refuseTooMany(inputs, maxNumbersOfProgram);
  const { accountId, actor } = scope;
  return addParsed(inputs, (msisdns) =>
    insertAndTell(pool, scope, (client) => addByProgram.all(client, { accountId, actor, msisdns, source })),
  );
}

/** @param insert answers with since when each number is on the list that was there before */
async function addParsed(
  inputs: readonly string[],
  insert: (msisdns: string[]) => Promise<Map<string, string>>,
): Promise<AddOptOutResult[]> {
  const parsed = inputs.map((input) => ({ input, number: parseMsisdn(input) }));
  const msisdns = new Set(parsed.flatMap(({ number }) => (number.ok ? [number.msisdn as string] : [])));
  const entries = msisdns.size > 0 ? await insert([...msisdns]) : new Map<string, string>();

  const seen = new Set<string>();
  return parsed.map(({ input, number }): AddOptOutResult => {
    if (!number.ok) return { input, outcome: 'invalid', reason: number.message };
    const { msisdn } = number;
    if (seen.has(msisdn)) return { input, outcome: 'duplicate', msisdn };
    seen.add(msisdn);
    const since = entries.get(msisdn);
    return since === undefined
      ? { input, outcome: 'added', msisdn }
      : { input, outcome: 'already-there', msisdn, since };
  });
}

interface AddSql {
  accountId: string;
  msisdns: string;
  kind: `'${OptOutKind}'`;
  createdBy?: string;
  actor: string;
  evidence: EvidenceSql;
}

const composeAddSql = ({ accountId, msisdns, kind, createdBy, actor, evidence }: AddSql) => `
    with ${beginSql({
      accounts: accountId,
      entries: 'entry',
      entry: { accountId, msisdn: 'msisdn', kind, ...(createdBy === undefined ? {} : { createdBy }) },
      // in the order of the key, as replies are
      from: `unnest(${msisdns}::text[]) as input (msisdn) order by msisdn collate "C"`,
      meets: 'answer',
      event: { actor, evidence },
    })}
    select msisdn, created_at as "createdAt", is_new as "isNew" from entry`;

const addColumns = { ...columnsOf('OptOut', 'msisdn', 'createdAt'), isNew: 'bool' } as const;

const add = statement({
  name: 'add-opt-outs',
  values: { accountId: 'int4', userId: 'int4?', actor: 'text', msisdns: 'text[]' },
  columns: addColumns,
  sql: ({ accountId, msisdns, actor, userId: createdBy }) =>
    composeAddSql({ accountId, msisdns, actor, createdBy, kind: `'MANUAL'`, evidence: { cause: 'hand' } }),
});

const addByProgram = statement({
  name: 'add-opt-outs-by-program',
  values: { accountId: 'int4', actor: 'text', msisdns: 'text[]', source: 'text' },
  columns: addColumns,
  sql: ({ accountId, msisdns, actor, source }) =>
    composeAddSql({
      accountId,
      msisdns,
      actor,
      kind: `'API'`,
      evidence: { cause: 'api', source: `${source}::text` },
    }),
});

/** @returns since when each number is on the list that was there before */
async function insertOptOuts(
  connection: Pool | PoolClient,
  scope: AccountScope,
  msisdns: readonly string[],
): Promise<Map<string, string>> {
  const { accountId, userId, actor } = scope;
  return insertAndTell(connection, scope, (client) => add.all(client, { accountId, userId, actor, msisdns }));
}

async function insertAndTell(
  connection: Pool | PoolClient,
  { accountId }: AccountScope,
  insert: (client: PoolClient) => Promise<RowOf<typeof add>[]>,
): Promise<Map<string, string>> {
  const rows = await joinTransaction(connection, async (client) => {
    const entries = await insert(client);
    if (entries.some(({ isNew }) => isNew)) await tellAccounts(client, [accountId], ['opt-outs']);
    return entries;
  });
  return new Map(
    rows.filter((row) => !row.isNew).map((row) => [row.msisdn, row.createdAt.toISOString()] as const),
  );
}

const remove = statement({
  name: 'remove-opt-outs',
  values: { accountId: 'int4', msisdns: 'text[]', actor: 'text' },
  columns: { ...columnsOf('OptOut', 'msisdn', 'kind'), isRemoved: 'bool' },
  sql: ($) => `
    with target as (
      -- Locked in the order of the key, as replies lock them. A row that another transaction was changing is read as
      -- that one left it; one that it deleted is not here.
      select account_id, msisdn, kind from opt_out
      where account_id = ${$.accountId} and msisdn = any (${$.msisdns})
      order by msisdn
      for update
    ), ${endSql({
      accounts: $.accountId,
      entries: 'removed',
      using: 'target',
      where: `opt_out.msisdn = target.msisdn`,
      kinds: removableKinds,
      event: { kind: 'REMOVED', actor: $.actor, evidence: { cause: 'account', kind: 'kind' } },
    })}
    select target.msisdn, target.kind, removed.msisdn is not null as "isRemoved"
    from target left join removed using (msisdn)`,
});

/**
 * Lifts blocks that the account made itself; never one that a recipient's reply or the provider's staff made.
 * The guard stands in the statement: whoever replies "Stop" while this runs stays blocked, whichever of the
 * two is first. One statement: the entries, their events, the tally.
 *
 * @param msisdns at most `maxNumbersAtATime`
 * @returns one result for each number, in their order
 */
export async function removeOptOuts(
  connection: Pool | PoolClient,
  scope: AccountScope,
  msisdns: readonly string[],
): Promise<RemoveOptOutResult[]> {
  refuseTooMany(msisdns, maxNumbersAtATime);
  const { accountId, actor } = scope;
  const rows = await joinTransaction(connection, async (client) => {
    const found = await remove.all(client, { accountId, actor, msisdns: [...new Set(msisdns)] });
    if (found.some(({ isRemoved }) => isRemoved)) await tellAccounts(client, [accountId], ['opt-outs']);
    return found;
  });
  const found = new Map(rows.map((row) => [row.msisdn, row]));
  return msisdns.map((msisdn) => {
    const row = found.get(msisdn);
    return row?.isRemoved ? { ok: true } : explainRefusal(msisdn, row?.kind);
  });
}

function explainRefusal(msisdn: string, kind: OptOutKind | undefined): RemoveOptOutResult {
  const number = formatMsisdn(msisdn);
  switch (kind) {
    case 'REPLY':
    case 'SHARED_SENDER':
      return {
        ok: false,
        reason: 'made-by-reply',
        message: `${number} opted out by a reply, so only the recipient can lift the block. Request its removal instead.`,
      };
    case 'STAFF':
      return {
        ok: false,
        reason: 'made-by-staff',
        message: `Our staff added ${number}, so only the recipient can lift the block. Request its removal instead.`,
      };
    default:
      return {
        ok: false,
        reason: 'not-there',
        message: `${number} is not on the list any more. Somebody has removed it already.`,
      };
  }
}

function refuseTooMany(numbers: readonly string[], most: number): void {
  if (numbers.length > most) {
    throw new RangeError(`At most ${most} numbers at a time, not ${numbers.length}.`);
  }
}
