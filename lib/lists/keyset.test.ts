import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { encodeCursor, type SortOrder } from './cursor';
import { propertyRuns } from '@/testing/property-runs';
import { readByKeyset } from './keyset';
import type { ListPage } from './schema';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
  await db.owner.query(`
    create table entry (list int, id bigint, at timestamptz(6), primary key (list, id));
    create index on entry (list, at desc, id desc)`);
});
afterAll(() => db.close());

let lists = 0;

/** A list of entries at these microseconds after a moment; answers with its number. */
async function createList(microseconds: readonly number[]): Promise<number> {
  const list = (lists += 1);
  await db.pool.query(
    `insert into entry (list, id, at)
     select $1, position, '2026-11-22 10:00:00+00'::timestamptz + make_interval(secs => us / 1000000.0)
     from unnest($2::bigint[]) with ordinality as entry (us, position)`,
    [list, microseconds],
  );
  return list;
}

const readers = Object.fromEntries(
  (['newest', 'oldest'] as const).map((sort) => [
    sort,
    readByKeyset({
      name: `entries-${sort}`,
      values: { list: 'int4' },
      columns: { id: 'int8' },
      select: 'id',
      from: 'entry',
      where: ($) => [`list = ${$.list}`],
      at: 'at',
      id: 'id',
      sort,
      variants: [{ list: 1 }],
    }),
  ]),
);

function read(
  list: number,
  cursor: string | null,
  pageSize: number,
  sort: SortOrder = 'newest',
): Promise<ListPage<{ id: string }>> {
  return readers[sort]!(db.pool, { list }, cursor, pageSize);
}

const idsOf = (page: ListPage<{ id: string }>) => page.rows.map(({ id }) => Number(id));

/** Follows the way on from the first page to the last. */
async function readOn(
  list: number,
  pageSize: number,
  sort: SortOrder = 'newest',
): Promise<ListPage<{ id: string }>[]> {
  const onwards = sort === 'newest' ? 'older' : 'newer';
  const pages = [await read(list, null, pageSize, sort)];
  for (let last = pages[0]; last?.[onwards]; last = pages.at(-1))
    pages.push(await read(list, last[onwards], pageSize, sort));
  return pages;
}

test('an empty list has one empty page', async () => {
  expect(await read(await createList([]), null, 3)).toEqual({ rows: [], newer: null, older: null });
});

test('neighbours a microsecond apart, and at the same microsecond, each come once', async () => {
  // newest first: 6 and 5 share a microsecond, as do 3, 2 and 1
  const list = await createList([0, 0, 0, 1, 2, 2, 3]);
  for (const pageSize of [1, 2, 3, 4, 6, 7, 8]) {
    const pages = await readOn(list, pageSize);
    expect(pages.flatMap(idsOf)).toEqual([7, 6, 5, 4, 3, 2, 1]);
    expect(pages).toHaveLength(Math.ceil(7 / pageSize));
    expect(pages[0]?.newer).toBeNull();
    expect(pages.at(-1)?.older).toBeNull();
  }
});

test('there and back again: whatever the times, the order and the size of a page', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 12 }),
      fc.integer({ min: 1, max: 5 }),
      fc.constantFrom<SortOrder>('newest', 'oldest'),
      async (microseconds, pageSize, sort) => {
        const list = await createList(microseconds);
        const forth = await readOn(list, pageSize, sort);
        const back = [forth.at(-1) as ListPage<{ id: string }>];
        const way = sort === 'newest' ? 'newer' : 'older';
        for (let first = back[0]; first?.[way]; first = back[0])
          back.unshift(await read(list, first[way], pageSize, sort));

        const everything = forth.flatMap(idsOf);
        expect(everything).toHaveLength(microseconds.length);
        expect(back.flatMap(idsOf)).toEqual(everything);
        const newestFirst = microseconds
          .map((us, index) => ({ us, id: index + 1 }))
          .sort((a, b) => b.us - a.us || b.id - a.id)
          .map(({ id }) => id);
        expect(everything).toEqual(sort === 'newest' ? newestFirst : newestFirst.reverse());
      },
    ),
    propertyRuns(50),
  );
});

test('a cursor of the other order starts at the beginning', async () => {
  const list = await createList([1, 2, 3, 4]);
  const { older } = await read(list, null, 2);
  expect(older).not.toBeNull();
  expect(idsOf(await read(list, older, 2, 'oldest'))).toEqual([1, 2]);
});

test('what is added while one reads shifts nothing', async () => {
  const list = await createList([10, 20, 30, 40]);
  const first = await read(list, null, 2);
  await db.pool.query(`insert into entry select $1, 100, '2026-11-22 11:00:00+00'`, [list]);
  const second = await read(list, first.older, 2);
  expect(idsOf(second)).toEqual([2, 1]);
  const back = await read(list, second.newer, 2);
  expect(idsOf(back)).toEqual([4, 3]);
  expect(idsOf(await read(list, back.newer, 2))).toEqual([100, 4]);
});

test('a cursor that nobody gave out starts at the beginning', async () => {
  const list = await createList([1, 2, 3]);
  const beginning = await read(list, null, 2);
  for (const odd of [
    '',
    'abc',
    encodeCursor({ sort: 'newest', direction: 'older', at: 'now()', id: '1' }),
    `${beginning.older}x`.repeat(50),
  ]) {
    expect(await read(list, odd, 2)).toEqual(beginning);
  }
});

test('a time that does not exist is no place, and no error', async () => {
  const list = await createList([1, 2, 3]);
  const real = encodeCursor({
    sort: 'newest',
    direction: 'older',
    at: '2024-02-29 23:59:59.999999+15:59',
    id: '1',
  });
  expect(idsOf(await read(list, real, 2))).toEqual([3, 2]);
  for (const at of [
    '2026-02-31 10:00:00+00',
    '2026-13-01 10:00:00+00',
    '0000-01-01 10:00:00+00',
    '2026-11-22 25:00:00+00',
    '2026-11-22 10:60:00+00',
    '2026-11-22 10:00:00+99',
    '2026-11-22 10:00:00+02:75',
  ]) {
    expect(
      idsOf(await read(list, encodeCursor({ sort: 'newest', direction: 'older', at, id: '1' }), 2)),
    ).toEqual([3, 2]);
  }
});
