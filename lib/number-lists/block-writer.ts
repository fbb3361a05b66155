/** Numbers, and lines without one, in a row of number_list_block. */
export const linesPerBlock = 1_000;

/** The columns that are filled, in their order. */
const plainColumns = 'account_id, list_id, first_position, lines, inputs, msisdns, problems';
const plainCount = 7;

/** @param ofConsents its lines say when and how each number consented */
export function nameBlockColumns(ofConsents: boolean): string {
  return ofConsents ? `${plainColumns}, given_ats, sources` : plainColumns;
}

const signature = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const trailer = Buffer.of(0xff, 0xff);

/**
 * What stands in lines, as blocks, in the binary form that COPY takes. It writes bytes: a million lines as
 * strings, let alone as objects, would cost more than all the rest.
 */
export class BlockWriter {
  private readonly lines = new ArrayWriter(arrayTypes.int4);
  private readonly inputs = new ArrayWriter(arrayTypes.text);
  private readonly msisdns = new ArrayWriter(arrayTypes.text);
  private readonly problems = new ArrayWriter(arrayTypes.text);
  private readonly givenAts = new ArrayWriter(arrayTypes.text);
  private readonly sources = new ArrayWriter(arrayTypes.text);
  /** Of what is added next, in the list, from 1. */
  private position = 1;
  private ready: Buffer[] = [signature];

  constructor(
    private readonly accountId: number,
    private readonly listId: string,
    private readonly ofConsents = false,
  ) {}

  /** @param consent when and how the number consented, where the line says it */
  add(
    line: number,
    input: string,
    msisdn: string | null,
    problem: string | null,
    consent: { givenAt: string | null; source: string | null } | null = null,
  ): void {
    this.position += 1;
    if (this.ofConsents) {
      this.givenAts.addText(consent?.givenAt ?? null);
      this.sources.addText(consent?.source ?? null);
    }
    this.lines.addNumber(line);
    this.inputs.addText(input);
    this.msisdns.addText(msisdn);
    this.problems.addText(problem);
    if (this.lines.count === linesPerBlock) this.finishBlock();
  }

  /**
   * The same, of a South African number in digits, with or without what stands before the last nine of them:
   * it is copied from where it stands. Not of consents that lines say more of.
   */
  addPlain(line: number, text: string, start: number, end: number, problem: string | null): void {
    this.position += 1;
    this.lines.addNumber(line);
    this.inputs.addAscii('', text, start, end);
    this.msisdns.addAscii('27', text, end - 9, end);
    this.problems.addText(problem);
    if (this.lines.count === linesPerBlock) this.finishBlock();
  }

  /** The whole blocks since it was last asked. */
  take(): Buffer[] {
    const pieces = this.ready;
    this.ready = [];
    return pieces;
  }

  /** What is left, and the end. */
  end(): Buffer[] {
    if (this.lines.count > 0) this.finishBlock();
    this.ready.push(trailer);
    return this.take();
  }

  private finishBlock(): void {
    const key = Buffer.allocUnsafe(2 + 8 + 12 + 8);
    key.writeInt16BE(this.ofConsents ? plainCount + 2 : plainCount, 0);
    key.writeInt32BE(4, 2);
    key.writeInt32BE(this.accountId, 6);
    key.writeInt32BE(8, 10);
    key.writeBigInt64BE(BigInt(this.listId), 14);
    key.writeInt32BE(4, 22);
    key.writeInt32BE(this.position - this.lines.count, 26);
    this.ready.push(key);
    for (const column of [this.lines, this.inputs, this.msisdns, this.problems])
      this.ready.push(column.take());
    if (this.ofConsents) this.ready.push(this.givenAts.take(), this.sources.take());
  }
}

/** PostgreSQL's numbers of types, which never change. */
const arrayTypes = { int4: 23, text: 25 };
const lengthBytes = 4;
/** Its length as a field, then dimensions, whether there are nulls, the type, how many, the lowest index. */
const headerBytes = lengthBytes + 20;
/** More than a value takes: 200 characters of up to three bytes, or a number. */
const maxValueBytes = 1024;

/** One array, as a field of a row. */
class ArrayWriter {
  count = 0;
  private hasNull = false;
  private bytes = Buffer.allocUnsafe(64 * 1024);
  private length = headerBytes;

  constructor(private readonly type: number) {}

  addNumber(value: number): void {
    this.begin();
    this.bytes.writeInt32BE(4, this.length);
    this.bytes.writeInt32BE(value, this.length + lengthBytes);
    this.length += lengthBytes + 4;
  }

  addText(text: string | null): void {
    this.begin();
    if (text === null) {
      this.hasNull = true;
      this.bytes.writeInt32BE(-1, this.length);
      this.length += lengthBytes;
      return;
    }
    const written = this.writeText(text, this.length + lengthBytes);
    this.bytes.writeInt32BE(written, this.length);
    this.length += lengthBytes + written;
  }

  /** A part of a text that is ASCII and short, behind another. */
  addAscii(before: string, text: string, start: number, end: number): void {
    this.begin();
    const { bytes } = this;
    const length = before.length + end - start;
    bytes.writeInt32BE(length, this.length);
    let at = this.length + lengthBytes;
    for (let index = 0; index < before.length; index++) bytes[at++] = before.charCodeAt(index);
    for (let index = start; index < end; index++) bytes[at++] = text.charCodeAt(index);
    this.length = at;
  }

  /**
   * Answers with how many bytes it took. ASCII, as nearly all of it is, is written here: a call for each
   * would take longer.
   */
  private writeText(text: string, start: number): number {
    const { bytes } = this;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code > 0x7f) return bytes.write(text, start);
      bytes[start + index] = code;
    }
    return text.length;
  }

  take(): Buffer {
    const { bytes } = this;
    bytes.writeInt32BE(this.length - lengthBytes, 0);
    const header = [1, this.hasNull ? 1 : 0, this.type, this.count, 1];
    header.forEach((value, index) => bytes.writeInt32BE(value, lengthBytes * (index + 1)));
    const field = Buffer.from(bytes.subarray(0, this.length));
    this.count = 0;
    this.hasNull = false;
    this.length = headerBytes;
    return field;
  }

  private begin(): void {
    this.count += 1;
    if (this.length + maxValueBytes <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(this.bytes.length * 2);
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }
}
