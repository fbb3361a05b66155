import type { MsisdnProblem } from '@/lib/sms/msisdn-za';

/** What a list of numbers is handed in for: to opt them out, or to see which of them are opted out. */
export type NumberListPurpose = 'IMPORT' | 'CHECK';
export type NumberListState = 'QUEUED' | 'RUNNING' | 'DONE' | 'CANCELLED' | 'FAILED';

/** Why a line is not used. */
export type LineProblem = MsisdnProblem | 'duplicate';

export interface NumberListRow {
  id: string;
  purpose: NumberListPurpose;
  state: NumberListState;
  /** The file's name, or "Pasted numbers". */
  name: string;
  /** Lines with something in them; of these, those that are no mobile number, and those that stand in the file before. */
  lines: number;
  invalid: number;
  duplicates: number;
  /** Of an import, so far. */
  added: number;
  alreadyThere: number;
  /** Of a check: how many of the valid numbers were blocked when it was made. */
  blocked: number;
  /** Why it failed, for people. */
  reason: string | null;
  /** The name of who handed it in; null when that is not known. */
  createdBy: string | null;
  /** ISO 8601, UTC. */
  createdAt: string;
  finishedAt: string | null;
}

/** A line that could not be used. */
export interface ProblemLine {
  /** As an editor counts them, from 1. */
  line: number;
  input: string;
  problem: LineProblem;
}

/** The numbers of a list that are looked up or opted out. */
export function countUsable({ lines, invalid, duplicates }: NumberListRow): number {
  return lines - invalid - duplicates;
}

/** An import that has not ended yet. */
export function isUnderWay({ state }: NumberListRow): boolean {
  return state === 'QUEUED' || state === 'RUNNING';
}

export const maxFileBytes = 200 * 1024 * 1024;
export const maxFileLines = 1_000_000;
/** After this long a list and its lines are removed. */
export const keptDays = 30;

export const fileEncodings = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const;
export type FileEncoding = (typeof fileEncodings)[number];

/** How the numbers stand in a file. */
export interface FileFormat {
  encoding: FileEncoding;
  /** One character. */
  separator: string;
  /** Of the numbers, from 0. */
  column: number;
  /** The first line names the columns. */
  header: boolean;
}

/** The files of a list that can be downloaded. */
export const listFiles = ['report', 'clean', 'blocked'] as const;
export type ListFile = (typeof listFiles)[number];

/**
 * Why a file cannot hold text, from its first bytes, in words for who chose it; null when it can. Names lie: a workbook
 * called .csv is still a workbook.
 */
export function findBinaryProblem(start: Uint8Array): string | null {
  const begins = (...bytes: number[]) => bytes.every((byte, index) => start[index] === byte);
  if (begins(0x50, 0x4b, 0x03, 0x04) || begins(0x50, 0x4b, 0x05, 0x06)) {
    return 'This is an Excel workbook or a zip, whatever its name says. Open it, and save the sheet as CSV.';
  }
  if (begins(0xd0, 0xcf, 0x11, 0xe0)) {
    return 'This is an old Excel workbook, whatever its name says. Open it, and save the sheet as CSV.';
  }
  if (begins(0x25, 0x50, 0x44, 0x46)) return 'This is a PDF. Only CSV and text files can be read.';
  return null;
}
