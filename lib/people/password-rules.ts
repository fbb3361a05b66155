import { maxPasswordLength, minPasswordLength } from './schema';

/** Whose password it is: what others know of them does not make one. */
export type Owner = readonly string[];

let known: Promise<ReadonlySet<string>> | undefined;

/**
 * 49,000 passwords that were found in leaks, as zxcvbn's package has them. Read when the first one is asked
 * for: 1 MB.
 */
function loadKnown(): Promise<ReadonlySet<string>> {
  known ??= import('@zxcvbn-ts/language-common').then(({ dictionary }) => new Set(dictionary.passwords));
  return known;
}

/**
 * What is wrong with a password that somebody chooses, for people; null when nothing is. No rules of
 * composition: it must be long, and neither a known one nor one dressed up ("P@ssw0rd2024"), nor what
 * everybody knows of its owner. Linear in its length: zxcvbn itself took up to 16 s for a hundred characters,
 * on a form that strangers send.
 *
 * @param owner their username, name, company, e-mail address, number
 */
export async function checkPassword(password: string, owner: Owner): Promise<string | null> {
  const wrong = checkPasswordLength(password);
  if (wrong !== null) return wrong;
  const plain = password.normalize('NFKC').toLowerCase();
  if (isMonotonous(plain))
    return 'This is easily guessed: it repeats itself. A few words in a row make a good one.';
  const forms = listForms(plain);
  const list = await loadKnown();
  if (forms.some((form) => list.has(form))) {
    return 'This is a well-known password, or one with something added. A few words in a row make a good one.';
  }
  const own = new Set(owner.flatMap(listOwnWords));
  const bare = [...forms.map(keepLetters), keepDigits(plain)];
  if (bare.some((form) => own.has(form))) {
    return 'This is easily guessed by whoever knows you. A few words in a row make a good one.';
  }
  return null;
}

/** The same of its length alone, for what is told together with the other fields of a form. */
export function checkPasswordLength(password: string): string | null {
  const { length } = [...password];
  if (length === 0) return 'Choose a password.';
  if (length < minPasswordLength) return `A password has at least ${minPasswordLength} characters.`;
  if (length > maxPasswordLength) return `Keep the password to ${maxPasswordLength} characters.`;
  return null;
}

/** As it is, without what was put around it, and with letters for the signs that look like them. */
function listForms(plain: string): string[] {
  const read = unmask(plain);
  return [plain, strip(plain), read, strip(read), unmask(strip(plain))].filter((form) => form.length >= 4);
}

const masks: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};
const unmask = (text: string) => text.replace(/[013457@$!]/g, (sign) => masks[sign] ?? sign);

/** Without digits and signs at both ends. Two steps, each linear. */
function strip(text: string): string {
  const first = text.search(/\p{L}/u);
  if (first === -1) return '';
  let end = text.length;
  while (end > first && !/[\p{L}\p{M}]/u.test(text[end - 1] as string)) end--;
  return text.slice(first, end);
}

const keepLetters = (text: string) => text.replace(/[^\p{L}]/gu, '');
const keepDigits = (text: string) => text.replace(/\D/g, '');

/**
 * "Thandi Mokoena" is thandimokoena, thandi and mokoena; a number is its digits, with the country's code and
 * without.
 */
function listOwnWords(text: string): string[] {
  const plain = text.normalize('NFKC').toLowerCase();
  const digits = keepDigits(plain);
  const words = [plain, plain.replace(/@.*$/, ''), ...plain.split(/[^\p{L}]+/u)].map(keepLetters);
  const numbers = digits.length >= 8 ? [digits, digits.replace(/^27/, '0'), digits.replace(/^27/, '')] : [];
  return [...words, ...numbers].filter((word) => word.length >= 4);
}

/** A short piece again and again, a handful of characters, or a run such as "abcdefghij" and "9876543210". */
function isMonotonous(text: string): boolean {
  if (new Set(text).size < 5) return true;
  for (let period = 1; period <= 5; period++) {
    if ([...text].every((_, index) => index < period || text[index] === text[index - period])) return true;
  }
  // After 9 comes 0.
  const wrap = (step: number) => (step === 9 ? -1 : step === -9 ? 1 : step);
  const steps = new Set(
    Array.from(text.slice(1), (_, index) => wrap(text.charCodeAt(index + 1) - text.charCodeAt(index))),
  );
  return steps.size === 1 && (steps.has(1) || steps.has(-1));
}
