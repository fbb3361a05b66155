import { expect, test } from 'vitest';
import { findConfirmationProblem, listConfirmationWarnings } from './schema';

const name = 'Karoo Coffee Roasters';

test.each([
  `You will receive no further SMSs from ${name}.`,
  'KAROO  COFFEE ROASTERS: jy sal niks meer van ons ontvang nie.',
  'KarooCoffeeRoasters. You are opted out.',
  'Opted out of Karoo\u00a0Coffee\nRoasters',
  `${name} ${'x'.repeat(918 - name.length - 1)}`,
])('%j can be the confirmation', (text) => {
  expect(findConfirmationProblem(text, name)).toBeNull();
});

test.each([
  ['', /^Write a text/],
  [' \n ', /^Write a text/],
  ['You are opted out.', /Name your account, “Karoo Coffee Roasters”/],
  ['You are opted out of Karoo Coffee.', /Name your account/],
  [`${name} ${'x'.repeat(918 - name.length)}`, /to 918 characters; these are 919/],
])('%j cannot', (text, problem) => {
  expect(findConfirmationProblem(text, name)).toMatch(problem);
});

test.each([
  ['Opted out. See www.karoo.example', /link/],
  ['Opted out. karoo.co.za', /link/],
  ['Opted out. https://x', /link/],
  ['Opted out. Last chance: 20% off', /“20% off” reads like advertising/],
  ['Opted out. Sale on Monday!', /“Sale” reads like advertising/],
])('%j is warned of', (text, warning) => {
  expect(listConfirmationWarnings(text)).toEqual([expect.stringMatching(warning)]);
});

test('an ordinary confirmation is not', () => {
  const text = `You have been opted out and will receive no further SMSs from ${name}. Questions? 021 555 0123`;
  expect(listConfirmationWarnings(text)).toEqual([]);
});
