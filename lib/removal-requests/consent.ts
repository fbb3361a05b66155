import { classifyReply } from '@/lib/opt-outs/matcher';
import { formatMsisdn } from '@/lib/sms/msisdn';
import { measureText } from '@/lib/sms/segments';
import { normaliseText } from '@/lib/sms/text';

/** The most SMSs that one question may take. */
const maxConsentSegments = 3;
const maxConsentWords = 20;

/** The one SMS that asks: it names the account, says what YES means, and carries no marketing. */
export function composeConsent(account: { name: string; consentText: string | null }): string {
  return (
    account.consentText ??
    `${account.name} would like to send you SMSs again. Reply YES to allow it or NO to refuse. ` +
      'Without a YES from you, nothing changes.'
  );
}

/** What is wrong with an account's own text, for people; null when nothing is. */
export function checkConsentText(text: string, accountName: string): string | null {
  if (text.trim() === '') return 'Write a text, or use the standard one.';
  if (!normaliseText(text).includes(normaliseText(accountName))) {
    return `The text must name your account: ${accountName}.`;
  }
  if (!/\byes\b/i.test(text)) return 'The text must say what YES means: ask the recipient to reply YES.';
  const { segments } = measureText(text);
  return segments > maxConsentSegments
    ? `The text takes ${segments} SMSs. Shorten it to ${maxConsentSegments} or fewer.`
    : null;
}

/** The words as they are compared, without repetitions and without what counts anyway. */
export function normaliseConsentWords(words: readonly string[]): string[] {
  return [...new Set(words.map(normaliseText))].filter((word) => word !== '' && word !== 'yes');
}

/** What is wrong with an account's words for YES, for people; null when nothing is. */
export function checkConsentWords(words: readonly string[]): string | null {
  const normalised = normaliseConsentWords(words);
  if (normalised.length > maxConsentWords) return `Keep to ${maxConsentWords} words or fewer.`;
  const tooLong = normalised.find((word) => word.length > 30);
  if (tooLong !== undefined) return `“${tooLong}” is too long for a word that means yes.`;
  const refusing = normalised.find((word) => word === 'no' || classifyReply(word).verdict !== 'none');
  return refusing === undefined ? null : `“${refusing}” means no, and cannot also mean yes.`;
}

/**
 * What a reply says to the question: exactly YES or one of the account's words, exactly NO, or something that
 * a person must read. That an opt-out is a NO as well is known to whoever has classified the reply.
 */
export function readAnswer(text: string, consentWords: readonly string[]): 'YES' | 'NO' | null {
  // Longer than any word that is asked for, however it is dressed up.
  if (text.length > 200) return null;
  const normalised = normaliseText(text);
  if (normalised === 'yes' || consentWords.includes(normalised)) return 'YES';
  return normalised === 'no' ? 'NO' : null;
}

/** The words beside the tick, as they are shown and as they are kept with the request. */
export function describePermission(accountName: string, msisdn: string | null): string {
  const number = msisdn === null ? 'this number' : formatMsisdn(msisdn);
  return (
    `I give permission to send one SMS to ${number}, on behalf of ${accountName}, that asks whether ${accountName} ` +
    'may send it SMSs again. The number stays blocked unless its owner replies YES.'
  );
}
