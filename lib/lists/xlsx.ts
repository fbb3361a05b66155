/**
 * Writes workbooks (Office Open XML, ECMA-376) as a stream: rows become XML, and yazl zips it as it comes.
 * Numbers and texts are text cells, moments are dates, and nothing is a formula. Why not a library:
 * docs/decisions/0024-files-for-spreadsheets.md.
 */
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import type { ColumnType } from './schema';

export interface XlsxColumn {
  label: string;
  type: ColumnType;
}

export type XlsxRow = readonly (string | null)[];

/** What Excel takes: rows of a sheet, its heading among them, and UTF-16 units of a cell. */
const maxSheetRows = 1_048_576;
const maxCellLength = 32_767;
const cutNote = ' … [Cut here: a cell holds 32,767 characters. The whole text is in the CSV file.]';
/** XML is handed on in pieces of about this many characters. */
const pieceLength = 48 * 1024;

const isText = (type: ColumnType) => type !== 'integer' && type !== 'time';

const mustEscape = /[&<>\0-\x08\x0b-\x1f\ufffe\uffff]|_x[0-9a-f]{4}_/i;

/**
 * A text as the content of a cell: what XML cannot hold is written _xHHHH_, and so is what would be read as
 * that.
 */
export function escapeCellText(text: string): string {
  const kept = text.length > maxCellLength ? cutText(text) : text;
  if (!mustEscape.test(kept)) return kept;
  return kept
    .replace(/_(?=x[0-9a-f]{4}_)/gi, '_x005F_')
    .replace(/[&<>]/g, (sign) => (sign === '&' ? '&amp;' : sign === '<' ? '&lt;' : '&gt;'))
    .replace(
      // a return, too: XML reads it as a line feed
      /[\0-\x08\x0b-\x1f\ufffe\uffff]/g,
      (sign) => `_x${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`,
    );
}

function cutText(text: string): string {
  const end = maxCellLength - cutNote.length;
  // not between the two halves of one sign
  return text.slice(0, /[\ud800-\udbff]/.test(text.charAt(end - 1)) ? end - 1 : end) + cutNote;
}

/** The letters of a column, from 0: A, B, …, Z, AA. */
function nameColumn(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : nameColumn(Math.floor(index / 26) - 1) + last;
}

interface CellFrame {
  open: string;
  afterRow: string;
  close: string;
  isEscaped: boolean;
}

// The styles of `stylesXml`, by place.
const styles = { text: 1, time: 2, heading: 3 };

function frameCell({ type }: XlsxColumn, index: number): CellFrame {
  const open = `<c r="${nameColumn(index)}`;
  if (isText(type)) {
    const afterRow = `" s="${styles.text}" t="inlineStr"><is><t xml:space="preserve">`;
    return { open, afterRow, close: '</t></is></c>', isEscaped: true };
  }
  const style = type === 'time' ? ` s="${styles.time}"` : '';
  return { open, afterRow: `"${style}><v>`, close: '</v></c>', isEscaped: false };
}

const widths: Record<ColumnType, number> = {
  number: 16,
  'given-number': 20,
  text: 40,
  words: 20,
  integer: 11,
  time: 19,
};

function writeSheetStart(columns: readonly XlsxColumn[]): string {
  const cols = columns.map(
    ({ type }, index) =>
      `<col min="${index + 1}" max="${index + 1}" width="${widths[type]}" customWidth="1"/>`,
  );
  const headings = columns.map(
    ({ label }, index) =>
      `<c r="${nameColumn(index)}1" s="${styles.heading}" t="inlineStr"><is><t>${escapeCellText(label)}</t></is></c>`,
  );
  return (
    `${xmlStart}<worksheet xmlns="${mainNamespace}"><sheetViews><sheetView workbookViewId="0">` +
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>' +
    `<cols>${cols.join('')}</cols><sheetData><row r="1">${headings.join('')}</row>`
  );
}

/** No green corners on numbers that are meant to be text. */
function writeSheetEnd(columns: readonly XlsxColumn[]): string {
  const all = `A1:${nameColumn(columns.length - 1)}${maxSheetRows}`;
  return `</sheetData><ignoredErrors><ignoredError sqref="${all}" numberStoredAsText="1"/></ignoredErrors></worksheet>`;
}

export interface XlsxOptions {
  /** A name of ours, of up to 20 signs; a second sheet is called the same with "(2)". */
  sheetName: string;
  columns: readonly XlsxColumn[];
  /** For tests: how many rows a sheet has, its heading among them. */
  sheetRows?: number;
}

/**
 * A workbook of rows that come in batches. A row has a cell for each column: text as it is, a whole number as
 * digits, a moment as days since 30 December 1899; null for none. Batches are asked for only as fast as the
 * reader reads; destroying the stream ends them.
 */
