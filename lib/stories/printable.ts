/**
 * A text as a font can show it: each sign that the font lacks, and each that nobody would see (control characters, marks that
 * change the direction), as its code point, such as [U+1F6D1]. Nothing is left out.
 *
 * @param characters the code points the font has
 */
export function toPrintable(text: string, characters: ReadonlySet<number>): string {
  let printable = '';
  for (const sign of text.replace(/\r\n?/g, '\n')) {
    const codePoint = sign.codePointAt(0) ?? 0;
    const isShown = sign === '\n' || (characters.has(codePoint) && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(sign));
    printable += isShown ? sign : `[U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}]`;
  }
  return printable;
}
