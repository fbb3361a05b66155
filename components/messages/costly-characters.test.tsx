import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import { CutNote } from '@/components/ui/cut-note';
import { CostlyCharacters } from './costly-characters';
import { SendPreview } from './send-preview';

/** What is said, without the marks of HTML. */
const read = (html: string) =>
  html
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/&#x27;/g, "'")
    .replaceAll(/[\s\u00a0]+/g, ' ');

const show = (text: string, recipients = 0) =>
  renderToStaticMarkup(<CostlyCharacters text={text} recipients={recipients} onReplace={() => undefined} />);

describe('characters that make a text dearer', () => {
  test('are named, placed, marked and offered to be replaced, with the saving', () => {
    const html = show(`Today only\u00a0R99. ${'Come and see us. '.repeat(6)}`, 1000);
    expect(read(html)).toContain('no-break space , after “only”');
    expect(html).toMatch(/only<mark[^>]*>\[no-break space\]<\/mark>R99/);
    expect(read(html)).toContain('Replace 1 character');
    expect(read(html)).toContain('2 segments become 1: 1 000 credits less.');
  });

  test('without a price, in segments alone; without a counterpart, nothing is offered', () => {
    expect(read(show('Only\u00a0now'))).toContain('Still 1 segment, with more room in it.');
    expect(read(show('Only\u00a0now 🛑'))).toContain('Saves nothing while the others are there.');
    expect(read(show('Môre'))).not.toContain('Replace');
    expect(read(show('Plain text'))).toBe(' ');
  });

  test('a paste of a megabyte makes no page of it', () => {
    expect(show('\u00a0a'.repeat(500_000)).length).toBeLessThan(500_000);
    expect(show(`${'a'.repeat(1_000_000)}\u00a0`).length).toBeLessThan(10_000);
  });
});

test('Send warns of a text that asks for a keyword for something else', () => {
  const preview = (text: string) =>
    read(
      renderToStaticMarkup(
        <SendPreview
          text={text}
          count={{ entered: 1, usable: 1, duplicates: 0, invalid: [] }}
          credits={10}
          honoursAll={false}
          keywords={[{ word: 'cancel', match: 'exact' }]}
          button={null}
        />,
      ),
    );
  expect(preview('Reply CANCEL to cancel your appointment')).toContain(
    'Replies with “CANCEL” will opt out The text asks for it “to cancel your appointment”, but whoever sends it',
  );
  expect(preview('Reply STOP to opt out')).not.toContain('will opt out');
});

test('a text that is cut says so and leads to the whole; one that is not says nothing', () => {
  const html = renderToStaticMarkup(
    <CutNote text={'é'.repeat(1000)} wholeLength={60_000} href="/api/texts/reply/7" />,
  );
  expect(read(html)).toContain('the first 1 000 of 60 000 characters.');
  expect(html).toContain('href="/api/texts/reply/7"');
  expect(renderToStaticMarkup(<CutNote text="Stop" wholeLength={null} href="/" />)).toBe('');
});
