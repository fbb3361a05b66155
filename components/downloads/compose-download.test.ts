import { describe, expect, it } from 'vitest';
import { composeDownloadHref, findNarrowing } from './compose-download';

const shown = [
  ['tab', 'incoming'],
  ['q', '082 123'],
  ['verdict', 'OPT_OUT,REVIEW'],
  ['from', '2026-11-01'],
  ['to', ''],
  ['sort', 'oldest'],
  ['cursor', 'abc'],
] as const;

const list = { narrowing: ['q', 'verdict', 'from', 'to'] };

const plain = {
  format: 'csv',
  separator: ';',
  everything: false,
  columns: null,
  numbersAsText: false,
} as const;

function read(href: string): Record<string, string> {
  expect(href).toMatch(/^\/api\/downloads\/incoming\?/);
  return Object.fromEntries(new URLSearchParams(href.split('?')[1]));
}

describe('composeDownloadHref', () => {
  it('passes on what narrows and orders the list, never the page one is on', () => {
    expect(read(composeDownloadHref('/api/downloads/incoming', list, shown, plain))).toEqual({
      format: 'csv',
      separator: ';',
      q: '082 123',
      verdict: 'OPT_OUT,REVIEW',
      from: '2026-11-01',
      sort: 'oldest',
    });
  });

  it('leaves the filters out when everything is asked for', () => {
    const href = composeDownloadHref('/api/downloads/incoming', list, shown, { ...plain, everything: true });
    expect(read(href)).toEqual({ format: 'csv', separator: ';', sort: 'oldest' });
  });

  it('names columns and text only when they are chosen', () => {
    const choice = {
      format: 'csv',
      separator: '\t',
      everything: true,
      columns: ['number', 'when'],
      numbersAsText: true,
    } as const;
    expect(read(composeDownloadHref('/api/downloads/incoming', list, [], choice))).toEqual({
      format: 'csv',
      separator: '\t',
      columns: 'number,when',
      text: '1',
    });
  });
});

describe('composeDownloadHref of a workbook', () => {
  it('has neither separator nor text, whatever was chosen before', () => {
    const choice = { ...plain, format: 'xlsx', everything: true, numbersAsText: true } as const;
    expect(read(composeDownloadHref('/api/downloads/incoming', list, shown, choice))).toEqual({
      format: 'xlsx',
      sort: 'oldest',
    });
  });
});

describe('findNarrowing', () => {
  it('knows a list that is not narrowed', () => {
    expect(
      findNarrowing(list, [
        ['tab', 'incoming'],
        ['sort', 'oldest'],
        ['q', ''],
      ]),
    ).toEqual([]);
  });
});
