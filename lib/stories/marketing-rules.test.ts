import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

/** docs/marketing-rules.md says of each rule where it is; this looks there. */
const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

const document = read('docs/marketing-rules.md');
const rows = document
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .slice(2)
  .map(
    (line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()) as [string, string, string, string, string],
  );

const squeeze = (text: string) => text.replace(/\s+/g, ' ');
/** What a cell names: \`code\` and “words”. */
const codesOf = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code as string);
const wordsOf = (cell: string) => [...cell.matchAll(/“([^”]+)”/g)].map(([, words]) => words as string);

const help = read('components/help/help-page.tsx');
const pack = squeeze(read('lib/stories/complaint-facts.ts') + read('lib/opt-outs/gate.ts'));

/** A chapter's own text. */
function readChapter(id: string): string {
  const begin = help.indexOf(`<Chapter id="${id}"`);
  return begin < 0 ? '' : squeeze(help.slice(begin, help.indexOf('</Chapter>', begin)));
}

test('there are rules', () => expect(rows.length).toBeGreaterThan(10));

test.each(rows)(
  '%s: its code, test, words with their source, and place in the pack are there',
  (_, ...cells) => {
    const [code, tested, told, packed] = cells;
    const [name, file] = codesOf(code) as [string, string];
    expect(read(file)).toMatch(new RegExp(`export (?:async )?(?:function|const) ${name}\\b`));

    const [title] = wordsOf(tested) as [string];
    expect(read(codesOf(tested)[0] as string)).toContain(`test('${title}'`);

    const [chapter] = codesOf(told) as [string];
    for (const source of wordsOf(told)) expect(readChapter(chapter)).toContain(source);
    expect(wordsOf(told)).not.toEqual([]);

    for (const words of wordsOf(packed)) expect(pack).toContain(words);
    expect(wordsOf(packed)).not.toEqual([]);
  },
);
