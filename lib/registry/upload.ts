import { z } from 'zod';
import { composeFileFormat, fileParameters, nameFile } from '@/lib/number-lists/upload';
import type { FileFormat } from '@/lib/number-lists/schema';
import { wholeIndustry } from './schema';

/** An answer file that is handed in. */
export interface NewAnswer {
  name: string;
  source: string;
  /** "2026-11-28" */
  answeredOn: string;
  marketerId: number;
  format: FileFormat;
}

/** An answer that an account hands in for itself. */
export type OwnAnswer = Pick<NewAnswer, 'name' | 'answeredOn' | 'format'>;

/** The day that an answer is of. */
export const answeredOn = z.iso.date('Choose the day that the answer is of.');

/** What the upload of an account's own answer says of itself in its address. */
export const ownAnswerParameters = z
  .object({ answeredOn, ...fileParameters })
  .transform(({ answeredOn, ...file }): OwnAnswer => ({
    name: nameFile(file),
    answeredOn,
    format: composeFileFormat(file),
  }));

/** What the upload of an answer by staff says of itself in its address. */
export const answerParameters = z
  .object({
    answeredOn,
    source: z
      .string()
      .transform((source) => source.trim().slice(0, 200))
      .pipe(z.string().min(1, 'Say where the file is from.')),
    /** "W58324" or "58324"; left out or empty: the whole industry. */
    account: z
      .string()
      .trim()
      .regex(/^(?:[Ww]?[1-9]\d{0,8})?$/, 'Write the account’s number like W58324, or leave it empty.')
      .default('')
      .transform((account) => (account === '' ? wholeIndustry : Number(account.replace(/^[Ww]/, '')))),
    ...fileParameters,
  })
  .transform(({ answeredOn, source, account, ...file }): NewAnswer => ({
    name: nameFile(file),
    source,
    answeredOn,
    marketerId: account,
    format: composeFileFormat(file),
  }));
