import { expect, test } from 'vitest';
import {
  addReadyEnding,
  beginWithName,
  describeMissingFromMarketing,
  findMissingFromMarketing,
  readyEnding,
} from './marketing-text';

const names = ['Karoo Coffee Roasters (Pty) Ltd'];

test.each([
  ['Spring sale: 40% off all tulips.', { name: true, wayOut: true }],
  ['Karoo Coffee: 40% off this week. Reply STOP to opt out', { name: false, wayOut: false }],
  ['KAROO-COFFEE Roasters! 40% off. Opt-out: SMS end', { name: false, wayOut: false }],
  ['Kom kuier by Karoo Coffee. Stuur stop om te stop', { name: false, wayOut: false }],
  ['Coffee from the Karoo, nonstop. Unstoppable!', { name: true, wayOut: true }],
  [`Karoo coffee. ${readyEnding}`, { name: false, wayOut: false }],
])('%s', (text, missing) => {
  expect(findMissingFromMarketing(text, names)).toEqual(missing);
});

test('a name of one word, with an accent or an apostrophe, and one of several names', () => {
  expect(findMissingFromMarketing('Woolworths has it. STOP', ['Woolworths Ltd'])).toMatchObject({
    name: false,
  });
  expect(findMissingFromMarketing('Nandos: flame-grilled', ['Nando’s'])).toMatchObject({ name: false });
  expect(findMissingFromMarketing('Cafe Bloem', ['Café Bloem CC'])).toMatchObject({ name: false });
  expect(findMissingFromMarketing('Bean There', ['Karoo Coffee', 'Bean There'])).toMatchObject({
    name: false,
  });
  expect(findMissingFromMarketing('anything', ['(Pty) Ltd'])).toMatchObject({ name: true });
});

test('what is offered mends it', () => {
  for (const text of ['Spring sale', 'Spring sale!', 'Spring sale.\nAll tulips', '  Spring sale ']) {
    const whole = addReadyEnding(beginWithName(text, names[0] as string));
    expect(findMissingFromMarketing(whole, names)).toEqual({ name: false, wayOut: false });
  }
  expect(addReadyEnding('Spring sale')).toBe('Spring sale. Opt out: reply STOP');
  expect(addReadyEnding('Spring sale!\nTulips')).toBe('Spring sale!\nTulips\nOpt out: reply STOP');
  expect(beginWithName('Spring sale', names[0] as string)).toBe('Karoo Coffee Roasters: Spring sale');
});

test('a name that is a company form alone is said whole; one without a letter cannot be looked for', () => {
  expect(beginWithName('Sale', '(Pty) Ltd')).toBe('(Pty) Ltd: Sale');
  expect(findMissingFromMarketing('Sale', ['☕'])).toMatchObject({ name: false });
  expect(findMissingFromMarketing('Sale', ['☕', 'Karoo'])).toMatchObject({ name: true });
});

test('what is missing is said with what mends it, and what that costs', () => {
  const describe = (text: string) => describeMissingFromMarketing(text, ['Karoo Coffee CC', 'Bean There']);
  expect(describe('Karoo Coffee: sale! Reply STOP')).toBeNull();
  expect(describe('Bean There: sale! Reply STOP')).toBeNull();
  expect(describe('Sale!')).toBe(
    'A marketing text has to say who is speaking and how to opt out. This one does not say who is speaking: begin it with “Karoo Coffee:”. ' +
      'This one does not say how to opt out: end it with “Opt out: reply STOP”. It then still takes 1 segment.',
  );
  expect(describe(`Bean There: ${'a'.repeat(140)}`)).toBe(
    'A marketing text has to say who is speaking and how to opt out. ' +
      'This one does not say how to opt out: end it with “Opt out: reply STOP”. It then takes 2 segments instead of 1.',
  );
});
