/**
 * How every CSV file of the product is written: once as SQL, since lists go straight from COPY to the reader,
 * and once in JavaScript, for what is not a query. A property test holds the two to the same bytes.
 *
 * What the cells must bear is described in docs/decisions/0024-files-for-spreadsheets.md.
 */
import Papa from 'papaparse';
import { escapeLiteral } from 'pg';
import { inlineValues, type FileColumn, type FileQuery } from './file-query';
import type { ColumnType } from './schema';

export interface CsvFormat {
  /** One character, see `separatorSchema`. */
  separator: string;
  /** Numbers as ="27821234567", which Excel keeps as text. */
  numbersAsText: boolean;
}

export const byteOrderMark = '\uFEFF';

/** What may begin a formula; the wide forms are those of Japanese and Chinese keyboards. */
const formulaSigns = '=+@＝＋－＠-';
/** Where a spreadsheet that was told of other separators, or of no quotes, would begin another cell. */
const cellBreaks = String.raw`,;|\t\r\n\v\f\u0085\u2028\u2029`;
const numberAsTyped = String.raw`^[+]?[0-9][0-9 ()./-]*$`;

/** What the expressions below say is read alike by JavaScript and by PostgreSQL. */
function composeBreaks(separator: string): string {
  const breaks = separator === '\t' ? '' : `\\${separator}`;
  return `[${cellBreaks}${breaks}] *(?=[${formulaSigns}])`;
}

const begins = String.raw`^ *(?=[\t\r${formulaSigns}])`;
const quickLook = String.raw`[\t\r${formulaSigns}]`;
const quickLookPattern = new RegExp(quickLook);
const beginsPattern = new RegExp(begins);
const numberAsTypedPattern = new RegExp(numberAsTyped);

/**
 * A text of which no spreadsheet takes a part for a formula (OWASP, CSV injection): an apostrophe goes before
 * `= + - @` at its beginning and after each sign at which a spreadsheet may break it into cells; and before a
 * tab or return at its beginning.
 */
export function makeHarmless(text: string, separator: string): string {
  if (!quickLookPattern.test(text)) return text;
  return text.replace(new RegExp(composeBreaks(separator), 'g'), "$&'").replace(beginsPattern, "$&'");
}

/** {@link makeHarmless} in SQL; `written` is the part of it that a stranger wrote. */
function harmlessSql(sql: string, separator: string, written = sql): string {
  const breaks = escapeLiteral(composeBreaks(separator));
  return `case when ${written} ~ '${quickLook}'
    then regexp_replace(regexp_replace(${sql}, ${breaks}, '\\&''', 'g'), '${begins}', '\\&''') else ${sql} end`;
}

/** As btrim does it: spaces alone, not tabs or returns. Linear, however many spaces stand within. */
function trimSpaces(text: string): string {
  return text.replace(/^ +|(?<! ) +$/g, '');
}

/**
 * What a network calls itself, without the signs that would have to be quoted: it may stand in the first
 * column.
 */
function nameSigns(separator: string): string {
  return `",;|\t\r\n${',;|\t'.includes(separator) ? '' : separator}`;
}

function writeValue(value: string, type: ColumnType, { separator, numbersAsText }: CsvFormat): string {
  switch (type) {
    case 'number': {
      if (/^[0-9]*$/.test(value)) return numbersAsText ? `="${value}"` : value;
      const signs = nameSigns(separator);
      const name = [...value].map((sign) => (signs.includes(sign) ? ' ' : sign)).join('');
      return makeHarmless(trimSpaces(name), separator);
    }
    case 'given-number':
      if (!numberAsTypedPattern.test(value)) return makeHarmless(value, separator);
      return numbersAsText ? `="${value}"` : value;
    case 'text':
      return makeHarmless(value, separator);
    case 'words':
    case 'integer':
    case 'time':
      return value;
  }
}

function valueSql(column: FileColumn, format: CsvFormat, timeZone: string): string {
  const { sql, type, written } = column;
  const { separator, numbersAsText } = format;
  const asText = (value: string) => (numbersAsText ? `'="' || ${value} || '"'` : value);
  switch (type) {
    case 'number': {
      const signs = nameSigns(separator);
      const name = `btrim(translate(${sql}, ${codePointsSql(signs)}, '${' '.repeat([...signs].length)}'))`;
      return `case when ltrim(${sql}, '0123456789') = '' then ${asText(sql)} else ${harmlessSql(name, separator)} end`;
    }
    case 'given-number':
      return `case when ${sql} ~ '${numberAsTyped}' then ${asText(sql)} else ${harmlessSql(sql, separator)} end`;
    case 'text':
      return harmlessSql(sql, separator, written);
    case 'time':
      return `to_char(${sql} at time zone ${escapeLiteral(timeZone)}, 'YYYY-MM-DD HH24:MI:SS')`;
    case 'words':
    case 'integer':
      return sql;
  }
}

