const spaceRun = /[\t-\r\x85\p{Z}]+/gu;
const invisible = /(?![\t-\r\x85])[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]+/gu;
// An emoji joined of several (a family, a flag with a sign on it) is one character to whoever typed it: its
// first part.
const joinedEmoji =
  /(\p{Extended_Pictographic})(?:[\ufe0f\p{Emoji_Modifier}]*\u200d\p{Extended_Pictographic})+/gu;
// Unicode normalisation takes quadratic time on long runs of combining marks (1 MB of them: minutes). No
// writing system needs more than a few; 30 is the bound of Unicode's Stream-Safe Text Format. U+FF9E and
// U+FF9F become marks. So many at a time: with no bound, a regular expression remembers every one of a run
// to go back to, and that memory costs ten times the reading where a run has a million.
const marksBeyondBound = /[\p{M}\uff9e\uff9f](?<=[\p{M}\uff9e\uff9f]{31})[\p{M}\uff9e\uff9f]{0,999}/gu;

// NFKC writes the phrases out that these two stand for, in 18 and 8 characters: a long text of them would
// cost twenty times what others do. No other character becomes more than six, and no keyword is in a
// blessing.
const phraseCharacter = /[\ufdfa\ufdfb]/g;

const plainAscii = /^[\x20-\x7e]*$/;
// Nothing invisible, no emoji, no marks: white space, Latin-1, dashes and curly quotes, Chinese characters.
const withoutSurprises = /^[\t-\r\x20-\x7e\xa0-\xac\xae-\xff\u2010-\u2027\u4e00-\u9fef]*$/;

const edge = '\\p{P}\\p{S}\\p{Z}\\p{Co}\\p{Cn}\\p{Extended_Pictographic}';
const edgeCharacter = new RegExp(`^[${edge}]$`, 'u');
const markCharacter = /^\p{M}$/u;
// A digit in a box: an emoji.
const keycap = /^[0-9]\u20e3/;
// So many at a time: with no bound, a long text has the regular expression run out of stack.
const leadingEdges = new RegExp(`(?:[${edge}\\p{M}]|[0-9]\\u20e3){1,1000}`, 'uy');

/**
 * The form in which texts are compared (never stored, never shown): Unicode NFKC without invisible and
 * control characters, white space as single spaces, lower case whatever the locale, and nothing but letters
 * and digits at both ends. Linear in the text's length; never throws, whatever the text holds.
 */
export function normaliseText(text: string): string {
  if (plainAscii.test(text)) {
    const lower = text.toLowerCase();
    const tidy = lower.includes('  ') ? lower.replace(/ +/g, ' ') : lower;
    return trimAsciiEdges(tidy);
  }
  if (withoutSurprises.test(text)) return trimEdges(foldCompatible(text));
  const visible = text
    .replace(joinedEmoji, '$1')
    .replace(invisible, '')
    .replace(marksBeyondBound, '')
    .replace(phraseCharacter, ' ');
  return trimEdges(foldCompatible(visible).replace(marksBeyondBound, ''));
}

function foldCompatible(text: string): string {
  const lower = text.normalize('NFKC').toLowerCase();
  // The Turkish capital İ becomes "i" and a dot above: the same letter to whoever typed QUİT.
  return lower
    .replace(/i\u0307+/g, 'i')
    .normalize('NFKC')
    .replace(spaceRun, ' ');
}

function trimAsciiEdges(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && !isAsciiWordCharacter(text.charCodeAt(start))) start += 1;
  while (end > start && !isAsciiWordCharacter(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function isAsciiWordCharacter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39);
}

function trimEdges(text: string): string {
  let start = 0;
  leadingEdges.lastIndex = 0;
  while (leadingEdges.test(text)) start = leadingEdges.lastIndex;

  // Backwards by hand: a regular expression that ends in $ tries every position, which takes quadratic time.
  let end = text.length;
  while (end > start) {
    // A mark belongs to the character before it: "´" alone has become a space with a mark on it.
    let baseEnd = end;
    let base = characterBefore(text, baseEnd);
    while (markCharacter.test(base)) {
      baseEnd -= base.length;
      base = characterBefore(text, baseEnd);
    }
    if (!edgeCharacter.test(base) && !keycap.test(base + text.slice(baseEnd, baseEnd + 1))) break;
    end = baseEnd - base.length;
  }
  return text.slice(start, end);
}

function characterBefore(text: string, end: number): string {
  const last = text.charCodeAt(end - 1);
  return text.slice(end - (last >= 0xdc00 && last <= 0xdfff ? 2 : 1), end);
}
