import type { Pool } from 'pg';
import type { AccountScope } from '@/lib/auth/scope';
import { columnsOf, statement } from '@/lib/db/statement';
import { importNumberList } from './import-job';

/**
 * So long one account's import runs while others wait; then theirs have their turn, and this one goes on
 * after them.
 */
const turnMs = 10_000;

/**
 * Works on an account's import for one turn: on the one that has begun, so that they are done one after
 * another, else on this.
 *
 * @param signal ends the turn between two batches; so does its own time
 * @returns whether this list has ended
 * @throws what this list failed with. When another of the account failed, that one waits for its own job to
 *   try again.
 */
export async function takeImportTurn(
  pool: Pool,
  scope: AccountScope,
  listId: string,
  signal?: AbortSignal,
  ms = turnMs,
): Promise<boolean> {
  const end = AbortSignal.any([AbortSignal.timeout(ms), ...(signal ? [signal] : [])]);
  const begun = await findBegunImport(pool, scope);
  if (begun !== null && begun !== listId) {
    try {
      await importNumberList(pool, scope, begun, end);
    } catch {
      // Its own job meets the same, says so in the log, and knows how often it has been tried.
      await putImportBack(pool, scope, begun);
    }
    return isImportOver(pool, scope, listId);
  }
  try {
    return await importNumberList(pool, scope, listId, end);
  } catch (error) {
    // The account's others need not wait until it is tried again.
    await putImportBack(pool, scope, listId);
    throw error;
  }
}

const ofList = { accountId: 'int4', listId: 'int8' } as const;

const findBegun = statement({
  name: 'find-begun-import',
  values: { accountId: 'int4' },
  columns: columnsOf('NumberList', 'id'),
  sql: ($) => `
    select id from number_list
    where account_id = ${$.accountId} and purpose <> 'CHECK' and state = 'RUNNING' order by id limit 1`,
});

async function findBegunImport(pool: Pool, { accountId }: AccountScope): Promise<string | null> {
  return (await findBegun.one(pool, { accountId }))?.id ?? null;
}

const findUnended = statement({
  name: 'find-unended-import',
  values: ofList,
  sql: ($) => `
    select from number_list
    where account_id = ${$.accountId} and id = ${$.listId} and state in ('QUEUED', 'RUNNING')`,
});

async function isImportOver(pool: Pool, { accountId }: AccountScope, listId: string): Promise<boolean> {
  return (await findUnended.run(pool, { accountId, listId })) === 0;
}

const putBack = statement({
  name: 'put-import-back',
  values: ofList,
  sql: ($) => `
    update number_list set state = 'QUEUED'
    where account_id = ${$.accountId} and id = ${$.listId} and state = 'RUNNING'`,
});

/** What it has added stays, and it goes on from there. */
async function putImportBack(pool: Pool, { accountId }: AccountScope, listId: string): Promise<void> {
  await putBack.run(pool, { accountId, listId });
}
