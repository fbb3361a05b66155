import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import Papa from 'papaparse';
import PDFDocument from 'pdfkit';
import { readSheet } from 'read-excel-file/node';
import { describe, expect, test } from 'vitest';
import type { NumberStory } from './schema';
import { computeFingerprint, writeEvidenceCsv, writeEvidenceXlsx } from './evidence-table';
import { composeEvidencePdf } from './evidence-pdf';
import { collectFacts, type Fact } from './evidence-facts';
import { formatOffsetTime } from './offset-time';
import { toPrintable } from './printable';
import { isLong } from '@/testing/property-runs';
import { readPdfText } from '@/testing/read-pdf-text';

const origin = { madeAt: '2026-11-23 14:32:05.120 +02:00', madeBy: 'Thandi Mokoena (thandi)' };
const account = { id: 58324, name: 'Karoo Coffee Roasters', timeZone: 'Africa/Johannesburg' };

const answered = { text: 'Spring sale, reply STOP to opt out', sentAt: '2026-11-20T08:00:00.000Z' };
const evidence = {
  text: 'Stop, “asseblief” né',
  wholeLength: null,
  rule: 'prefix:stop send',
  senderNumber: '27600100201',
  receivedAt: '2026-11-20T08:05:00.000Z',
  answered,
  sharedWith: 1,
};

const story: NumberStory = {
  msisdn: '27821234567',
  block: {
    id: '2',
    kind: 'SHARED_SENDER',
    startedAt: '2026-11-20T08:05:00.120Z',
    startedBy: 'the recipient',
    evidence,
    end: null,
    confirmation: {
      status: 'DELIVERED',
      sentAt: '2026-11-20T08:05:01.000Z',
      deliveredAt: '2026-11-20T08:05:03.500Z',
    },
    honoured: {
      receivedAt: '2026-11-20T08:05:00.000Z',
      blockedMs: 120,
      confirmationSentMs: 1000,
      confirmationDeliveredMs: 3500,
    },
  },
  earlierEpisodes: [],
  registry: [],
  consents: [],
  items: [
    {
      type: 'message',
      id: '2',
      at: '2026-11-20T08:05:00.120Z',
      kind: 'CONFIRMATION',
      purpose: null,
      text: 'You have been opted out.',
      senderNumber: '27600100201',
      status: 'DELIVERED',
      isFirstPart: false,
      reason: null,
      cost: 0,
      sentAt: '2026-11-20T08:05:01.000Z',
      finishedAt: '2026-11-20T08:05:03.500Z',
    },
    {
      type: 'event',
      id: '1',
      at: '2026-11-20T08:05:00.120Z',
      kind: 'OPTED_OUT',
      who: 'the recipient',
      reason: null,
      reply: evidence,
      list: null,
      source: null,
    },
    {
      type: 'reply',
      id: '1',
      at: '2026-11-20T08:05:00.000Z',
      text: evidence.text,
      wholeLength: null,
      senderNumber: '27600100201',
      verdict: 'OPT_OUT',
      rule: 'prefix:stop send',
      arrivedAt: null,
      answered,
      review: null,
    },
    {
      type: 'message',
      id: '1',
      at: '2026-11-20T07:59:59.000Z',
      kind: 'NORMAL',
      purpose: 'MARKETING',
      text: '=HYPERLINK("https://x.example";"Win; now")\n+27 "free"',
      senderNumber: '27600100201',
      status: 'FAILED',
      isFirstPart: false,
      reason: 'The phone could not be reached.',
      cost: 1,
      sentAt: '2026-11-20T08:00:00.000Z',
      finishedAt: '2026-11-20T08:00:09.000Z',
    },
  ],
  earlier: null,
};

const facts = collectFacts({ account, story });

function readCsv(csv: string, delimiter: string): string[][] {
  const { data, errors } = Papa.parse<string[]>(csv, { delimiter });
  expect(errors).toEqual([]);
  return data.filter((row) => row.length > 1);
}

const writeCsv = (separator: string, of: readonly Fact[] = facts) =>
  [...writeEvidenceCsv(of, origin, separator)].join('');

const makePdf = (of: readonly Fact[]) =>
  buffer(
    composeEvidencePdf(of, {
      ...origin,
      account: 'Karoo Coffee Roasters, W58324',
      number: '+27 82 123 4567',
      fingerprint: computeFingerprint(of),
      compress: false,
    }),
  );

const squeeze = (text: string) => text.replace(/\s+/g, '');

