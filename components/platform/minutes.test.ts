import { expect, test } from 'vitest';
import { formatMinutes, parseMinutes } from './minutes';

test.each([
  [0, '00:00'],
  [480, '08:00'],
  [1199, '19:59'],
  [1440, '24:00'],
])('%i minutes are %s, and back', (minutes, clock) => {
  expect(formatMinutes(minutes)).toBe(clock);
  expect(parseMinutes(clock)).toBe(minutes);
});

test.each([
  ['8', 480],
  [' 8:30 ', 510],
  ['20h00', 1200],
])('%j is understood', (text, minutes) => {
  expect(parseMinutes(text)).toBe(minutes);
});

test.each(['', 'noon', '24:01', '25', '8:60', '-1', '8:0', '08:00:00'])('%j is no time', (text) => {
  expect(parseMinutes(text)).toBeNull();
});
