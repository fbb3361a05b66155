import { createRequire } from 'node:module';
import path from 'node:path';
import PDFDocument from 'pdfkit';
import type { PackOrigin } from './evidence-table';
import type { Fact } from './evidence-facts';
import { fitLines } from './fit-lines';
import { toPrintable } from './printable';

export interface PdfOptions extends PackOrigin {
  /** What it is, as its title has it. */
  title?: string;
  /** What stands at the top of each page: "Karoo Coffee Roasters, W58324". */
  account: string;
  /** "+27 82 123 4567" */
  number: string;
  fingerprint: string;
  /** False in tests, which read the text. */
  compress?: boolean;
}

// Resolved from the folder the process runs in: bundlers move modules, not fonts.
const require = createRequire(path.join(process.cwd(), 'package.json'));
const findFont = (name: string) => require.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`);
// Named by their files alone: a document that is made with a font, and then has it registered under a name,
// reads the file again each time the name is used. That was five sixths of the work: 14.7 s of a core for
// 2,000 long replies, now 2.0.
const regular = findFont('DejaVuSans');
const bold = findFont('DejaVuSans-Bold');

const margin = 50;
const top = 96;
const bottom = 64;
const timeWidth = 118;
const ink = '#161a20';
const soft = '#4c515a';
const faint = '#656971';
const line = '#d5d8dd';
const accent = '#3756db';

/** After this many facts, which take some 40 ms to lay out, others get a turn. */
const factsAtATime = 5;

/**
 * So much is laid out in full, some 120 pages; of each text that comes after, the beginning is printed. In
 * characters as they are printed, and a line break counts as a line: 2,000 replies of line breaks were 13,786
 * pages and 610 MB. The CSV has all that the pack has.
 */
const fullRoom = 400_000;
const shortRoom = 200;

/** A document in the making, and what its fonts can show. */
interface Draft {
  pdf: PDFKit.PDFDocument;
  characters: ReadonlySet<number>;
  /** The room taken so far. */
  taken: number;
  /** How wide each character is, in a size of 1. */
  widths: Map<string, number>;
}

/**
 * The evidence pack as a PDF, for printing and for whoever has no spreadsheet. The fonts are in the file.
 *
 * @returns the document, a stream that ends by itself; it begins when the last page is laid out, as each page
 * says how many there are. Destroying it ends the work.
 */
export function composeEvidencePdf(facts: readonly Fact[], options: PdfOptions): PDFKit.PDFDocument {
  const pdf = new PDFDocument({
    size: 'A4',
    margins: { top, bottom, left: margin, right: margin },
    // "Page x of y" can be written only once y is known.
    bufferPages: true,
    compress: options.compress ?? true,
    font: regular,
    lang: 'en-ZA',
    displayTitle: true,
    pdfVersion: '1.7',
    info: {
      Title: `${options.title ?? 'Evidence pack'}: ${options.number}`,
      Author: options.account,
      Subject: 'Messages, replies and opt-outs of one number, with their evidence',
      Keywords: `SHA-256 ${options.fingerprint}`,
    },
  });
  // Begins in a later turn, so that whoever asked for the document hears of an error.
  const draft = { pdf, characters: readCharacters(pdf), taken: 0, widths: new Map<string, number>() };
  setImmediate(
    () => void layOut(draft, facts, options).catch((error: unknown) => pdf.destroy(error as Error)),
  );
  return pdf;
}

/** pdfkit has fontkit's font inside and shows it to nobody. */
function readCharacters(pdf: PDFKit.PDFDocument): ReadonlySet<number> {
  const { _font } = pdf as unknown as { _font: { font: { characterSet: number[] } } };
  return new Set(_font.font.characterSet);
}

async function layOut(draft: Draft, facts: readonly Fact[], options: PdfOptions): Promise<void> {
  const { pdf } = draft;
  pdf
    .font(bold)
    .fontSize(17)
    .fillColor(ink)
    .text(options.title ?? 'Evidence pack', { lineGap: 2 });
  pdf.font(regular).fontSize(12).fillColor(soft).text(options.number);
  pdf.moveDown(0.4);

  let section = '';
  for (const [index, fact] of facts.entries()) {
    if (pdf.destroyed) return;
    if (fact.section !== section) {
      section = fact.section;
      writeSection(draft, section);
    }
    writeFact(draft, fact);
    if (index % factsAtATime === factsAtATime - 1) await new Promise((resolve) => setImmediate(resolve));
  }

  writeSection(draft, 'This pack');
  writeFact(draft, { ...noFact, when: options.madeAt, what: 'Made', who: options.madeBy });
  writeFact(draft, {
    ...noFact,
    what: 'Fingerprint',
    details:
      `SHA-256 ${options.fingerprint}\nThe same facts can be downloaded as CSV, where the same fingerprint stands. It is the ` +
      'SHA-256 of the comma-separated file without its byte-order mark and without the section “This pack”. A sign that the ' +
      'fonts of this file lack is printed as its code point, such as [U+1F6D1].',
  });
  writeFrames(draft, options);
  pdf.end();
}

const noFact: Omit<Fact, 'section'> = {
  when: '',
  what: '',
  text: '',
  rule: '',
  who: '',
  senderNumber: '',
  details: '',
};

function writeSection({ pdf }: Draft, name: string): void {
  keepTogether(pdf, 70);
  pdf.moveDown(0.9);
  pdf.font(bold).fontSize(11).fillColor(accent).text(name, margin);
  const y = pdf.y + 3;
  pdf
    .moveTo(margin, y)
    .lineTo(pdf.page.width - margin, y)
    .lineWidth(0.6)
    .strokeColor(line)
    .stroke();
  pdf.y = y + 6;
}

/**
 * The time on the left; on the right what it was, then the words, then the rest. What has no time stands on
 * the left itself.
 */
function writeFact(draft: Draft, fact: Omit<Fact, 'section'>): void {
  const { pdf } = draft;
  keepTogether(pdf, estimateHeight(fact));
  const x = margin + timeWidth;
  const width = pdf.page.width - margin - x;
  const startY = pdf.y;
  if (fact.when) {
    const [date = '', ...time] = fact.when.split(' ');
    pdf.font(regular).fontSize(8).fillColor(faint);
    pdf.text(`${date}\n${time.join(' ')}`, margin, startY + 0.5, { width: timeWidth - 8, lineGap: 1 });
    pdf.font(bold).fontSize(9).fillColor(ink).text(fact.what, x, startY, { width });
  } else {
    pdf
      .font(bold)
      .fontSize(8)
      .fillColor(ink)
      .text(fact.what, margin, startY, { width: timeWidth - 8 });
    pdf.y = startY;
  }
  if (fact.text) {
    pdf.moveDown(0.15);
    pdf.font(regular).fontSize(10).fillColor(ink);
    writeQuote(draft, fact.text, x, width);
  }
  const small = [
    fact.rule && `Rule: ${fact.rule}`,
    fact.who && `By: ${fact.who}`,
    fact.senderNumber && `Sender number: ${fact.senderNumber}`,
  ].filter(Boolean);
  pdf.font(regular).fontSize(8).fillColor(soft);
  if (small.length > 0) write(draft, small.join('   '), x, width);
  if (fact.details) write(draft, fact.details, x, width);
  // Below the time, too, which is two lines high.
  pdf.y = Math.max(pdf.y, pdf.y < startY ? 0 : startY + (fact.when ? 20 : 0)) + 8;
}

/** What somebody wrote, with a rule down its left side, across as many pages as it takes. */
function writeQuote(draft: Draft, text: string, x: number, width: number): void {
  const { pdf } = draft;
  const firstPage = getLastPage(pdf);
  const startY = pdf.y;
  write(draft, text, x + 8, width - 8);
  const endY = pdf.y;
  const lastPage = getLastPage(pdf);
  for (let index = firstPage; index <= lastPage; index++) {
    pdf.switchToPage(index);
    const fromY = index === firstPage ? startY : top;
    const toY = index === lastPage ? endY : pdf.page.height - bottom;
    pdf.moveTo(x, fromY).lineTo(x, toY).lineWidth(1.5).strokeColor(accent).stroke();
  }
  pdf.y = endY + 2;
}

function getLastPage(pdf: PDFKit.PDFDocument): number {
  const { start, count } = pdf.bufferedPageRange();
  return start + count - 1;
}

const rightToLeft = /[\p{Script=Arabic}\p{Script=Hebrew}]/u;

function write(draft: Draft, text: string, x: number, width: number): void {
  const { pdf } = draft;
  const room = Math.max(fullRoom - draft.taken, shortRoom);
  const printable = toPrintable(text, draft.characters, room);
  draft.taken += printable.room;
  const whole = printable.isCut
    ? `${printable.text}… (cut here: the CSV of this pack has ${[...text].length} characters)`
    : printable.text;
  pdf.text(fitLines(whole, createMeasure(draft), width), x, pdf.y, {
    width,
    lineGap: 1,
    // Asked for any feature, pdfkit sets a line as a whole; otherwise word by word, each with its space on
    // the wrong side.
    ...(rightToLeft.test(printable.text) && { features: ['liga'] }),
  });
}

/**
 * In the font and size that are set. Kerning, which this leaves out, makes a line a little shorter or longer
 * than a piece.
 */
function createMeasure({ pdf, widths }: Draft): (character: string) => number {
  const { _fontSize: size } = pdf as unknown as { _fontSize: number };
  return (character) => {
    let width = widths.get(character);
    if (width === undefined) {
      width = pdf.widthOfString(character) / size;
      widths.set(character, width);
    }
    return width * size;
  };
}

/**
 * Roughly, as measuring costs as much as writing; of something longer only the beginning has to be on one
 * page.
 */
function estimateHeight({ text, details }: Omit<Fact, 'section'>): number {
  return Math.min(40 + 13 * Math.ceil(text.length / 60) + 11 * Math.ceil(details.length / 90), 240);
}

/** Begins a new page when there is less room than this. */
function keepTogether(pdf: PDFKit.PDFDocument, height: number): void {
  if (pdf.y + height > pdf.page.height - bottom) pdf.addPage();
}

/** The head and the foot of every page. */
function writeFrames({ pdf, characters }: Draft, options: PdfOptions): void {
  const { account, number, madeAt, madeBy, fingerprint } = options;
  const { start, count } = pdf.bufferedPageRange();
  for (let index = start; index < start + count; index++) {
    pdf.switchToPage(index);
    // The foot lies in the margin, where text would begin another page.
    pdf.page.margins.bottom = 0;
    const width = pdf.page.width - 2 * margin;
    pdf.font(regular).fontSize(8.5).fillColor(ink);
    pdf.text(toPrintable(account, characters).text, margin, 42, {
      width: width * 0.6,
      height: 12,
      ellipsis: true,
      lineBreak: false,
    });
    pdf.fillColor(soft).text(number, margin, 42, { width, align: 'right', lineBreak: false });
    pdf
      .moveTo(margin, 62)
      .lineTo(margin + width, 62)
      .lineWidth(0.6)
      .strokeColor(line)
      .stroke();

    const footY = pdf.page.height - 44;
    pdf
      .moveTo(margin, footY - 8)
      .lineTo(margin + width, footY - 8)
      .stroke();
    pdf.fontSize(7).fillColor(faint);
    pdf.text(toPrintable(`Made ${madeAt} by ${madeBy}`, characters).text, margin, footY, {
      width: width - 80,
      height: 9,
      ellipsis: true,
    });
    pdf.text(`Page ${index - start + 1} of ${count}`, margin, footY, {
      width,
      align: 'right',
      lineBreak: false,
    });
    pdf.text(`SHA-256 ${fingerprint}`, margin, footY + 10, { width, lineBreak: false });
  }
}
