import { expect, test, vi } from 'vitest';
import { AppError } from '@/lib/http/app-error';
import { log } from '@/lib/log';
import { loadList } from './load-list';

test('a list that can be read is handed on as it is', async () => {
  const page = { rows: ['a row'], newer: null, older: 'on' };
  expect(await loadList(58324, Promise.resolve(page))).toEqual({ page });
});

test('one that cannot be read is no error of the page: it is logged, and said in its place', async () => {
  const error = vi.spyOn(log, 'error').mockImplementation(() => undefined);
  const err = new Error('canceling statement due to statement timeout');
  expect(await loadList(58324, Promise.reject(err))).toEqual({
    page: { rows: [], newer: null, older: null },
    problem: 'error',
  });
  expect(error).toHaveBeenCalledWith({ err, accountId: 58324 }, 'A list could not be read');
});

test('a search for which there was no place is said for what it is', async () => {
  const err = new AppError('search-busy', 'There was no place for a search.');
  expect(await loadList(58324, Promise.reject(err))).toMatchObject({ problem: 'busy' });
});

test('a search that takes too long is said for what it is', async () => {
  const err = new AppError('search-too-long', 'A search took too long and was ended.');
  expect(await loadList(58324, Promise.reject(err))).toMatchObject({ problem: 'too-long' });
});
