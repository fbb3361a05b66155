import { sourceLabels } from '@/lib/consents/labels';
import { consentSources, earliestConsentMs, mostAheadMs, type ConsentSource } from '@/lib/consents/schema';
import type { ConsentColumns } from '../schema';
import type { ColumnStats } from './columns';

/** What the cells of a file say of each number's consent: when and how it was given. */

const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

/** "29 Nov 2026" or "2026-11-29", with a time or without; with a zone only as programs write one. */
const yearFirst =
  /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]+(\d{1,2})[:h](\d{2})(?::(\d{2})(?:\.\d+)?)?)?(Z|[+-]\d{2}:?\d{2})?$/i;
const dayFirst =
  /^(\d{1,2})[-/. ](\d{1,2}|[a-z]{3,9})\.?[-/. ](\d{4})(?:[T ,]+(\d{1,2})[:h](\d{2})(?::(\d{2}))?)?$/i;

/**
 * When a consent was given, as a cell says it: the year first, or the day first as in South Africa, never the
 * month. Without a time it is the beginning of the day, without a zone South Africa's.
 *
 * @returns ISO 8601, UTC; 'default': the cell is empty; 'bad-date': it is none, or before 1990; or
 *   'date-to-come'
 */
export function readGivenAt(cell: string, nowMs: number): string {
  const text = cell.trim();
  if (text === '') return 'default';
  const [year, month, day, hours = '0', minutes = '0', seconds = '0', zone = '+02:00'] =
    takeApart(text) ?? [];
  if (year === undefined || month === undefined || day === undefined) return 'bad-date';
  const monthIndex = /^\d/.test(month) ? Number(month) - 1 : findMonth(month);
  const local = Date.UTC(
    Number(year),
    monthIndex,
    Number(day),
    Number(hours),
    Number(minutes),
    Number(seconds),
  );
  // 31 February would be 3 March
  const read = new Date(local);
  const isReal =
    read.getUTCMonth() === monthIndex &&
    read.getUTCDate() === Number(day) &&
    read.getUTCHours() === Number(hours);
  const at = local - readZoneMs(zone);
  if (!isReal || Number(minutes) > 59 || Number(seconds) > 59 || !(at >= earliestConsentMs))
    return 'bad-date';
  return at > nowMs + mostAheadMs ? 'date-to-come' : new Date(at).toISOString();
}

function takeApart(text: string): (string | undefined)[] | null {
  const withYear = yearFirst.exec(text);
  if (withYear) return withYear.slice(1);
  const withDay = dayFirst.exec(text);
  if (!withDay) return null;
  const [, day, month, year, ...time] = withDay;
  return [year, month, day, ...time];
}

/** 'november' is 10; -1 when it is no month. */
function findMonth(word: string): number {
  return months.indexOf(word.slice(0, 3).toLowerCase());
}

function readZoneMs(zone: string): number {
  if (/^z$/i.test(zone)) return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}

const toWord = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^\p{L}]/gu, '')
    .replace(/^(?:by|via|ina|in|on|per)(?=\p{L}{3})/u, '');

const sourceWords = new Map<string, ConsentSource>([
  ...consentSources.flatMap((source): [string, ConsentSource][] => [
    [toWord(source), source],
    [toWord(sourceLabels[source]), source],
  ]),
  ...(
    [
      ['WEB_FORM', 'web website online form webform webpage site'],
      ['PAPER', 'form paperform written'],
      ['SHOP', 'store instore till counter branch'],
      ['PHONE', 'telephone call telephonic'],
      ['SMS', 'text'],
      ['EMAIL', 'mail'],
    ] as const
  ).flatMap(([source, words]) => words.split(' ').map((word): [string, ConsentSource] => [word, source])),
]);

/** How a consent was given, as a cell says it; 'OTHER' for words that are none of ours; null: it is empty. */
export function readSource(cell: string): ConsentSource | null {
  if (cell.trim() === '') return null;
  return sourceWords.get(toWord(cell)) ?? 'OTHER';
}

const dateNames = /\b(?:date|datum|given|day|when|at|on|since|timestamp|time|consented|opted ?in|opt ?in)\b/i;
const sourceNames = /\b(?:source|how|channel|method|via|medium|bron|kanaal)\b/i;

/**
 * The columns that are meant, unless a person chooses others: the first with such a name of whose cells half,
 * as far as they are seen, are dates, or one of the words for how it was given.
 *
 * @param rows the first of the file
 * @param taken the columns with the numbers
 */
export function proposeConsentColumns(
  columns: readonly Pick<ColumnStats, 'name'>[],
  rows: readonly (readonly string[])[],
  taken: readonly number[],
  nowMs: number,
): ConsentColumns {
  const find = (names: RegExp, fits: (cell: string) => boolean): number | null => {
    const found = columns.findIndex(({ name }, index) => {
      if (
        taken.includes(index) ||
        !names.test(name.replaceAll('_', ' ').replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2'))
      )
        return false;
      const cells = rows.map((row) => row[index] ?? '').filter((cell) => cell.trim() !== '');
      return cells.length > 0 && cells.filter(fits).length * 2 >= cells.length;
    });
    return found === -1 ? null : found;
  };
  return {
    date: find(dateNames, (cell) => readGivenAt(cell, nowMs) !== 'bad-date'),
    source: find(sourceNames, (cell) => readSource(cell) !== 'OTHER'),
  };
}
