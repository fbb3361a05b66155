import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { byteOrderMark, writeCsvHeader, writeCsvRows } from '@/lib/lists/csv';
import type { ColumnType } from '@/lib/lists/schema';
import { writeXlsx } from '@/lib/lists/xlsx';
import type { Fact } from './evidence-facts';

/**
 * Who made a pack, and when; the same facts made again have another maker and moment, and the same
 * fingerprint.
 */
export interface PackOrigin {
  /** As shown: "2026-11-23 14:32:05.120 +02:00". */
  madeAt: string;
  madeBy: string;
}

// A moment is a text here, with its milliseconds and its distance from UTC, which no date of a spreadsheet
// has.
const columns = [
  { key: 'section', label: 'Section', type: 'words' },
  { key: 'when', label: 'When', type: 'words' },
  { key: 'what', label: 'What', type: 'words' },
  { key: 'text', label: 'Text', type: 'text' },
  { key: 'rule', label: 'Rule', type: 'text' },
  { key: 'who', label: 'Who', type: 'text' },
  { key: 'senderNumber', label: 'Sender number', type: 'number' },
  { key: 'details', label: 'Details', type: 'text' },
] as const satisfies readonly { key: keyof Fact; label: string; type: ColumnType }[];

const types = columns.map(({ type }) => type);

function writeRows(rows: readonly (readonly string[])[], separator: string): string {
  return writeCsvRows(rows, types, { separator, numbersAsText: false });
}

function toRow(fact: Fact): string[] {
  return columns.map(({ key }) => fact[key]);
}

/**
 * The SHA-256 of the facts: of the comma-separated file, without the byte-order mark at its beginning and the
 * section "This pack" at its end. Printed in every form of a pack, so that anybody can see that they say the
 * same, and that none was changed.
 */
export function computeFingerprint(facts: readonly Fact[]): string {
  const hash = createHash('sha256');
  for (const rows of writeInParts(facts, ',')) hash.update(rows);
  return hash.digest('hex');
}

const atOnce = 500;

function* writeInParts(facts: readonly Fact[], separator: string): Generator<string> {
  yield writeCsvHeader(
    columns.map(({ label }) => label),
    separator,
  );
  for (let start = 0; start < facts.length; start += atOnce) {
    yield writeRows(facts.slice(start, start + atOnce).map(toRow), separator);
  }
}

/** What the pack itself is: its last rows. */
function describePack(facts: readonly Fact[], { madeAt, madeBy }: PackOrigin): string[][] {
  return [
    ['This pack', madeAt, 'Made', '', '', madeBy, '', ''],
    ['This pack', '', 'Fingerprint', '', '', '', '', `SHA-256 ${computeFingerprint(facts)}`],
  ];
}

/** The evidence pack as CSV, a part at a time: the facts, then what the pack itself is. */
export function* writeEvidenceCsv(
  facts: readonly Fact[],
  origin: PackOrigin,
  separator: string,
): Generator<string> {
  yield byteOrderMark;
  yield* writeInParts(facts, separator);
  yield writeRows(describePack(facts, origin), separator);
}

/** The evidence pack as a workbook. */
export function writeEvidenceXlsx(facts: readonly Fact[], origin: PackOrigin): Readable {
  async function* batches() {
    for (let start = 0; start < facts.length; start += atOnce) {
      yield facts.slice(start, start + atOnce).map(toRow);
    }
    yield describePack(facts, origin);
  }
  return writeXlsx(batches(), { sheetName: 'Evidence', columns });
}
