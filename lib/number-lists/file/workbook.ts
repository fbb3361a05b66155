/**
 * Reads workbooks (Office Open XML, ECMA-376) as CSV, in the browser: what a person hands in is then read as
 * any other file. Why not a library of the whole: docs/decisions/0067-workbooks.md.
 */
import { strFromU8, unzipSync, type UnzipFileInfo, type Unzipped } from 'fflate';
import { maxColumns, maxFileBytes, maxWorkbookBytes } from '../schema';
import { judgeCell } from './cell-look';
import { isDateFormat, readColumn, undoEscapes, writeCell, writeDate, writeNumber } from './workbook-cells';
import { BrokenXmlError, readXml, type XmlTaker } from './workbook-xml';

/** A sheet with something in it. */
export interface Sheet {
  name: string;
  isHidden: boolean;
  /** UTF-8, with commas; a line for each row, the empty ones too. */
  csv: Blob;
  /** How many numbers its cells hold, as far as a browser can tell. */
  numbers: number;
}

export type Workbook = { ok: true; sheets: Sheet[]; proposed: number } | { ok: false; problem: string };

/** A sheet takes as much memory as this, unpacked; a million rows of four columns have 330 MB. */
const maxPartBytes = 512 * 1024 * 1024;
/** Rows of a sheet, as Excel has them. */
const maxRows = 1_048_576;
const csvPieceLength = 256 * 1024;

const problems = {
  tooLarge:
    'This workbook is too large to be read here. Open it, save the sheet as CSV, and choose that; or split it, and hand in the parts.',
  notWhole:
    'This workbook is damaged, or not all of it is there. Open it in Excel or LibreOffice and save it again, or save the sheet as CSV.',
  other:
    'This is a zip or a document, but no Excel workbook (.xlsx), whatever its name says. Open it, and save or export the sheet as .xlsx or as CSV.',
  empty: 'There is nothing in this workbook.',
};

class WorkbookError extends Error {
  constructor(readonly problem: keyof typeof problems) {
    super(problem);
  }
}

/**
 * Reads all sheets of a workbook. What is wrong with the file is answered in words for who chose it; whatever
 * else is thrown is a mistake of ours, and goes up.
 */
export function readWorkbook(bytes: Uint8Array): Workbook {
  try {
    if (bytes.length > maxWorkbookBytes) throw new WorkbookError('tooLarge');
    const sheets = readSheets(new Parts(bytes));
    if (sheets.length === 0) throw new WorkbookError('empty');
    return { ok: true, sheets, proposed: proposeSheet(sheets) };
  } catch (error) {
    if (error instanceof WorkbookError) return { ok: false, problem: problems[error.problem] };
    if (error instanceof BrokenXmlError) return { ok: false, problem: problems.notWhole };
    throw error;
  }
}

/** Of the numbers of the fullest sheet, at least so much: one on a cover proves nothing. */
const minShare = 0.1;

/** The first that holds numbers; of those that are hidden only where the others have none. */
function proposeSheet(sheets: readonly Sheet[]): number {
  const fullest = Math.max(...sheets.map(({ isHidden, numbers }) => (isHidden ? 0 : numbers)));
  const wanted = Math.max(1, fullest * minShare);
  const first = sheets.findIndex(
    ({ isHidden, numbers }) => numbers >= wanted && (!isHidden || fullest === 0),
  );
  return Math.max(0, first);
}

/** The files in the zip, unpacked one at a time. */
class Parts {
  /** By the name in small letters, as names of parts are compared: the name, and the size unpacked. */
  private readonly sizes = new Map<string, { name: string; size: number }>();

  constructor(private readonly bytes: Uint8Array) {
    unzip(bytes, ({ name, originalSize }) => {
      this.sizes.set(name.toLowerCase(), { name, size: originalSize });
      return false;
    });
  }

  /** Null when there is none of this name. */
  unpack(path: string): Uint8Array | null {
    const part = this.sizes.get(path.toLowerCase());
    if (!part) return null;
    if (part.size > maxPartBytes) throw new WorkbookError('tooLarge');
    return unzip(this.bytes, ({ name }) => name === part.name)[part.name] ?? null;
  }
}

