import { splitRecipients } from '@/lib/sms/recipients';

/**
 * What was pasted, as a file: numbers on lines of their own, whatever stood between them; or, when there is
 * more than numbers in it, as it is.
 */
export function composePaste(text: string): string {
  const pieces = splitRecipients(text);
  const sample = pieces.slice(0, 2000);
  // Two patterns: in one, each digit could be the one that must be there, and a long piece would be tried
  // digit by digit.
  const numbers = sample.filter((piece) => /\d/.test(piece) && /^[\s+()\d./,='"-]*$/.test(piece)).length;
  return numbers > sample.length * 0.6 ? pieces.join('\n') : text;
}
