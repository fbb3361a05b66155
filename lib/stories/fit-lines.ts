/**
 * Cuts what has no place for a line break into pieces of a line. pdfkit looks for the place by measuring the
 * whole rest of a word (a run of spaces is one) again for each line: 20,000 letters without a space took it
 * 13 s and 1.6 GB. Takes time in proportion to the text.
 *
 * @param measure how wide a character is
 * @param width of a line, in the same unit
 */
export function fitLines(text: string, measure: (character: string) => number, width: number): string {
  let fitted = '';
  /**
   * How wide the word is that we are in, with the spaces at its end: those alone can be wider than a line.
   */
  let used = 0;
  let previous = '';
  for (const character of text) {
    if (character === '\n' || (previous === ' ' && character !== ' ')) used = 0;
    if (character !== '\n') {
      const wide = measure(character);
      if (used > 0 && used + wide > width) {
        fitted += '\n';
        used = 0;
      }
      used += wide;
    }
    fitted += character;
    previous = character;
  }
  return fitted;
}
