import { isGsm, measureText } from './segments';

/** A character that no GSM-7 text can hold, and so makes a segment hold 70 characters instead of 160. */
export interface CostlyCharacter {
  character: string;
  /**
   * For people: "no-break space", "curly quotation mark", "Cyrillic а"; of what one sees, the sign itself.
   */
  name: string;
  /** There is nothing to see of it, or nothing that tells it from a plain character. */
  isInvisible: boolean;
  /** How often it is there. */
  count: number;
  /** Where the first one is: "after “only”", "at the beginning"; null when it stands alone. */
  place: string;
  /** What says the same in GSM-7, "" when nothing is lost without it; null when there is no such thing. */
  plain: string | null;
}

/** A piece of a text; `costly` when it is a character that no GSM-7 text can hold. */
export interface TextPiece {
  text: string;
  costly: boolean;
}

const invisibleNames: Record<string, string> = {
  '\t': 'tab',
  '\v': 'vertical tab',
  '\u0085': 'next-line character',
  '\u00a0': 'no-break space',
  '\u00ad': 'soft hyphen',
  '\u034f': 'combining grapheme joiner',
  '\u061c': 'Arabic letter mark',
  '\u115f': 'Hangul filler',
  '\u1160': 'Hangul filler',
  '\u1680': 'Ogham space',
  '\u180e': 'Mongolian vowel separator',
  '\u2000': 'en quad',
  '\u2001': 'em quad',
  '\u2002': 'en space',
  '\u2003': 'em space',
  '\u2004': 'three-per-em space',
  '\u2005': 'four-per-em space',
  '\u2006': 'six-per-em space',
  '\u2007': 'figure space',
  '\u2008': 'punctuation space',
  '\u2009': 'thin space',
  '\u200a': 'hair space',
  '\u200b': 'zero-width space',
  '\u200c': 'zero-width non-joiner',
  '\u200d': 'zero-width joiner',
  '\u200e': 'left-to-right mark',
  '\u200f': 'right-to-left mark',
  '\u2028': 'line separator',
  '\u2029': 'paragraph separator',
  '\u202a': 'left-to-right embedding',
  '\u202b': 'right-to-left embedding',
  '\u202c': 'end of a direction',
  '\u202d': 'left-to-right override',
  '\u202e': 'right-to-left override',
  '\u202f': 'narrow no-break space',
  '\u205f': 'mathematical space',
  '\u2060': 'word joiner',
  '\u2066': 'left-to-right isolate',
  '\u2067': 'right-to-left isolate',
  '\u2068': 'first strong isolate',
  '\u2069': 'end of an isolate',
  '\u2800': 'Braille blank',
  '\u3000': 'ideographic space',
  '\u3164': 'Hangul filler',
  '\ufe0e': 'text variation selector',
  '\ufe0f': 'emoji variation selector',
  '\ufeff': 'byte-order mark',
  '\uffa0': 'Hangul filler',
  '\ufffc': 'object replacement character',
};

// What word processors, phones and web pages put in place of what was typed.
const plainSigns = new Map<string, { plain: string; name: string }>();
function addPlain(characters: string, plain: string, name: string): void {
  for (const character of characters) plainSigns.set(character, { plain, name });
}
addPlain('‘’‚‛ʼʻ', "'", 'curly quotation mark');
addPlain('“”„‟', '"', 'curly quotation mark');
addPlain('`´', "'", 'accent as a quotation mark');
addPlain('‹›', "'", 'angle quotation mark');
addPlain('«»', '"', 'angle quotation mark');
addPlain('′', "'", 'prime');
addPlain('″', '"', 'double prime');
addPlain('‐‑‒–—―', '-', 'dash');
addPlain('−', '-', 'minus sign');
addPlain('…', '...', 'ellipsis');
addPlain('‥', '..', 'two-dot leader');
addPlain('․', '.', 'one-dot leader');
addPlain('•◦▪‣●·', '-', 'bullet');
addPlain('×', 'x', 'multiplication sign');
addPlain('⁄∕', '/', 'slash');
addPlain('ﬀ', 'ff', 'ligature');
addPlain('ﬁ', 'fi', 'ligature');
addPlain('ﬂ', 'fl', 'ligature');
addPlain('ﬃ', 'ffi', 'ligature');
addPlain('ﬄ', 'ffl', 'ligature');

const lineBreak = /^[\v\u0085\u2028\u2029]$/;
const space = /^[\t\p{Zs}\u2800]$/u;
const unseen = /^[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\ufffc]$/u;
const directionMark = /^[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]$/;
const rightToLeft = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
/** Joins what stands around it to one picture or one letter. */
const joiner = /^[\u200c\u200d\ufe00-\ufe0f\u{e0020}-\u{e007f}]$/u;
const keycap = '\u20e3';
// Full-width and mathematical letters, which look like letters in another font.
const styled = /^[\uff01-\uff5e\u{1d400}-\u{1d7ff}]$/u;
const mark = /^\p{M}$/u;
// Letters of these look like Latin ones.
const lookAlike = { Cyrillic: /^\p{Script=Cyrillic}$/u, Greek: /^\p{Script=Greek}$/u };

interface Found {
  /** One character as the text has it; with its accents, when the two together have one that is GSM. */
  text: string;
  index: number;
  costly: boolean;
  plain: string | null;
}

