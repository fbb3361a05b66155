import type { ListView } from '@/lib/lists/schema';
import type { FileFormat } from './format';

export interface DownloadChoice {
  format: FileFormat;
  /** Of a CSV. */
  separator: string;
  /** All of the list, whatever it is narrowed to on screen. */
  everything: boolean;
  /** Ids; null: all columns. */
  columns: readonly string[] | null;
  /** Of a CSV: numbers in a form that Excel does not reckon with. */
  numbersAsText: boolean;
}

/** What narrows a list, as it is declared. */
type Narrowed = Pick<ListView, 'narrowing'>;

/** Of the parameters of a list's page, those that narrow what it shows. */
export function findNarrowing(
  { narrowing }: Narrowed,
  shown: readonly (readonly [string, string])[],
): [string, string][] {
  return shown
    .filter(([name, value]) => narrowing.includes(name) && value)
    .map(([name, value]) => [name, value]);
}

/** The address of a file: the parameters of the list's page, and how the file is to be. */
export function composeDownloadHref(
  path: string,
  list: Narrowed,
  shown: readonly (readonly [string, string])[],
  choice: DownloadChoice,
): string {
  const parameters = new URLSearchParams({ format: choice.format });
  if (choice.format === 'csv') parameters.set('separator', choice.separator);
  for (const [name, value] of choice.everything ? [] : findNarrowing(list, shown))
    parameters.set(name, value);
  const sort = shown.find(([name]) => name === 'sort')?.[1];
  if (sort) parameters.set('sort', sort);
  if (choice.columns) parameters.set('columns', choice.columns.join(','));
  if (choice.format === 'csv' && choice.numbersAsText) parameters.set('text', '1');
  return `${path}?${parameters}`;
}
