/** What a line break takes of the room: as much as the line that it ends. */
export const lineCharacters = 60;

/** A text as a font can show it, or as much of it as there is room for. */
export interface Printable {
  text: string;
  /** How much of the room it takes, in characters of an ordinary line. */
  room: number;
  /** Some of it was left out. */
  isCut: boolean;
}

/**
 * A text as a font can show it: each sign that the font lacks, and each that nobody would see (control
 * characters, marks that change the direction), as its code point, such as [U+1F6D1]. Of what does not fit in
 * the room only the beginning.
 *
 * @param characters the code points the font has
 */
export function toPrintable(text: string, characters: ReadonlySet<number>, room = Infinity): Printable {
  let printable = '';
  let used = 0;
  for (const sign of text.replace(/\r\n?/g, '\n')) {
    const printed = sign === '\n' || isShown(sign, characters) ? sign : nameSign(sign);
    const cost = sign === '\n' ? lineCharacters : printed.length;
    if (used + cost > room) return { text: printable, room: used, isCut: true };
    printable += printed;
    used += cost;
  }
  return { text: printable, room: used, isCut: false };
}

function isShown(sign: string, characters: ReadonlySet<number>): boolean {
  return characters.has(sign.codePointAt(0) ?? 0) && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(sign);
}

function nameSign(sign: string): string {
  return `[U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`;
}
