import type { RegistryImportState } from '@/lib/db/generated/enums';
import type { LineProblem } from '@/lib/number-lists/schema';

export type { RegistryImportState };

/** Whose marketing an entry blocks when it is that of everybody. */
export const wholeIndustry = 0;

/** Of an answer file: numbers, and lines. */
export const maxAnswerNumbers = 6_000_000;
/** So many lines that could not be used are kept to be shown. */
export const keptProblems = 100;

/** A line, or one of several numbers in it, that could not be used. */
export interface AnswerProblem {
  /** As a spreadsheet counts them, from 1. */
  line: number;
  input: string;
  problem: LineProblem;
}

/** An answer file of the National Consumer Commission, and what came of it. */
export interface RegistryImportRow {
  id: string;
  state: RegistryImportState;
  /** The account whose entries it has; {@link wholeIndustry}: those for everybody. */
  marketerId: number;
  name: string;
  source: string;
  /** "2026-11-28": the day that the answer is of. */
  answeredOn: string;
  /** Null when that is not known any more. */
  createdBy: string | null;
  lines: number;
  numbers: number;
  invalid: number;
  duplicates: number;
  problems: AnswerProblem[];
  /** Beside what was in force as it was handed in. */
  comes: number;
  goes: number;
  processed: number;
  added: number;
  lifted: number;
  reason: string | null;
  /** ISO 8601, UTC. */
  createdAt: string;
  finishedAt: string | null;
}

/** The numbers of an answer that are put in force. */
export function countAnswered({ numbers, invalid, duplicates }: RegistryImportRow): number {
  return numbers - invalid - duplicates;
}

/** What the registry is, in numbers. */
export interface RegistrySize {
  entries: number;
  /** The day that the last answer for the whole industry is of; null: there has been none. */
  answeredOn: string | null;
}

/** A number on the registry, or what it was there. */
export interface RegistryRecord {
  marketerId: number;
  source: string;
  answeredOn: string;
  /** ISO 8601, UTC: when it came into force here. */
  listedAt: string;
  /** Null: it is in force. */
  liftedAt: string | null;
}