describe('the facts', () => {
  test('hold the words, the rule, the message answered, who and when, and how long it took', () => {
    expect(facts.map(({ section, what }) => `${section}: ${what}`)).toEqual([
      'Account: Account',
      'Account: Number',
      'Account: Time zone',
      'State now: Opted out',
      'Time to honour: Opt-out',
      'Opt-outs: Opted out',
      'Replies: Opt-out',
      'Messages: Message',
      'Messages: Confirmation SMS',
    ]);
    expect(facts.find(({ section }) => section === 'Opt-outs')).toMatchObject({
      when: '2026-11-20 10:05:00.120 +02:00',
      text: evidence.text,
      rule: 'Starts with “stop send”',
      who: 'the recipient',
      details: expect.stringContaining('“Spring sale, reply STOP to opt out”'),
    });
    const { details } = facts.find(({ section }) => section === 'Time to honour') as Fact;
    expect(details).toContain('Number blocked 0.1 s (120 ms) after the reply was received.');
    expect(details).toContain('Confirmation SMS delivered 3.5 s (3500 ms) after the reply was received.');
  });

  test('say of a message what it was for, and of a confirmation nothing', () => {
    const details = facts.flatMap((fact) => (fact.section === 'Messages' ? [fact.details] : []));
    expect(details).toEqual([
      expect.stringMatching(/^Purpose: marketing\. Status: Failed\./),
      expect.stringMatching(/^Status: Delivered\./),
    ]);
  });

  test('say what was left out of a pack that was cut', () => {
    const cut = collectFacts({ account, story: { ...story, earlier: 'cursor' } });
    expect(cut.find(({ what }) => what === 'Not in this pack')?.details).toContain('the latest 4 messages');
  });

  test('say that a number is not opted out', () => {
    const record = {
      marketerId: 0,
      source: 'National Consumer Commission',
      answeredOn: '2026-11-01',
      listedAt: '2026-11-02T06:00:00.000Z',
    };
    const registry = [
      { ...record, liftedAt: null },
      { ...record, marketerId: account.id, liftedAt: '2026-11-20T06:00:00.000Z' },
    ];
    const listed = collectFacts({ account, story: { ...story, block: null, registry } });
    expect(listed.find(({ section }) => section === 'State now')?.details).toContain(
      'marketing to it is blocked',
    );
    const records = listed.filter(({ section }) => section === 'National registry');
    expect(records.map(({ what }) => what)).toEqual(['In force', 'Lifted', 'In force']);
    expect(records[0]?.details).toContain(`W${account.id} alone`);
    expect(records[2]?.details).toContain('National Consumer Commission, answer of 2026-11-01');
    const free = collectFacts({ account, story: { ...story, block: null } });
    expect(free.find(({ section }) => section === 'State now')?.what).toBe('Not opted out');
  });
});

