import { expect, test } from 'vitest';
import { nothing, setRow, type Selection } from './selection';

const order = ['a', 'b', 'c', 'd', 'e'];
const idsOf = ({ ids }: Selection) => [...ids].sort().join('');

test('rows are chosen and let go one by one', () => {
  const two = setRow(setRow(nothing, order, 'b', true, false), order, 'd', true, false);
  expect(idsOf(two)).toBe('bd');
  expect(idsOf(setRow(two, order, 'b', false, false))).toBe('d');
  expect(idsOf(two)).toBe('bd');
});

test('Shift takes all rows from the last one, up or down, chosen or let go', () => {
  const down = setRow(setRow(nothing, order, 'b', true, false), order, 'd', true, true);
  expect(idsOf(down)).toBe('bcd');
  expect(idsOf(setRow(down, order, 'a', true, true))).toBe('abcd');
  expect(idsOf(setRow(down, order, 'c', false, true))).toBe('b');
});

test('Shift takes the row alone when there is no last one, or it has left the page', () => {
  expect(idsOf(setRow(nothing, order, 'd', true, true))).toBe('d');
  const first = setRow(nothing, order, 'a', true, false);
  expect(idsOf(setRow(first, order.slice(1), 'd', true, true))).toBe('ad');
});
