import { expect, test } from 'vitest';
import { encodeCursor } from './cursor';
import { ListReader, type ListParams } from './list-search';

const letters = ['A', 'B', 'C'] as const;
const read = (params: ListParams) => {
  const reader = new ListReader(params);
  return reader.finish({ letters: reader.several('letter', letters) });
};

const everything = { search: '', from: null, to: null, sort: 'newest', letters: [] };
const place = { direction: 'older', at: '2026-11-22 10:00:00+00', id: '1' } as const;

test('what a list is narrowed to, its order, and the place to read from', () => {
  const cursor = encodeCursor({ sort: 'oldest', ...place });
  expect(
    read({ q: 'stop', letter: 'C,A', from: '2026-11-01', to: '2026-11-22', sort: 'oldest', cursor }),
  ).toEqual({
    filter: { search: 'stop', letters: ['A', 'C'], from: '2026-11-01', to: '2026-11-22', sort: 'oldest' },
    cursor,
    ignored: [],
  });
  expect(read({})).toEqual({ filter: everything, cursor: null, ignored: [] });
  expect(read({ q: '', letter: '', from: '', cursor: '' })).toEqual({
    filter: everything,
    cursor: null,
    ignored: [],
  });
});

test.each<[ListParams, string]>([
  [{ q: ['a', 'b'] }, 'q'],
  [{ q: 'x'.repeat(501) }, 'q'],
  [{ letter: 'D' }, 'letter'],
  [{ letter: ['A', 'B'] }, 'letter'],
  [{ letter: 'constructor' }, 'letter'],
  [{ from: '2026-02-31' }, 'from'],
  [{ from: '0000-01-01' }, 'from'],
  [{ to: 'yesterday' }, 'to'],
  [{ to: "2026-11-22'; drop table reply; --" }, 'to'],
  [{ sort: 'sideways' }, 'sort'],
  [{ cursor: 'abc' }, 'cursor'],
  [{ cursor: encodeCursor({ sort: 'oldest', ...place }) }, 'cursor'],
])('a value that does not exist is set aside and named: %j', (params, name) => {
  expect(read(params)).toEqual({ filter: everything, cursor: null, ignored: [name] });
});

test('of several values those that exist count, each once', () => {
  expect(read({ letter: 'B,D,B' })).toMatchObject({ filter: { letters: ['B'] }, ignored: ['letter'] });
});

test('a long search is cut', () => {
  expect(read({ q: 'x'.repeat(300) }).filter.search).toHaveLength(200);
});
