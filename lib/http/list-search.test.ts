import { expect, test } from 'vitest';
import { readListSearch } from './list-search';

const read = (searchParams: Record<string, string | string[] | undefined>) =>
  readListSearch(Promise.resolve(searchParams));

test('what is sought and the place to read from', async () => {
  expect(await read({ q: 'stop', cursor: 'abc' })).toEqual({ search: 'stop', cursor: 'abc' });
  expect(await read({})).toEqual({ search: '', cursor: null });
});

test('anything odd counts as not given', async () => {
  expect(await read({ q: ['a', 'b'], cursor: ['c'] })).toEqual({ search: '', cursor: null });
  expect(await read({ q: 'x'.repeat(501), cursor: 'y'.repeat(501) })).toEqual({ search: '', cursor: null });
  expect((await read({ q: 'x'.repeat(300) })).search).toHaveLength(200);
});
