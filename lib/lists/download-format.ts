import { z } from 'zod';
import type { CsvFormat } from './csv';

/**
 * A field separator: one plain character. A quote or a line break would break the file; a letter, a digit or
 * a space would break its numbers and words apart; COPY takes single-byte characters only.
 */
export const separatorSchema = z
  .string('Choose a field separator.')
  .refine((value) => [...value].length === 1, 'Type exactly one character as the field separator.')
  .refine(
    (value) => !/["'\r\n]/.test(value),
    'A quote or a line break cannot separate fields. Type another character.',
  )
  .refine(
    (value) => value === '\t' || /^[!-/:-@[-`{-~]$/.test(value),
    'Type a plain sign such as , ; | ^ or ~ as the field separator; letters, digits and spaces cannot separate fields.',
  );

export type DownloadFormat = ({ type: 'csv' } & CsvFormat) | { type: 'xlsx' };

/**
 * How a file is to be, from the parameters of its address: ?format= csv or xlsx; of a CSV, ?separator= one
 * character and ?text=1 for numbers that Excel keeps as text.
 */
export const downloadFormatSchema = z
  .object({
    format: z.enum(['csv', 'xlsx'], 'Ask for format=csv or format=xlsx.').default('csv'),
    separator: separatorSchema.default(','),
    text: z.string().optional(),
  })
  .transform(({ format, separator, text }): DownloadFormat =>
    format === 'xlsx' ? { type: 'xlsx' } : { type: 'csv', separator, numbersAsText: text === '1' },
  );

/** Of a route that answers with a list as a file: how it is to be, and what is said when it does not come. */
export const fileRoute = {
  query: downloadFormatSchema,
  invalid: 'The file cannot be made like this',
  failed: 'The file could not be made',
};
