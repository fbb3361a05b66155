/**
 * What was pasted, as a file: numbers on lines of their own, whatever stood between them; or, when there is more than
 * numbers in it, as it is.
 */
export function composePaste(text: string): string {
  const pieces = text.split(/[\n\r,;\t]+/).filter((piece) => piece.trim() !== '');
  const sample = pieces.slice(0, 2000);
  const numbers = sample.filter((piece) => /^[\s+()\d./-]*\d[\s+()\d./-]*$/.test(piece)).length;
  return numbers > sample.length * 0.6 ? pieces.join('\n') : text;
}