describe('the CSV', () => {
  test.each([',', ';', '\t', '|'])('separated by %j holds every fact, word for word', (separator) => {
    const csv = writeCsv(separator);
    expect(csv.startsWith('\uFEFF')).toBe(true);
    const rows = readCsv(csv.slice(1), separator);
    expect(rows[0]).toEqual(['Section', 'When', 'What', 'Text', 'Rule', 'Who', 'Sender number', 'Details']);
    expect(rows.slice(1, -2)).toEqual(
      facts.map((fact) => [
        fact.section,
        fact.when,
        fact.what,
        // what a spreadsheet would take for a formula is made harmless, and nothing else is changed
        fact.text.replace(/^=/, "'=").replace('\n+', "\n'+"),
        fact.rule,
        fact.who,
        fact.senderNumber,
        fact.details,
      ]),
    );
  });

  test('holds no cell that a spreadsheet takes for a formula', () => {
    const hostile = ['=1+1', '+1', '-1', '@x', '\tx', '\rx'].map((text) => ({ ...(facts[0] as Fact), text }));
    const cells = readCsv(writeCsv(',', hostile).slice(1), ',').flat();
    expect(cells).toContain("'=1+1");
    expect(cells.filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
  });

  test('breaks into no formula where a program takes other signs for separators', () => {
    const hostile = ['Stop;=1+1', 'Stop, =1', 'a\t@b', 'a|-1', 'a\n+1'].map((text) => ({
      ...(facts[0] as Fact),
      text,
      details: `It answered: “${text}”`,
    }));
    for (const cell of readCsv(writeCsv(',', hostile).slice(1), ',').flat()) {
      expect(cell.split(/[,;|\t\r\n]/).filter((part) => /^ *[=+\-@]/.test(part))).toEqual([]);
    }
    // texts stand in quotes, but for the first column
    expect(writeCsv(';', hostile)).toContain(`\nAccount;"";"Account";"Stop;'=1+1";`);
  });

  test('carries the SHA-256 of what stands before "This pack" in the comma-separated file', () => {
    const csv = writeCsv(',').slice(1);
    const before = csv.slice(0, csv.indexOf('This pack,'));
    const fingerprint = createHash('sha256').update(before).digest('hex');
    expect(readCsv(csv, ',').at(-1)).toEqual(expect.arrayContaining([`SHA-256 ${fingerprint}`]));
    expect(writeCsv(';')).toContain(fingerprint);
    expect(computeFingerprint([...facts, facts[0] as Fact])).not.toBe(fingerprint);
  });
});

describe('the workbook', () => {
  test('holds every fact as it was written, and the same fingerprint', async () => {
    const hostile = { ...(facts[0] as Fact), text: '=1+1;=2\n+3', senderNumber: '0821234567' };
    const all = [...facts, hostile];
    const pieces: Buffer[] = [];
    for await (const piece of writeEvidenceXlsx(all, origin)) pieces.push(piece as Buffer);
    const rows = await readSheet(Buffer.concat(pieces), { trim: false });
    expect(rows[0]).toEqual(['Section', 'When', 'What', 'Text', 'Rule', 'Who', 'Sender number', 'Details']);
    expect(rows.slice(1, -2)).toEqual(
      all.map((fact) =>
        [
          fact.section,
          fact.when,
          fact.what,
          fact.text,
          fact.rule,
          fact.who,
          fact.senderNumber,
          fact.details,
        ].map((cell) => cell || null),
      ),
    );
    expect(rows.at(-1)).toContain(`SHA-256 ${computeFingerprint(all)}`);
  });
});

describe('the PDF', () => {
  test('holds every fact, and the same fingerprint, with a head and a foot on each page', async () => {
    const pages = readPdfText(await makePdf(facts));
    const text = pages.join('');
    for (const fact of facts) {
      expect(text).toContain(squeeze(fact.section));
      for (const part of [fact.what, fact.when, fact.text, fact.rule, fact.who, fact.details]) {
        expect(text, part).toContain(squeeze(part));
      }
    }
    expect(text).toContain(squeeze(`SHA-256 ${computeFingerprint(facts)}`));
    pages.forEach((page, index) => {
      expect(page).toContain(squeeze('Karoo Coffee Roasters, W58324'));
      expect(page).toContain(squeeze('+27 82 123 4567'));
      expect(page).toContain(squeeze(`Made ${origin.madeAt} by ${origin.madeBy}`));
      expect(page).toContain(squeeze(`Page ${index + 1} of ${pages.length}`));
    });
  });

  test('prints texts in other scripts, and what its fonts lack as code points', async () => {
    const texts = ['Стоп, пожалуйста', 'Σταμάτα', 'stop 😀', '🛑', '停止', 'ngoba “ŵ” né'];
    const pages = readPdfText(await makePdf(texts.map((text) => ({ ...(facts[0] as Fact), text }))));
    const text = pages.join('');
    for (const printed of [
      'Стоп,пожалуйста',
      'Σταμάτα',
      'stop😀',
      '[U+1F6D1]',
      '[U+505C][U+6B62]',
      'ngoba“ŵ”né',
    ]) {
      expect(text).toContain(printed);
    }
  });

  test('runs over as many pages as it takes, and each says which it is', async () => {
    const long = Array.from({ length: 60 }, (_, index) => ({
      ...(facts[0] as Fact),
      text: `Message ${index}. ${'word '.repeat(60)}`,
    }));
    const pages = readPdfText(await makePdf(long));
    expect(pages.length).toBeGreaterThan(5);
    expect(pages.at(-1)).toContain(`Page${pages.length}of${pages.length}`);
    const text = pages.join('');
    for (let index = 0; index < 60; index++) expect(text).toContain(`Message${index}.word`);
  });

  describe('of long texts', () => {
    const fact = (text: string) => ({ ...(facts[0] as Fact), text });

    /** How many characters pdfkit measures while it lays a text out. */
    async function countMeasured(text: string): Promise<number> {
      const prototype = PDFDocument.prototype as unknown as { widthOfString(text: string): number };
      const { widthOfString } = prototype;
      let measured = 0;
      prototype.widthOfString = function (word, ...rest: []) {
        measured += word.length;
        return widthOfString.call(this, word, ...rest);
      };
      try {
        await makePdf([fact(text)]);
      } finally {
        prototype.widthOfString = widthOfString;
      }
      return measured;
    }

    test.each([
      ['letters without a space', 'x'],
      ['a letter of another script', 'Ж'],
      ['what is printed as a code point', '停'],
      ['spaces', ' '],
      ['spaces and a letter', '          a'],
      ['hyphens', '-'],
      ['no-break spaces', '\u00a0'],
      ['lines', '\n'],
      ['letters written from the right', 'ש'],
    ])('%s: twice the text is measured with about twice the work', async (_, unit) => {
      const few = await countMeasured(unit.repeat(2000 / unit.length));
      const many = await countMeasured(unit.repeat(4000 / unit.length));
      expect(many).toBeLessThan(2.5 * few + 5000);
      // far from the millions that it was for letters without a space
      expect(many).toBeLessThan(200_000);
    });

    test('a reply of 20,000 letters without a space is there to the last', async () => {
      const letters = Array.from({ length: 20_000 }, (_, index) => 'abcdefghij'[index % 10]).join('');
      const text = readPdfText(await makePdf([fact(letters)])).join('');
      expect(text.replaceAll(/[^a-j]/g, '').length).toBeGreaterThanOrEqual(letters.length);
      expect(text).toContain('abcdefghij'.repeat(5));
    });

    test('beyond some hundred pages the beginning of each text is printed, with a word saying so', async () => {
      const many = [
        fact('word '.repeat(90_000)),
        fact(`second ${'more '.repeat(1000)}`),
        fact('third, short'),
      ];
      const text = readPdfText(await makePdf(many)).join('');
      expect(text).toContain(squeeze('cut here: the CSV of this pack has 450000 characters'));
      expect(text).toContain(squeeze('cut here: the CSV of this pack has 5007 characters'));
      expect(text).toContain(squeeze('third, short'));
    });

    const units: [name: string, unit: string][] = [
      ['line breaks', '\n'],
      ['signs that the font lacks', '🛑'],
      ['short lines', 'a\n'],
      ['ordinary words', 'Please stop '],
    ];
    test.each(isLong ? units : units.slice(1, 2))(
      '%s: however many long replies there are, the pages have a limit',
      async (_, unit) => {
        const text = [...unit.repeat(2000)].slice(0, 2000).join('');
        const countPages = async (replies: number) =>
          readPdfText(await makePdf(Array.from({ length: replies }, () => fact(text)))).length;
        const [few, many] = [await countPages(220), await countPages(320)];
        expect(few).toBeGreaterThan(100);
        // what comes beyond the room takes a few lines each: at least three to a page
        expect(many - few).toBeLessThan(100 / 3);
        expect(many).toBeLessThan(400);
      },
    );

    test('each font is read once, however often the text changes between them', async () => {
      const pdf = composeEvidencePdf(
        Array.from({ length: 50 }, () => fact('Stop')),
        { ...origin, account: 'A', number: '+27 82 123 4567', fingerprint: 'f' },
      );
      expect((await buffer(pdf)).length).toBeGreaterThan(0);
      const { _fontCount: read } = pdf as unknown as { _fontCount: number };
      expect(read).toBe(2);
    });

    test('the facts say when a reply was longer than the pack holds', () => {
      const [state] = collectFacts({
        account,
        story: { ...story, block: { ...story.block!, evidence: { ...evidence, wholeLength: 60_000 } } },
      }).filter(({ section }) => section === 'State now');
      expect(state?.details).toContain(`the first ${[...evidence.text].length} of 60000 characters`);
    });
  });

  test('stops when its reader goes', async () => {
    const pdf = composeEvidencePdf(facts, {
      ...origin,
      account: 'A',
      number: '+27 82 123 4567',
      fingerprint: 'f',
    });
    const closed = new Promise((resolve) => pdf.once('close', resolve));
    pdf.destroy();
    await closed;
    expect(pdf.destroyed).toBe(true);
  });
});

test('a moment is printed on the account’s clock, with its offset', () => {
  expect(formatOffsetTime('2026-11-23T12:32:05.120Z', 'Africa/Johannesburg')).toBe(
    '2026-11-23 14:32:05.120 +02:00',
  );
  expect(formatOffsetTime('2026-11-23T12:32:05.120Z', 'America/New_York')).toBe(
    '2026-11-23 07:32:05.120 -05:00',
  );
  expect(formatOffsetTime('2026-11-23T00:00:00.000Z', 'UTC')).toBe('2026-11-23 00:00:00.000 +00:00');
});

test('what nobody would see is printed as its code point', () => {
  const characters = new Set([...'abc\u202E\u200D\t'].map((sign) => sign.codePointAt(0) as number));
  expect(toPrintable('a\u202Eb\u200Dc\u0007\td\r\nb', characters).text).toBe(
    'a[U+202E]b[U+200D]c[U+0007][U+0009][U+0064]\nb',
  );
});