/** In a file that is not in order fflate finds what it says, and runs into errors of the language as well. */
function unzip(bytes: Uint8Array, filter: (file: UnzipFileInfo) => boolean): Unzipped {
  try {
    return unzipSync(bytes, { filter });
  } catch (error) {
    // "Array buffer allocation failed": the file is in order, and too large for this browser
    const isMemory = error instanceof RangeError && /allocat/i.test(error.message);
    throw new WorkbookError(isMemory ? 'tooLarge' : 'notWhole');
  }
}

interface Relation {
  /** The last part of its type: "worksheet". */
  type: string;
  path: string;
}

/** What a part refers to, by id. */
function readRelations(parts: Parts, path: string): Map<string, Relation> {
  const slash = path.lastIndexOf('/') + 1;
  const document = parts.unpack(`${path.slice(0, slash)}_rels/${path.slice(slash)}.rels`);
  const relations = new Map<string, Relation>();
  if (!document) return relations;
  readXml(document, {
    open: (name, attributes) => {
      if (name !== 'Relationship') return;
      const { Id = '', Type = '', Target = '' } = attributes();
      relations.set(Id, { type: Type.slice(Type.lastIndexOf('/') + 1), path: resolvePath(Target, path) });
    },
  });
  return relations;
}

/** The part that a target is, as one of another part writes it; one of no part at all is that of none: ''. */
function resolvePath(target: string, from: string): string {
  const url = URL.parse(target, `http://workbook/${from}`);
  const path = url?.pathname.slice(1) ?? '';
  try {
    return decodeURIComponent(path);
  } catch (error) {
    // escapes that are none
    if (error instanceof URIError) return '';
    throw error;
  }
}

function readSheets(parts: Parts): Sheet[] {
  const start = [...readRelations(parts, '').values()].find(({ type }) => type === 'officeDocument');
  const document = start && parts.unpack(start.path);
  // A binary workbook (.xlsb) is a zip with the same relations.
  if (!start || !document || !strFromU8(document.subarray(0, 200), true).includes('<')) {
    throw new WorkbookError('other');
  }
  const named: { name: string; isHidden: boolean; relation: string }[] = [];
  let is1904 = false;
  let root = '';
  readXml(document, {
    open: (name, attributes) => {
      root ||= name;
      if (name === 'workbookPr') is1904 = /^(?:1|true)$/.test(attributes()['date1904'] ?? '');
      if (name !== 'sheet') return;
      const sheet = attributes();
      named.push({
        name: undoEscapes(sheet['name'] ?? ''),
        isHidden: (sheet['state'] ?? 'visible') !== 'visible',
        relation: sheet['id'] ?? '',
      });
    },
  });
  if (root !== 'workbook') throw new WorkbookError('other');

  const relations = readRelations(parts, start.path);
  const readPart = <Result>(type: string, read: (part: Uint8Array) => Result): Result | null => {
    const relation = [...relations.values()].find((other) => other.type === type);
    const part = relation && parts.unpack(relation.path);
    return part ? read(part) : null;
  };
  const facts: WorkbookFacts = {
    is1904,
    texts: readPart('sharedStrings', readSharedTexts) ?? [],
    dateStyles: readPart('styles', readDateStyles) ?? new Set(),
  };
  return named.flatMap(({ name, isHidden, relation }) => {
    const sheet = relations.get(relation);
    // charts are sheets too
    if (sheet?.type !== 'worksheet') return [];
    const part = parts.unpack(sheet.path);
    if (!part) throw new WorkbookError('notWhole');
    const writer = new SheetWriter(facts);
    readXml(part, writer);
    const { csv, numbers } = writer.end();
    return csv.size > 0 ? [{ name, isHidden, csv, numbers }] : [];
  });
}

interface WorkbookFacts {
  is1904: boolean;
  /** What cells of type `s` refer to by place. */
  texts: readonly string[];
  /** The styles of cells that hold dates, by place. */
  dateStyles: ReadonlySet<number>;
}

function readSharedTexts(part: Uint8Array): string[] {
  const texts: string[] = [];
  let text = '';
  let isText = false;
  let isPhonetic = false;
  readXml(part, {
    open: (name) => {
      if (name === 'si') text = '';
      else if (name === 'rPh') isPhonetic = true;
      else if (name === 't') isText = !isPhonetic;
    },
    close: (name) => {
      if (name === 'si') texts.push(undoEscapes(text));
      else if (name === 'rPh') isPhonetic = false;
      else if (name === 't') isText = false;
    },
    text: (content) => {
      if (isText) text += content;
    },
  });
  return texts;
}