export function writeXlsx(batches: AsyncIterable<readonly XlsxRow[]>, options: XlsxOptions): Readable {
  const { sheetName, columns, sheetRows = maxSheetRows } = options;
  if (!/^[A-Za-z0-9 -]{1,20}$/.test(sheetName)) throw new RangeError('A sheet cannot have this name.');
  const zip = new ZipFile();
  const file = zip.outputStream as Readable;
  const frames = columns.map(frameCell);
  const iterator = batches[Symbol.asyncIterator]();
  let batch: readonly XlsxRow[] = [];
  let next = 0;
  let sheets = 0;
  let current: Readable | null = null;

  async function readOn(): Promise<boolean> {
    while (next >= batch.length) {
      const { done, value } = await iterator.next();
      if (done) return false;
      batch = value;
      next = 0;
    }
    return true;
  }

  async function* writeSheet(): AsyncGenerator<Buffer> {
    let xml = writeSheetStart(columns);
    for (let row = 2; row <= sheetRows && (next < batch.length || (await readOn())); row++) {
      const cells = batch[next++] as XlsxRow;
      xml += `<row r="${row}">`;
      for (let index = 0; index < frames.length; index++) {
        const value = cells[index];
        if (value === null || value === undefined) continue;
        const { open, afterRow, close, isEscaped } = frames[index] as CellFrame;
        xml += open + row + afterRow + (isEscaped ? escapeCellText(value) : value) + close;
      }
      xml += '</row>';
      if (xml.length >= pieceLength) {
        yield Buffer.from(xml);
        xml = '';
      }
    }
    yield Buffer.from(xml + writeSheetEnd(columns));
    // The zip asks for the next entry once this one has ended; what says how many sheets there are comes
    // last.
    if (await readOn()) addSheet();
    else addRest();
  }

  function addSheet() {
    sheets += 1;
    const sheet = Readable.from(writeSheet(), { objectMode: false, highWaterMark: pieceLength });
    sheet.on('error', (error) => file.destroy(error));
    current = sheet;
    zip.addReadStream(sheet, `xl/worksheets/sheet${sheets}.xml`, { compressionLevel: 1 });
  }

  function addRest() {
    const names = Array.from({ length: sheets }, (_, index) =>
      index === 0 ? sheetName : `${sheetName} (${index + 1})`,
    );
    for (const [path, xml] of Object.entries(composeParts(names))) zip.addBuffer(Buffer.from(xml), path);
    zip.end();
  }

  zip.on('error', (error: Error) => file.destroy(error));
  // yazl pipes, and pipes do not end what they read from when the reader goes.
  file.on('close', () => {
    current?.destroy();
    void iterator.return?.();
  });
  addSheet();
  return file;
}

const xmlStart = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const mainNamespace = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packageRelations = 'http://schemas.openxmlformats.org/package/2006/relationships';
const contentType = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

function composeParts(sheetNames: readonly string[]): Record<string, string> {
  const each = (compose: (place: number, name: string) => string) =>
    sheetNames.map((name, index) => compose(index + 1, name)).join('');
  const afterSheets = sheetNames.length + 1;
  return {
    '[Content_Types].xml':
      `${xmlStart}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
      '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
      '<Default Extension="xml" ContentType="application/xml"/>' +
      `<Override PartName="/xl/workbook.xml" ContentType="${contentType}.sheet.main+xml"/>` +
      `<Override PartName="/xl/styles.xml" ContentType="${contentType}.styles+xml"/>` +
      each(
        (place) =>
          `<Override PartName="/xl/worksheets/sheet${place}.xml" ContentType="${contentType}.worksheet+xml"/>`,
      ) +
      '</Types>',
    '_rels/.rels':
      `${xmlStart}<Relationships xmlns="${packageRelations}">` +
      `<Relationship Id="rId1" Type="${relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml':
      `${xmlStart}<workbook xmlns="${mainNamespace}" xmlns:r="${relations}"><sheets>` +
      each((place, name) => `<sheet name="${name}" sheetId="${place}" r:id="rId${place}"/>`) +
      '</sheets></workbook>',
    'xl/_rels/workbook.xml.rels':
      `${xmlStart}<Relationships xmlns="${packageRelations}">` +
      each(
        (place) =>
          `<Relationship Id="rId${place}" Type="${relations}/worksheet" Target="worksheets/sheet${place}.xml"/>`,
      ) +
      `<Relationship Id="rId${afterSheets}" Type="${relations}/styles" Target="styles.xml"/></Relationships>`,
    'xl/styles.xml': stylesXml,
  };
}

// Format 49 is "@", text: a cell that is edited stays text.
const stylesXml =
  `${xmlStart}<styleSheet xmlns="${mainNamespace}">` +
  '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>' +
  '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>' +
  '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>' +
  '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>' +
  '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>' +
  '<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>' +
  '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>' +
  '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>' +
  '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>' +
  '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>';
