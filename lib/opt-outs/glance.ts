import { standardKeywords } from './keywords';
import { leadInWords, openingPhrases, reviewPhrases } from './review-phrases';

// Nearly every reply is ordinary conversation, and nearly all of those can be told by how they begin. A glance looks
// at the first four letters of the first word (of every word, after a lead-in such as "please") and at the last three
// letters of the text. It may take an ordinary text for a suspect, never the other way round: see matcher.test.ts.

/** The longest text that is compared with keywords for a slip. */
export const maxSlipLength = 20;

// Characters fall into classes, so that four of them make an index and a bit: 0 for what parts words, 1 to 26 for
// letters of either case, then digits and letters with an accent. What only normalising can judge is `unclear`, and so
// is a text that has it where the glance looks.
const parting = 0;
const [letterB, letterE, letterI, letterO, letterP, letterS, letterT, letterU] = [2, 5, 9, 15, 16, 19, 20, 21];
const digit = 27;
const accented = 28;
const unclear = 64;
const anyClass = -1;
const allClasses = Array.from({ length: accented + 1 }, (_, value) => value);
const ended = [parting, parting, parting, parting];

const classes = new Uint8Array(1 << 16).fill(unclear);
for (let code = 0; code < 0x100; code++) classes[code] = classifyCode(code);
// Dashes, curly quotes, the ellipsis.
classes.fill(parting, 0x2010, 0x2028);

function classifyCode(code: number): number {
  const character = String.fromCharCode(code);
  if (/[a-z]/i.test(character)) return code & 31;
  if (/[0-9]/.test(character)) return digit;
  if (/[À-ÖØ-öø-ÿ]/.test(character)) return accented;
  return /[\t-\r -~]/.test(character) ? parting : unclear;
}

// By the classes of three characters: a bit for each class of a fourth.
const tableSize = 1 << 15;
const openings = new Uint32Array(tableSize);
const laterOpenings = new Uint32Array(tableSize);
const slips = new Uint32Array(tableSize);
const leadIns = new Uint32Array(tableSize);


for (const { word, match } of standardKeywords) {
  const letters = listClasses(word, match === 'exact');
  mark(openings, letters);
  mark(laterOpenings, letters);
  for (const slip of listSlips(letters)) mark(slips, slip);
}
for (const { opening } of [...openingPhrases, ...reviewPhrases]) mark(openings, listClasses(opening, false));
for (const { opening } of reviewPhrases) mark(laterOpenings, listClasses(opening, false));
for (const word of leadInWords) mark(leadIns, listClasses(word, true));

/** Two classes for keywords that are not standard: few, and compiled anew whenever an account changes them. */
export type OwnOpenings = Uint8Array;

/** For `isSuspect`: how texts begin that these keywords could match. */
export function listOwnOpenings(words: readonly string[]): OwnOpenings {
  const result = new Uint8Array(1 << 10);
  for (const word of words) {
    const letters = listClasses(word, false);
    if (letters === null) continue;
    const [first = anyClass, second = anyClass] = letters;
    for (const a of expandClass(first)) for (const b of expandClass(second)) result[(a << 5) | b] = 1;
  }
  return result;
}

/** False only for a text whose verdict is certainly `none`, whatever stands where the glance did not look. */
export function isSuspect(text: string, own: OwnOpenings | null): boolean {
  const length = text.length;
  let at = 0;
  let first = parting;
  while (first === parting) {
    if (at === length) return false;
    first = classAt(text, at++);
  }
  let second = parting;
  let third = parting;
  let fourth = parting;
  if (at < length) second = classAt(text, at);
  if (second !== parting && at + 1 < length) third = classAt(text, at + 1);
  if (third !== parting && at + 2 < length) fourth = classAt(text, at + 2);
  if (((first | second | third | fourth) & unclear) !== 0) return true;

  const index = (first << 10) | (second << 5) | third;
  const bit = 1 << fourth;
  if (((openings[index] as number) & bit) !== 0) return true;
  if (length <= maxSlipLength && ((slips[index] as number) & bit) !== 0) return true;
  if (own !== null && own[(first << 5) | second] === 1) return true;
  if (endsLikeKeyword(text)) return true;
  return ((leadIns[index] as number) & bit) !== 0 && hasLaterOpening(text, at);
}

