import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withTransaction } from '@/lib/db/client';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { createAccount, nextMsisdn, type TestAccount } from '@/testing/factories';
import { storeNumberList } from './commands';
import { importBatch } from './import-job';
import { takeImportTurn } from './import-turn';
import { readNumberList } from './queries';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

async function storeImport(account: TestAccount, count: number): Promise<string> {
  const format = { encoding: 'utf-8', separator: ',', columns: [0], headerRows: 0 } as const;
  const list = { purpose: 'IMPORT' as const, name: 'numbers.csv', format };
  const numbers = Array.from({ length: count }, nextMsisdn).join('\n');
  return storeNumberList(db.copyPool, account.scope, list, Readable.from([Buffer.from(numbers)]));
}

/** A batch of it, as if its turn had ended then. */
function begin(account: TestAccount, id: string): Promise<boolean> {
  return withTransaction(db.pool, (client) => importBatch(client, account.scope, id, { size: 10 }));
}

async function readState(account: TestAccount, id: string): Promise<string | undefined> {
  return (await readNumberList(db.pool, account.scope, id))?.state;
}

/** From now on the database refuses these numbers. */
async function refuse(account: TestAccount): Promise<() => Promise<void>> {
  const name = `refused_${account.id}`;
  await db.owner.query(
    `alter table opt_out add constraint ${name} check (account_id <> ${account.id} or kind <> 'IMPORT') not valid`,
  );
  return async () => void (await db.owner.query(`alter table opt_out drop constraint ${name}`));
}

test('an account’s imports are done one after another: the one that has begun goes on, whosever turn it is', async () => {
  const account = await createAccount(db.pool);
  const [first, second] = [await storeImport(account, 30), await storeImport(account, 30)];
  await begin(account, first);
  expect(await takeImportTurn(db.pool, account.scope, second)).toBe(false);
  expect(await readState(account, first)).toBe('DONE');
  expect(await readState(account, second)).toBe('QUEUED');
  expect(await takeImportTurn(db.pool, account.scope, first)).toBe(true);
  expect(await takeImportTurn(db.pool, account.scope, second)).toBe(true);
  expect(await readState(account, second)).toBe('DONE');
});

test('another account’s import is left alone', async () => {
  const [mine, other] = [await createAccount(db.pool), await createAccount(db.pool)];
  const begun = await storeImport(other, 30);
  await begin(other, begun);
  expect(await takeImportTurn(db.pool, mine.scope, await storeImport(mine, 10))).toBe(true);
  expect(await readState(other, begun)).toBe('RUNNING');
});

test('a turn ends between two batches, and the next goes on there', async () => {
  const account = await createAccount(db.pool);
  const id = await storeImport(account, 30);
  await begin(account, id);
  expect(await takeImportTurn(db.pool, account.scope, id, AbortSignal.abort())).toBe(false);
  expect(await readNumberList(db.pool, account.scope, id)).toMatchObject({ state: 'RUNNING', added: 10 });
  expect(await takeImportTurn(db.pool, account.scope, id)).toBe(true);
  expect(await readNumberList(db.pool, account.scope, id)).toMatchObject({ state: 'DONE', added: 30 });
});

test('an import that fails holds up neither the account’s next nor itself', async () => {
  const account = await createAccount(db.pool);
  const [failing, next] = [await storeImport(account, 30), await storeImport(account, 10)];
  await begin(account, failing);
  const allow = await refuse(account);
  // in its own turn it fails; in another's it is put back, and the other is told to come again
  await expect(takeImportTurn(db.pool, account.scope, failing)).rejects.toThrow('violates check constraint');
  expect(await readState(account, failing)).toBe('QUEUED');
  await db.pool.query(`update number_list set state = 'RUNNING' where id = $1`, [failing]);
  expect(await takeImportTurn(db.pool, account.scope, next)).toBe(false);
  expect(await readState(account, failing)).toBe('QUEUED');
  await allow();
  for (const id of [next, failing]) {
    expect(await takeImportTurn(db.pool, account.scope, id)).toBe(true);
    expect(await readState(account, id)).toBe('DONE');
  }
});
