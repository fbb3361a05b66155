import type { PoolClient } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { withTransaction } from '@/lib/db/client';
import { prismaOn, type Prisma } from '@/lib/db/prisma';
import { columnsOf, statement } from '@/lib/db/statement';
import { createAccount } from '@/testing/factories';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';

let db: TestDatabase;
let accountId: number;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());
beforeEach(async () => {
  accountId = await createNamed('Before');
});

async function createNamed(name: string): Promise<number> {
  const { id } = await createAccount(db.pool);
  await prismaOn(db.pool).account.update({ where: { id }, data: { name } });
  return id;
}

const readName = statement({
  name: 'read-account-name',
  values: { id: 'int4' },
  columns: columnsOf('Account', 'name'),
  sql: ($) => `select name from account where id = ${$.id}`,
});
const nameOf = async (connection: PoolClient | TestDatabase['pool'] = db.pool) =>
  (await readName.one(connection, { id: accountId }))?.name;
const rename = (prisma: Prisma, name: string) =>
  prisma.account.update({ where: { id: accountId }, data: { name } });

test('Prisma and statements see each other in a transaction, and nobody else sees it before it ends', async () => {
  await withTransaction(db.pool, async (client) => {
    await rename(prismaOn(client), 'Within');
    expect(await nameOf(client)).toBe('Within');
    expect(await nameOf()).toBe('Before');
    expect((await prismaOn(db.pool).account.findUnique({ where: { id: accountId } }))?.name).toBe('Before');
  });
  expect(await nameOf()).toBe('Within');
});

test('what Prisma wrote is undone with the transaction', async () => {
  const failing = withTransaction(db.pool, async (client) => {
    await rename(prismaOn(client), 'Undone');
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await nameOf()).toBe('Before');
});

test('a write of several statements is undone alone when it fails, and with the transaction', async () => {
  const keywords = (prisma: Prisma, words: string[]) =>
    prisma.account.update({
      where: { id: accountId },
      data: {
        name: words.join(' '),
        keywords: { create: words.map((word) => ({ word, match: 'EXACT' as const })) },
      },
    });
  await withTransaction(db.pool, async (client) => {
    const prisma = prismaOn(client);
    await keywords(prisma, ['one', 'two']);
    await expect(keywords(prisma, ['three', 'three'])).rejects.toThrow();
    expect(await nameOf(client)).toBe('one two');
    expect(await prisma.accountKeyword.count({ where: { accountId } })).toBe(2);
  });
  const failing = withTransaction(db.pool, async (client) => {
    await keywords(prismaOn(client), ['four', 'five']);
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await prismaOn(db.pool).accountKeyword.count({ where: { accountId } })).toBe(2);
});

test('transactions at the same time keep their own', async () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const ids = await Promise.all(names.map(createNamed));
  await Promise.all(
    ids.map((id, index) =>
      withTransaction(db.pool, async (client) => {
        const [own] = await Promise.all([
          prismaOn(client).account.findUnique({ where: { id } }),
          prismaOn(client).accountKeyword.count({ where: { accountId: id } }),
        ]);
        await prismaOn(client).account.update({ where: { id }, data: { name: `${own?.name}!` } });
        if (index % 2) throw new Error('no');
      }).catch(() => undefined),
    ),
  );
  const after = await prismaOn(db.pool).account.findMany({
    where: { id: { in: ids } },
    orderBy: { name: 'asc' },
  });
  expect(after.map(({ name }) => name)).toEqual(['a!', 'b', 'c!', 'd', 'e!', 'f']);
});

test('of two transactions that deadlock in Prisma both run in the end', async () => {
  const other = await createNamed('Other');
  let waiting = 0;
  let release: () => void;
  const bothHold = new Promise<void>((resolve) => (release = resolve));
  let attempts = 0;
  const run = (first: number, second: number) =>
    // the owner's pool: others may not set this
    withTransaction(db.owner, async (client) => {
      attempts++;
      await client.query(`set local deadlock_timeout = '20ms'`);
      const add = (id: number) =>
        prismaOn(client).creditBalance.update({
          where: { accountId: id },
          data: { credits: { increment: 1 } },
        });
      await add(first);
      if (++waiting >= 2) release();
      await bothHold;
      await add(second);
    });
  const read = () =>
    prismaOn(db.pool).creditBalance.findMany({ where: { accountId: { in: [accountId, other] } } });
  const before = await read();
  await Promise.all([run(accountId, other), run(other, accountId)]);
  const after = await read();
  expect(before).toHaveLength(2);
  expect(after.map(({ credits }) => credits)).toEqual(before.map(({ credits }) => credits + 2n));
  expect(attempts).toBeGreaterThan(2);
});

test('after its transaction it writes nothing any more', async () => {
  let prisma: Prisma | undefined;
  let client: PoolClient | undefined;
  await withTransaction(db.pool, async (connection) => {
    client = connection;
    prisma = prismaOn(connection);
    await rename(prisma, 'Within');
  });
  await expect(rename(prisma!, 'Late')).rejects.toThrow('after its transaction had ended');
  expect(() => prismaOn(client!)).toThrow('within withTransaction only');
  expect(await nameOf()).toBe('Within');
});

test('is one in a process, of however many bundles it is', async () => {
  vi.resetModules();
  const other = await import('@/lib/db/prisma');
  expect(other.prismaOn).not.toBe(prismaOn);
  expect(other.prismaOn(db.pool)).toBe(prismaOn(db.pool));
});