/** The text character by character. Linear. */
function* readCharacters(text: string): Generator<Found> {
  const hasRightToLeft = rightToLeft.test(text);
  let index = 0;
  /** The character before, as it would stay: what a joiner joins to. */
  let previous = '';
  while (index < text.length) {
    const character = String.fromCodePoint(text.codePointAt(index) ?? 0);
    const next = String.fromCodePoint(text.codePointAt(index + character.length) ?? 0);
    // below U+0300 nothing is a mark
    const composed = next > '\u02ff' && mark.test(next) ? `${character}${next}`.normalize('NFC') : '';
    if (composed.length === 1 && isGsm(composed)) {
      // A letter and its accent as two characters, as some programs write é.
      yield { text: character + next, index, costly: true, plain: composed };
      index += character.length + next.length;
      previous = composed;
      continue;
    }
    const costly = !isGsm(character);
    const plain = costly ? findPlain(character, previous, next, hasRightToLeft) : null;
    yield { text: character, index, costly, plain };
    index += character.length;
    if (plain !== '') previous = plain ?? character;
  }
}

function findPlain(
  character: string,
  previous: string,
  next: string,
  hasRightToLeft: boolean,
): string | null {
  if (lineBreak.test(character)) return '\n';
  if (space.test(character)) return ' ';
  const sign = plainSigns.get(character);
  if (sign) return sign.plain;
  if (joiner.test(character)) {
    return next !== keycap && (previous === '' || isGsm(previous)) ? '' : null;
  }
  if (directionMark.test(character)) return hasRightToLeft ? null : '';
  if (unseen.test(character)) return '';
  const folded = character.normalize(styled.test(character) ? 'NFKC' : 'NFC');
  return [...folded].every(isGsm) ? folded : null;
}

function nameCharacter(text: string): { name: string; isInvisible: boolean } {
  const [character = '', ...accents] = text;
  if (accents.length > 0)
    return { name: `${text.normalize('NFC')} written as two characters`, isInvisible: true };
  const known = invisibleNames[character];
  if (known !== undefined) return { name: known, isInvisible: true };
  const sign = plainSigns.get(character);
  if (sign) return { name: `${sign.name} ${character}`, isInvisible: false };
  if (/^\p{Cs}$/u.test(character)) return { name: 'half a character', isInvisible: true };
  if (/^\p{Cc}$/u.test(character))
    return { name: `control character ${nameCode(character)}`, isInvisible: true };
  if (unseen.test(character) || space.test(character)) {
    return { name: `invisible character ${nameCode(character)}`, isInvisible: true };
  }
  for (const [script, pattern] of Object.entries(lookAlike)) {
    if (pattern.test(character)) return { name: `${script} ${character}`, isInvisible: false };
  }
  if (styled.test(character)) return { name: `letter ${character} of another font`, isInvisible: false };
  return { name: character, isInvisible: false };
}

/** The name of a character that nobody can see; null of one that shows what it is. */
export function nameInvisible(character: string): string | null {
  const { name, isInvisible } = nameCharacter(character);
  return isInvisible ? name : null;
}

function nameCode(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** The characters that make a text UCS-2, each once and in the order in which they first appear. */
export function listCostlyCharacters(text: string): CostlyCharacter[] {
  const found = new Map<string, CostlyCharacter>();
  for (const { text: character, index, costly, plain } of readCharacters(text)) {
    if (!costly) continue;
    const known = found.get(character);
    if (known) {
      known.count += 1;
      // One of them can be replaced.
      known.plain ??= plain;
    } else {
      const place = describePlace(text, index, index + character.length);
      found.set(character, { character, ...nameCharacter(character), count: 1, place, plain });
    }
  }
  return [...found.values()];
}

const quotedLength = 20;
const wordBefore = /[\p{L}\p{N}][\p{L}\p{N}'’@.-]*(?=[^\p{L}\p{N}]*$)/u;
const wordAfter = /[\p{L}\p{N}][\p{L}\p{N}'’@.-]*/u;

/** By the word before it, as one finds it again. Looks at no more than 40 characters to either side. */
function describePlace(text: string, start: number, end: number): string {
  const before = wordBefore.exec(text.slice(Math.max(0, start - 2 * quotedLength), start))?.[0];
  if (before !== undefined) return `after “${before.slice(-quotedLength)}”`;
  const after = wordAfter.exec(text.slice(end, end + 2 * quotedLength))?.[0];
  if (start > 2 * quotedLength) return 'among other signs';
  return after === undefined ? 'at the beginning' : `before “${after.slice(0, quotedLength)}”`;
}

/** The text with a plain character in place of each costly one that has one. */
export function replaceCostlyCharacters(text: string): string {
  let replaced = '';
  for (const { text: character, plain } of readCharacters(text)) replaced += plain ?? character;
  return replaced;
}

/** The text in pieces, to mark in it what is costly. */
export function splitCostlyCharacters(text: string): TextPiece[] {
  const pieces: TextPiece[] = [];
  for (const { text: character, costly } of readCharacters(text)) {
    const last = pieces.at(-1);
    if (!costly && last && !last.costly) last.text += character;
    else pieces.push({ text: character, costly });
  }
  return pieces;
}

/** What {@link replaceCostlyCharacters} makes of a text and of its price. */
export interface Replacement {
  text: string;
  /** Characters replaced. */
  count: number;
  /** Segments of the text as it is, and after. */
  before: number;
  after: number;
  /** Whether it stays UCS-2 for what has no plain counterpart. */
  staysUcs2: boolean;
}

/** Null when there is nothing to replace. */
export function planReplacement(text: string): Replacement | null {
  let count = 0;
  let replaced = '';
  for (const { text: character, plain } of readCharacters(text)) {
    if (plain !== null) count += 1;
    replaced += plain ?? character;
  }
  if (count === 0) return null;
  const measure = measureText(replaced);
  return {
    text: replaced,
    count,
    before: measureText(text).segments,
    after: measure.segments,
    staysUcs2: measure.encoding === 'UCS-2',
  };
}
