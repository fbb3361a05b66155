import { formatMoment } from '@/components/ui/format-time';
import type { AddOptOutResult } from '@/lib/opt-outs/schema';
import { formatMsisdn } from '@/lib/sms/format-msisdn';

export const outcomeLabels: Record<AddOptOutResult['outcome'], string> = {
  added: 'Added',
  'already-there': 'Already there',
  invalid: 'Not usable',
  duplicate: 'Twice',
};

/** The number of a result: as people read it, or as it was typed when it is none. */
export function nameResult(result: AddOptOutResult): string {
  return result.outcome === 'invalid' ? result.input : formatMsisdn(result.msisdn);
}

/** What there is to say about a result beyond its outcome; null: nothing. */
export function explainResult(result: AddOptOutResult, timeZone: string): string | null {
  switch (result.outcome) {
    case 'added':
      return null;
    case 'already-there': {
      const { date, time } = formatMoment(result.since, timeZone);
      return `Since ${date}, ${time}.`;
    }
    case 'invalid':
      return result.reason;
    case 'duplicate':
      return 'Further up in what you pasted.';
  }
}

/**
 * What was typed, so that a spreadsheet it is pasted into takes it for no formula; a number keeps its plus.
 */
function makePastable(field: string): string {
  return /^[=+\-@＝＋－＠]/.test(field) && !/^[+][\d ()./-]+$/.test(field) ? `'${field}` : field;
}

/** The results as lines of text that a spreadsheet takes apart again. */
export function composeResultsText(results: readonly AddOptOutResult[], timeZone: string): string {
  return results
    .map((result) =>
      [nameResult(result), outcomeLabels[result.outcome], explainResult(result, timeZone) ?? '']
        .map((field) => makePastable(field.replace(/\s+/g, ' ').trimStart()))
        .join('\t')
        .trimEnd(),
    )
    .join('\n');
}
