import { describe, expect, test } from 'vitest';
import { parseMsisdn } from './msisdn';
import { parseSouthAfricanMsisdn } from './msisdn-za';
import { readCell, splitRecipients } from './recipients';

test('lines, commas, semicolons and tabs part numbers; spaces belong to them', () => {
  expect(
    splitRecipients('082 123 4567\n+27 (0)83 123 4567\r\n0841234567, 0851234567;\t 0861234567 ;'),
  ).toEqual(['082 123 4567', '+27 (0)83 123 4567', '0841234567', '0851234567', '0861234567']);
});

test('nothing typed is nobody', () => {
  expect(splitRecipients('')).toEqual([]);
  expect(splitRecipients(' \n\r\n,;\t')).toEqual([]);
});

test.each([
  { typed: '082 123 4567 ::: +27 83 123 4567', parts: ['082 123 4567', '+27 83 123 4567'] },
  { typed: '082 123 4567 / 083 123 4567', parts: ['082 123 4567', '083 123 4567'] },
  { typed: '0821234567 or 0831234567', parts: ['0821234567', '0831234567'] },
  { typed: '0821234567|0831234567', parts: ['0821234567', '0831234567'] },
  { typed: '0821234567 0831234567', parts: ['0821234567', '0831234567'] },
  { typed: '26658123456 / 26658123457', parts: ['26658123456', '26658123457'] },
  { typed: '0821234567\u20280831234567', parts: ['0821234567', '0831234567'] },
  { typed: '"0821234567","0831234567"', parts: ['"0821234567"', '"0831234567"'] },
  { typed: '082/1234567', parts: ['082/1234567'] },
  { typed: '27821234000,00', parts: ['27821234000,00'] },
  { typed: '27821234000,00, 27831234000,00', parts: ['27821234000,00', '27831234000,00'] },
  { typed: '27,821,234,000', parts: ['27,821,234,000'] },
  { typed: 'Thandi, 0821234567', parts: ['Thandi', '0821234567'] },
  { typed: '0821234567/8', parts: ['0821234567/8'] },
])('$typed is $parts', ({ typed, parts }) => {
  expect(splitRecipients(typed)).toEqual(parts);
});

describe('a cell', () => {
  const read = (cell: string) =>
    readCell(cell, parseMsisdn).map(({ input, result }) => [
      input,
      result.ok ? result.msisdn : result.reason,
    ]);

  test.each([
    { cell: '082 123 4567', numbers: [['082 123 4567', '27821234567']] },
    { cell: ' \t', numbers: [] },
    {
      cell: '082 123 4567 ::: 083 123 4567',
      numbers: [
        ['082 123 4567', '27821234567'],
        ['083 123 4567', '27831234567'],
      ],
    },
    {
      cell: '0821234567\n021 555 0123',
      numbers: [
        ['0821234567', '27821234567'],
        ['021 555 0123', 'not-mobile'],
      ],
    },
    { cell: '27821234000,00', numbers: [['27821234000,00', '27821234000']] },
    // words with commas in them are one thing that is no number, not many
    { cell: 'see Thandi, Durban; or Priya', numbers: [['see Thandi, Durban; or Priya', 'not-a-number']] },
  ])('$cell holds $numbers', ({ cell, numbers }) => {
    expect(read(cell)).toEqual(numbers);
  });

  test('is taken apart alike by the page and by the server', () => {
    const cells = [
      '0821234567 / 0831234567',
      '+44 7400 123456; 0821234567',
      'x, 26658123456',
      '0821234567/8',
    ];
    for (const cell of cells) {
      const onPage = readCell(cell, parseSouthAfricanMsisdn).map(({ input }) => input);
      expect(onPage).toEqual(readCell(cell, parseMsisdn).map(({ input }) => input));
    }
  });

  test('of any shape takes steps in proportion to its length', () => {
    for (const shape of [
      '0821234567 / ',
      '0,',
      '082 ',
      ' ',
      '00 ,',
      '/',
      '0821234567 or ',
      ':',
      'a: ',
      ',0 ',
    ]) {
      const count = (length: number) => {
        let steps = 0;
        readCell(shape.repeat(length), (input) => {
          steps += input.length;
          return parseMsisdn(input);
        });
        return steps;
      };
      expect(count(20_000)).toBeLessThanOrEqual(2.2 * count(10_000));
    }
  });
});