/** False when no keyword and no phrase begins with the word at this place of a normalised text. */
export function mayOpen(normalised: string, at: number): boolean {
  return isMarked(openings, normalised, at);
}

/** The same for a phrase after a lead-in. */
export function mayOpenLater(normalised: string, at: number): boolean {
  return isMarked(laterOpenings, normalised, at);
}

function isMarked(table: Uint32Array, text: string, at: number): boolean {
  const length = text.length;
  const first = classAt(text, at);
  const second = at + 1 < length ? classAt(text, at + 1) : parting;
  const third = second !== parting && at + 2 < length ? classAt(text, at + 2) : parting;
  const fourth = third !== parting && at + 3 < length ? classAt(text, at + 3) : parting;
  if (((first | second | third | fourth) & unclear) !== 0) return true;
  return ((table[(first << 10) | (second << 5) | third] as number) & (1 << fourth)) !== 0;
}

function classAt(text: string, at: number): number {
  return classes[text.charCodeAt(at)] as number;
}

// …sTOP, …unsubscrIBE, …unSUB
function endsLikeKeyword(text: string): boolean {
  let at = text.length - 1;
  let last = classAt(text, at);
  while (last === parting) last = classAt(text, --at);
  if (last === unclear) return true;
  if (at < 3 || (last !== letterP && last !== letterE && last !== letterB)) return false;
  const middle = classAt(text, at - 1);
  const first = classAt(text, at - 2);
  if (((first | middle) & unclear) !== 0) return true;
  return last === letterP
    ? middle === letterO && first === letterT
    : last === letterE
      ? middle === letterB && first === letterI
      : middle === letterU && first === letterS;
}

function hasLaterOpening(text: string, start: number): boolean {
  const length = text.length;
  let previous = letterB;
  for (let at = start; at < length; at++) {
    const first = classAt(text, at);
    if (first === unclear) return true;
    if (previous === parting && first !== parting && isMarked(laterOpenings, text, at)) return true;
    previous = first;
  }
  return false;
}

/** Marks every four classes that a word with this opening can begin with. */
function mark(table: Uint32Array, opening: readonly number[] | null): void {
  if (opening === null) return;
  const [first = anyClass, second = anyClass, third = anyClass, fourth = anyClass] = opening;
  const bits = fourth === anyClass ? ~0 : 1 << fourth;
  for (const a of expandClass(first)) {
    for (const b of expandClass(second)) {
      for (const c of expandClass(third)) table[(a << 10) | (b << 5) | c]! |= bits;
    }
  }
}

function expandClass(value: number): readonly number[] {
  return value === anyClass ? allClasses : [value];
}

/**
 * The classes of an opening's first word, as the glance reads it: nothing but `parting` after its end. Null when one
 * of the first three characters is beyond ASCII: the glance then meets something unclear, be it a mark yet to be
 * composed.
 */
function listClasses(opening: string, isWholeWord: boolean): number[] | null {
  const result: number[] = [];
  for (const character of opening) {
    if (result.length === 4) return result;
    // In a keyword, _ is any character.
    if (character === '_') return result;
    const value = classAt(character, 0);
    // A letter with an accent may come as two characters, and the second is unclear.
    if (value >= accented && result.length < 3) return null;
    if (value >= accented) return result;
    if (value === parting) return [...result, ...ended];
    result.push(value);
  }
  return isWholeWord ? [...result, ...ended] : result;
}

/** The openings that are one slip away from this one, or drag one of its letters out. */
function listSlips(opening: readonly number[] | null): number[][] {
  if (opening === null) return [];
  const result: number[][] = [];
  for (let at = 0; at < 4; at++) {
    const before = opening.slice(0, at);
    const [first = anyClass, second = anyClass, ...after] = opening.slice(at);
    result.push(
      [...before, second, ...after],
      [...before, second, first, ...after],
      [...before, anyClass, second, ...after],
      [...before, anyClass, first, second, ...after],
      [...before, first, first, first, first],
      // A space or full stop in between ends what the glance sees of the word.
      [...before, ...ended],
    );
  }
  return result;
}
