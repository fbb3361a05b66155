import type { ConsentSource } from '@/lib/consents/schema';
import type { MsisdnProblem } from '@/lib/sms/msisdn-za';

/**
 * What a list of numbers is handed in for: to opt them out, to see which of them are opted out, or to write
 * down that they have consented to marketing.
 */
export type NumberListPurpose = 'IMPORT' | 'CHECK' | 'CONSENT';
export type NumberListState = 'QUEUED' | 'RUNNING' | 'DONE' | 'CANCELLED' | 'FAILED';

/** Why a line cannot be taken apart. */
export type BrokenRowProblem = 'odd-quote' | 'too-long-a-line';

/** Why a number, or a line without one, is not used. */
export type LineProblem = MsisdnProblem | BrokenRowProblem | ConsentProblem | 'duplicate';

/** Why a line that says when its number consented is not used. */
export type ConsentProblem = 'bad-date' | 'date-to-come';

/** How, when and to what the numbers of a list have consented, as it is kept; a line may say when and how. */
export interface ListConsent {
  /** ISO 8601, UTC. */
  givenAt: string;
  source: ConsentSource;
  wording: string;
  url: string | null;
  fileName: string | null;
  fileHash: string | null;
}

export interface NumberListRow {
  id: string;
  purpose: NumberListPurpose;
  state: NumberListState;
  /** The file's name, or "Pasted numbers". */
  name: string;
  /** Lines with something in them. */
  lines: number;
  /**
   * What was found in them: a line can hold several numbers, and one without any counts as one. Of these,
   * those that are no mobile number, and those that stand in the file before.
   */
  numbers: number;
  invalid: number;
  duplicates: number;
  /** Of an import, so far. */
  added: number;
  alreadyThere: number;
  /** Of a check: how many of the valid numbers were blocked then. Of consents: had opted out since. */
  blocked: number;
  /** Why it failed, for people. */
  reason: string | null;
  /** The name of who handed it in; null when that is not known. */
  createdBy: string | null;
  /** ISO 8601, UTC. */
  createdAt: string;
  finishedAt: string | null;
}

/** A number, or a line without one, that could not be used. */
export interface ProblemLine {
  /** As a spreadsheet counts them, from 1: a row of several lines of text is one. */
  line: number;
  input: string;
  problem: LineProblem;
}

/** The numbers of a list that are looked up or opted out. */
export function countUsable({ numbers, invalid, duplicates }: NumberListRow): number {
  return numbers - invalid - duplicates;
}

/** An import that has not ended yet. */
export function isUnderWay({ state }: NumberListRow): boolean {
  return state === 'QUEUED' || state === 'RUNNING';
}

export const maxFileBytes = 200 * 1024 * 1024;
/** Of a workbook: unpacked it is about ten times as large, and all of it is in the browser's memory. */
export const maxWorkbookBytes = 50 * 1024 * 1024;
/** Of numbers too, where a line holds several. */
export const maxFileLines = 1_000_000;
/** Columns beyond these are not looked at. */
export const maxColumns = 500;
/** After this long a list and its lines are removed. */
export const keptDays = 30;

export const fileEncodings = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const;
export type FileEncoding = (typeof fileEncodings)[number];

/** The columns of a file that say when and how each number consented; null: none does. */
export interface ConsentColumns {
  date: number | null;
  source: number | null;
}

/** How the numbers stand in a file. */
export interface FileFormat {
  encoding: FileEncoding;
  /** One character. */
  separator: string;
  /** Those with numbers that are to be read, from 0, ascending. */
  columns: readonly number[];
  /** So many rows stand above the numbers; the last of them names the columns. */
  headerRows: number;
  /** Of consents: the columns that say of each number when and how it was given. Not given: none does. */
  consent?: ConsentColumns | undefined;
}

/** The files of a list that can be downloaded. */
export const listFiles = ['report', 'clean', 'marketing', 'blocked'] as const;
export type ListFile = (typeof listFiles)[number];

/** Whether a file begins as a zip does, which a workbook (.xlsx) is; its name may lie. */
export function isZip(start: Uint8Array): boolean {
  return [
    [0x50, 0x4b, 0x03, 0x04],
    [0x50, 0x4b, 0x05, 0x06],
  ].some((mark) => mark.every((byte, index) => start[index] === byte));
}

/**
 * Why a file cannot be read as text, or holds text that is no list, from its first bytes, in words for who
 * chose it; null when it can be. Names lie: a workbook called .csv is still a workbook.
 */
export function findBinaryProblem(start: Uint8Array): string | null {
  const begins = (...bytes: number[]) => bytes.every((byte, index) => start[index] === byte);
  if (isZip(start)) {
    return (
      'This is an Excel workbook or a zip (a Numbers document is one too), whatever its name says. The page of this form reads ' +
      'workbooks (.xlsx); a program sends text: save or export the sheet as CSV.'
    );
  }
  if (begins(0xd0, 0xcf, 0x11, 0xe0)) {
    return (
      'This is an old Excel workbook (.xls), or one with a password, whatever its name says. Open it, and save it as .xlsx ' +
      'without a password, or the sheet as CSV.'
    );
  }
  if (begins(0x1f, 0x8b)) return 'This file is compressed (gzip). Unpack it, and choose what was in it.';
  if (begins(0x25, 0x50, 0x44, 0x46))
    return 'This is a PDF. Only workbooks (.xlsx), CSV and text files can be read.';
  return findForeignText(start);
}

function findForeignText(start: Uint8Array): string | null {
  // Byte-order marks, and every second byte of UTF-16, are nothing here.
  const text = String.fromCharCode(...start.subarray(0, 400).filter((byte) => byte !== 0 && byte < 0x80))
    .trimStart()
    .toLowerCase();
  if (text.startsWith('begin:vcard')) {
    return (
      'These are contacts (vCard), whatever the name of the file says. In the address book export them as CSV, or open them ' +
      'in a spreadsheet and save them as CSV.'
    );
  }
  if (text.startsWith('<')) {
    return (
      'This is a web page or an XML file, whatever its name says. Open it in Excel or LibreOffice, and save it ' +
      'as .xlsx or as CSV.'
    );
  }
  if (text.startsWith('{\\rtf')) {
    return 'This is a document of a word processor. Save it as plain text (.txt), and choose that.';
  }
  return null;
}
