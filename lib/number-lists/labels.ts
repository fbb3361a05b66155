import type { FileEncoding, LineProblem, NumberListPurpose, NumberListRow, NumberListState } from './schema';

/** The words for a list and its lines: one source for the screen and for the downloaded report. */

export const problemLabels: Record<LineProblem, string> = {
  empty: 'No number in this line',
  'not-a-number': 'Not a phone number',
  'too-short': 'Too few digits',
  'too-long': 'Too many digits',
  'not-mobile': 'Not a mobile number',
  'unknown-country': 'No such country code',
  'scientific-notation': 'Shortened by a spreadsheet: the last digits are lost',
  'odd-quote': 'A quotation mark (") in this line is not closed properly',
  'too-long-a-line': 'This line is too long to be read',
  'bad-date': 'The date of its consent cannot be read; write it like 2026-11-29',
  'date-to-come': 'The date of its consent is still to come',
  duplicate: 'Already in the list, further up',
};

export const purposeLabels: Record<NumberListPurpose, string> = {
  IMPORT: 'Import',
  CHECK: 'Check',
  CONSENT: 'Consents',
};

export const encodingLabels: Record<FileEncoding, string> = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16 (Unicode text)',
  'utf-16be': 'UTF-16, big-endian',
  'windows-1252': 'Windows (Western European)',
};

const stateLabels: Record<NumberListState, string> = {
  QUEUED: 'Waiting',
  RUNNING: 'Under way',
  DONE: 'Done',
  CANCELLED: 'Cancelled',
  FAILED: 'Failed',
};

export function describeState({ state }: Pick<NumberListRow, 'state'>): string {
  return stateLabels[state];
}
