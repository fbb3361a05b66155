import type { RegistryImportState } from '@/lib/db/generated/enums';
import type { LineProblem } from '@/lib/number-lists/schema';

export type { RegistryImportState };

/** Whose marketing an entry blocks when it is that of everybody. */
export const wholeIndustry = 0;

/** Of an answer file: numbers, and lines. */
export const maxAnswerNumbers = 6_000_000;
/** As many answers as a page shows. */
export const shownImports = 50;
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
  /** Of which day an earlier answer is that was in force and is the very same file. */
  sameAs: string | null;
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

/** What differs between an answer and what is, or was, in force before it. */
export interface AnswerDifference {
  msisdn: string;
  came: boolean;
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

/** A registration as a direct marketer with the National Consumer Commission. */
export interface RegistrationRow {
  id: string;
  number: string;
  /** "2027-07-31": the last day on which it is in force. */
  endsOn: string;
  /** Null when that is not known any more. */
  createdBy: string | null;
  /** ISO 8601, UTC. */
  createdAt: string;
}

/** What an account's marketing rests on. Days are ISO 8601, in South Africa. */
export interface MarketerStanding {
  /** Why no marketing of it goes out; null: it does. */
  stop: 'REGISTRATION' | 'CLEANSING' | null;
  /** As of which day the newer of its own cleansing and the industry's is; null: there is none. */
  cleansedOn: string | null;
  /** It is the industry's. */
  isOfIndustry: boolean;
  /** How old that is, in days; null: there is none. */
  age: number | null;
  /** For so many days marketing may go out after a cleansing. */
  mostDays: number;
  /** Old cleansings stop its marketing: it has cleansed before, or the provider requires it. */
  mustCleanse: boolean;
  /** From which day on the provider requires it of those who never have; null: it does not. */
  cleansingRequiredFrom: string | null;
  /** The newest; null: it gave none. */
  registrationEndsOn: string | null;
  /** In days; below 0: it has ended. */
  registrationLeft: number | null;
  registrationRequiredFrom: string | null;
}

/** How many days one day is after another, both ISO 8601; below 0: before it. */
export function countDays(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}

/** So many days before a cleansing is too old its account is warned. */
export const cleansingWarningDays = 6;
/** So many days before a registration ends its account is warned. */
export const registrationWarningDays = 30;

/** What of a standing is to be pointed out; null: nothing. */
export function findMarketingWarning({
  stop,
  mustCleanse,
  age,
  mostDays,
  registrationLeft,
}: MarketerStanding): 'REGISTRATION' | 'CLEANSING' | null {
  if (stop !== null) return null;
  if (registrationLeft !== null && registrationLeft <= registrationWarningDays) return 'REGISTRATION';
  return mustCleanse && age !== null && age >= mostDays - cleansingWarningDays ? 'CLEANSING' : null;
}

export const maxRegistrationNumber = 60;