function readDateStyles(part: Uint8Array): Set<number> {
  const codes = new Map<number, string>();
  const formats: number[] = [];
  let isCellFormats = false;
  readXml(part, {
    open: (name, attributes) => {
      if (name === 'numFmt') {
        const { numFmtId, formatCode = '' } = attributes();
        codes.set(Number(numFmtId), formatCode);
      } else if (name === 'cellXfs') isCellFormats = true;
      else if (name === 'xf' && isCellFormats) formats.push(Number(attributes()['numFmtId'] ?? 0));
    },
    close: (name) => {
      if (name === 'cellXfs') isCellFormats = false;
    },
  });
  return new Set(formats.flatMap((id, style) => (isDateFormat(id, codes.get(id)) ? [style] : [])));
}

/** Makes the rows of a sheet lines of a CSV. */
class SheetWriter implements XmlTaker {
  private readonly pieces: Uint8Array[] = [];
  private readonly encoder = new TextEncoder();
  private bytes = 0;
  private piece = '';
  private numbers = 0;
  /** Rows are counted from 1. */
  private row = 0;
  private writtenRows = 0;
  private column = -1;
  private cells: string[] = [];
  private isCell = false;
  private type = 'n';
  private style = 0;
  private hasFormula = false;
  private isValue = false;
  private isPhonetic = false;
  private value = '';

  constructor(private readonly facts: WorkbookFacts) {}

  readonly open = (name: string, attributes: () => Record<string, string>): void => {
    if (name === 'c') {
      const { r, t = 'n', s } = attributes();
      this.column = readColumn(r) ?? this.column + 1;
      this.type = t;
      this.style = Number(s ?? 0);
      this.value = '';
      this.hasFormula = false;
      this.isCell = true;
    } else if (this.isCell) {
      if (name === 'v' || name === 't') this.isValue = !this.isPhonetic;
      else if (name === 'f') this.hasFormula = true;
      else if (name === 'rPh') this.isPhonetic = true;
    } else if (name === 'row') {
      // Not every program says which row it is.
      this.row = Math.max(this.row + 1, Number(attributes()['r'] ?? 0));
      if (!(this.row <= maxRows)) throw new WorkbookError('notWhole');
      this.column = -1;
      this.cells = [];
    }
  };

  readonly close = (name: string): void => {
    if (name === 'v' || name === 't') this.isValue = false;
    else if (name === 'rPh') this.isPhonetic = false;
    else if (name === 'c') {
      this.isCell = false;
      this.takeCell();
    } else if (name === 'row') this.takeRow();
  };

  readonly text = (content: string): void => {
    if (this.isValue) this.value += content;
  };

  end(): { csv: Blob; numbers: number } {
    this.flush();
    return { csv: new Blob(this.pieces as BlobPart[]), numbers: this.numbers };
  }

  private takeCell(): void {
    const text = this.readValue();
    if (text === '' || this.column >= maxColumns) return;
    this.numbers += judgeCell(text).numbers;
    while (this.cells.length < this.column) this.cells.push('');
    this.cells[this.column] = writeCell(text);
  }

  private readValue(): string {
    const { value, type, facts } = this;
    switch (type) {
      case 's': {
        if (value === '') return '';
        const text = facts.texts[Number(value)];
        if (text === undefined) throw new WorkbookError('notWhole');
        return text;
      }
      case 'inlineStr':
      case 'str':
        return undoEscapes(value);
      case 'b':
        return value === '1' ? 'TRUE' : 'FALSE';
      case 'n':
        // Not left empty: nobody would see that numbers are missing.
        if (value === '') return this.hasFormula ? 'Formula that was never calculated' : '';
        return facts.dateStyles.has(this.style) ? writeDate(value, facts.is1904) : writeNumber(value);
      default:
        return value;
    }
  }

  private takeRow(): void {
    if (this.cells.length === 0) return;
    this.piece += '\n'.repeat(this.row - this.writtenRows - 1) + this.cells.join(',') + '\n';
    this.writtenRows = this.row;
    if (this.piece.length >= csvPieceLength) this.flush();
  }

  private flush(): void {
    const piece = this.encoder.encode(this.piece);
    this.bytes += piece.length;
    if (this.bytes > maxFileBytes) throw new WorkbookError('tooLarge');
    this.pieces.push(piece);
    this.piece = '';
  }
}
