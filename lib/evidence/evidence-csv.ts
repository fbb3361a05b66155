import { createHash } from 'node:crypto';
import Papa from 'papaparse';
import type { Fact } from './facts';

/** Who made a pack, and when; the same facts made again have another maker and moment, and the same fingerprint. */
export interface PackOrigin {
  /** As shown: "2026-11-23 14:32:05.120 +02:00". */
  madeAt: string;
  madeBy: string;
}

const columns = [
  ['section', 'Section'],
  ['when', 'When'],
  ['what', 'What'],
  ['text', 'Text'],
  ['rule', 'Rule'],
  ['who', 'Who'],
  ['senderNumber', 'Sender number'],
  ['details', 'Details'],
] as const satisfies readonly (readonly [keyof Fact, string])[];

const header = columns.map(([, label]) => label);
const lineEnd = '\r\n';
// Papa's own pattern overlooks a text of several lines.
const formulaStart = /^[=+\-@\t\r]/;

/** Rows as CSV (RFC 4180); cells that a spreadsheet would take for a formula begin with an apostrophe. */
function writeRows(rows: readonly (readonly string[])[], separator: string): string {
  return (
    Papa.unparse(rows as string[][], {
      delimiter: separator,
      newline: lineEnd,
      escapeFormulae: formulaStart,
    }) + lineEnd
  );
}

function toRow(fact: Fact): string[] {
  return columns.map(([key]) => fact[key]);
}

/**
 * The SHA-256 of the facts: of the comma-separated file, without the byte-order mark at its beginning and the section "This
 * pack" at its end. Printed in PDF and CSV, so that anybody can see that the two say the same, and that neither was changed.
 */
export function computeFingerprint(facts: readonly Fact[]): string {
  const hash = createHash('sha256');
  for (const rows of writeInParts(facts, ',')) hash.update(rows);
  return hash.digest('hex');
}

function* writeInParts(facts: readonly Fact[], separator: string): Generator<string> {
  yield writeRows([header], separator);
  for (let start = 0; start < facts.length; start += 500) {
    yield writeRows(facts.slice(start, start + 500).map(toRow), separator);
  }
}

/** The evidence pack as CSV, a part at a time: the facts, then what the pack itself is. */
export function* writeEvidenceCsv(
  facts: readonly Fact[],
  { madeAt, madeBy }: PackOrigin,
  separator: string,
): Generator<string> {
  yield '\uFEFF';
  yield* writeInParts(facts, separator);
  yield writeRows(
    [
      ['This pack', madeAt, 'Made', '', '', madeBy, '', ''],
      ['This pack', '', 'Fingerprint', '', '', '', '', `SHA-256 ${computeFingerprint(facts)}`],
    ],
    separator,
  );
}