/** A string of SQL without the escapes that psql's \copy does not read. */
function codePointsSql(text: string): string {
  return [...text].map((sign) => `chr(${sign.codePointAt(0)})`).join(' || ');
}

const isQuoted = ({ type }: { type: ColumnType }) =>
  type === 'text' || type === 'words' || type === 'given-number';

/**
 * The columns in the order of a CSV file: as chosen, but the first is one that needs no quotes, where there
 * is one. Gnumeric takes a first field in quotes for a line of that field alone unless the separator is a
 * comma.
 */
export function orderForCsv<Column extends { type: ColumnType }>(
  columns: readonly Column[],
): readonly Column[] {
  if (columns[0] === undefined || !isQuoted(columns[0])) return columns;
  const first = columns.find((column) => !isQuoted(column));
  return first === undefined ? columns : [first, ...columns.filter((column) => column !== first)];
}

const plainFormat: CsvFormat = { separator: ',', numbersAsText: false };

/**
 * A text in the first column stands there without quotes, where spaces at its ends would be a matter of who
 * reads it.
 */
function trimFirst(value: string, type: ColumnType, index: number): string {
  return index === 0 && isQuoted({ type }) ? trimSpaces(value) : value;
}

function trimFirstSql(sql: string, type: ColumnType, index: number): string {
  return index === 0 && isQuoted({ type }) ? `btrim(${sql})` : sql;
}

function columnsOf({ columns, described }: FileQuery): readonly FileColumn[] {
  return described ? columns : orderForCsv(columns);
}

/** The query of a CSV file's rows, each value as it stands there. */
export function composeCsvSelect(file: FileQuery, format = plainFormat): string {
  const selected = columnsOf(file).map(
    (column, index) =>
      `${trimFirstSql(valueSql(column, format, file.timeZone), column.type, index)} as "${column.label}"`,
  );
  return inlineValues(`select ${selected.join(', ')} ${file.source}`, file.values);
}

/** The line of headings that somebody has described; nothing where COPY writes one, or there is none. */
export function writeDescribedHeadings({ columns, described }: FileQuery, { separator }: CsvFormat): string {
  if (!described?.hasHeadings) return '';
  return writeCsvHeader(
    columns.map(({ heading, label }) => makeHarmless(heading ?? label, separator)),
    separator,
  );
}

/** The statement that writes a file as CSV, without its byte-order mark and what somebody has described. */
export function composeCsvCopy(file: FileQuery, format = plainFormat): string {
  const quoted = columnsOf(file).slice(1).filter(isQuoted);
  const force =
    quoted.length > 0 ? `, force_quote (${quoted.map(({ label }) => `"${label}"`).join(', ')})` : '';
  const options = `format csv, header ${!file.described}, delimiter ${escapeLiteral(format.separator)}${force}`;
  return `copy (${composeCsvSelect(file, format)}) to stdout with (${options})`;
}

/** Rows as COPY writes them: texts in quotes but in the first column, lines that end with a line feed. */
export function writeCsvRows(
  rows: readonly (readonly (string | null)[])[],
  types: readonly ColumnType[],
  format: CsvFormat,
): string {
  const written = rows.map((row) =>
    types.map((type, index) => {
      const value = row[index] ?? null;
      return value === null ? null : trimFirst(writeValue(value, type, format), type, index);
    }),
  );
  return unparse(written, format.separator, (value, index) => {
    const type = types[index] as ColumnType;
    // COPY quotes what would end its own text format, too, where it stands alone.
    return (index > 0 && isQuoted({ type })) || (types.length === 1 && value === '\\.');
  });
}

/** The first line of a file. */
export function writeCsvHeader(labels: readonly string[], separator: string): string {
  return unparse([labels], separator, () => false);
}

/**
 * Lines of CSV, each with its line feed. What COPY writes in quotes, an empty text too, is in quotes; null is
 * nothing.
 */
function unparse(
  rows: readonly (readonly (string | null)[])[],
  separator: string,
  isQuotedAnyway: (value: string, index: number) => boolean,
): string {
  if (rows.length === 0) return '';
  const quotes = (value: unknown, index: number) =>
    value === '' || isQuotedAnyway(String(value), index) || /[\r\n]/.test(String(value));
  const options = { delimiter: separator, newline: '\n', quotes };
  return `${Papa.unparse(rows as (string | null)[][], options)}\n`;
}
