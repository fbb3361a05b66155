import { findSeparatorProblem } from './separator';

/** What kind of file a list is downloaded as. */
export type FileFormat = 'csv' | 'xlsx';

export const formatChoices = [
  { value: 'csv', label: 'CSV', mark: '.csv' },
  { value: 'xlsx', label: 'Workbook', mark: '.xlsx' },
] as const;

/** What a workbook is good for. */
export const workbookHint =
  'For spreadsheets: numbers keep all their digits, dates are dates, and no text becomes a formula.';

/**
 * What programs do with a file when they are not told of its separator, as scripts/spreadsheets.mjs sees it.
 */
const separatorHints: Record<string, string> = {
  ',': 'LibreOffice Calc and Gnumeric split the columns. Excel does where lists are written with commas in your region.',
  ';': 'Excel splits the columns where lists are written with semicolons in your region, as in South Africa. So do Calc’s import dialog and Gnumeric; Calc without its dialog does not.',
  '\t': 'Calc’s import dialog splits the columns. Gnumeric, and Calc without its dialog, leave each row in one cell.',
  '|': 'Gnumeric splits the columns. Calc never does, unless you type the pipe into its import dialog.',
};

/** For whom a separator is, in a sentence or two. */
export function describeSeparator(separator: string): string {
  if (findSeparatorProblem(separator) !== null) return '';
  return (
    separatorHints[separator] ??
    'For programs that ask for it. Spreadsheets do not split at it by themselves.'
  );
}

/** What the programs make of ="27821234567". */
export function describeNumbersAsText(separator: string): string {
  const excel =
    'For Excel, which may show 27821234567 as 2.78E+10. Calc’s import dialog shows ="27821234567" as it stands';
  return separator === ','
    ? `${excel}. A workbook needs none of this.`
    : `${excel}, and Gnumeric loses the other columns unless the separator is a comma. A workbook needs none of this.`;
}

const storageKey = 'download-format';

/** The kind of file this browser took last; CSV at first. */
export function recallFormat(): FileFormat {
  try {
    return localStorage.getItem(storageKey) === 'xlsx' ? 'xlsx' : 'csv';
  } catch {
    return 'csv';
  }
}

export function rememberFormat(format: FileFormat): void {
  try {
    localStorage.setItem(storageKey, format);
  } catch {
    // Storage is full or switched off: the next download starts with CSV again, which is no harm.
  }
}
