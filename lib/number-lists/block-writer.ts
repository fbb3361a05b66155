/** Numbers, and lines without one, in a row of number_list_block. */
export const linesPerBlock = 1_000;

/** The columns that are filled, in their order. */
const plainColumns = 'account_id, list_id, first_position, lines, inputs, msisdns, problems';

/** @param ofConsents its lines say when and how each number consented */
export function nameBlockColumns(ofConsents: boolean): string {
  return ofConsents ? `${plainColumns}, given_ats, sources` : plainColumns;
}

/**
 * SQL of what stood there. Most numbers are written as one dials them at home, 0821234567: then there is no
 * input. A million of those are 16 MB that need not be composed, sent and kept.
 */
export const inputSql = "coalesce(input, '0' || substr(msisdn, 3))";
const homeLength = 10;
const zero = 0x30;

const signature = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const trailer = Buffer.of(0xff, 0xff);

/**
 * What stands in lines, as blocks, in the binary form that COPY takes. It writes bytes: a million lines as
 * strings, let alone as objects, would cost more than all the rest. An array ends with its last value that is
 * not null: whoever reads several of them together finds nulls behind it, and most lists have no problem.
 */
export class BlockWriter {
  private readonly lines = new ArrayWriter(arrayTypes.int4);
  private readonly inputs = new ArrayWriter(arrayTypes.text);
  private readonly msisdns = new ArrayWriter(arrayTypes.text);
  private readonly problems = new ArrayWriter(arrayTypes.text);
  private readonly givenAts = new ArrayWriter(arrayTypes.text);
  private readonly sources = new ArrayWriter(arrayTypes.text);
  private readonly columns: readonly ArrayWriter[];
  /** Of what is added next, in the list, from 1. */
  private position = 1;
  private ready: Buffer[] = [signature];

  constructor(
    private readonly accountId: number,
    private readonly listId: string,
    private readonly ofConsents = false,
  ) {
    const columns = [this.lines, this.inputs, this.msisdns, this.problems];
    this.columns = ofConsents ? [...columns, this.givenAts, this.sources] : columns;
  }

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
    if (end - start === homeLength && text.charCodeAt(start) === zero) this.inputs.addNull();
    else this.inputs.addAscii('', text, start, end);
    this.msisdns.addAscii('27', text, end - 9, end);
    if (problem === null) this.problems.addNull();
    else this.problems.addText(problem);
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

  /** In one piece: each is a message to PostgreSQL. */
  private finishBlock(): void {
    const { columns } = this;
    const block = Buffer.allocUnsafe(keyBytes + columns.reduce((sum, { fieldBytes }) => sum + fieldBytes, 0));
    block.writeInt16BE(keyCount + columns.length, 0);
    block.writeInt32BE(4, 2);
    block.writeInt32BE(this.accountId, 6);
    block.writeInt32BE(8, 10);
    block.writeBigInt64BE(BigInt(this.listId), 14);
    block.writeInt32BE(4, 22);
    block.writeInt32BE(this.position - this.lines.count, 26);
    let at = keyBytes;
    for (const column of columns) at = column.take(block, at);
    this.ready.push(block);
  }
}

/** The columns before the arrays; they take as much in every row, with how many columns there are. */
const keyCount = 3;
const keyBytes = 2 + 8 + 12 + 8;
/** PostgreSQL's numbers of types, which never change. */
const arrayTypes = { int4: 23, text: 25 };
const lengthBytes = 4;
/** Its length as a field, then dimensions, whether there are nulls, and the type. */
const emptyBytes = lengthBytes + 12;
/** The same, and how many there are, and the lowest index. */
const headerBytes = emptyBytes + 8;
/** More than a value takes: 200 characters of up to three bytes, or a number. */
const maxValueBytes = 1024;

/** One array, as a field of a row. */
class ArrayWriter {
  /** With the nulls behind the last value. */
  count = 0;
  private nullsBehind = 0;
  private hasNull = false;
  private bytes = new Uint8Array(64 * 1024);
  private length = headerBytes;

  constructor(private readonly type: number) {}

  addNumber(value: number): void {
    this.begin();
    putInt32(this.bytes, this.length, 4);
    putInt32(this.bytes, this.length + lengthBytes, value);
    this.length += lengthBytes + 4;
  }

  addNull(): void {
    this.count += 1;
    this.nullsBehind += 1;
  }

  addText(text: string | null): void {
    if (text === null) {
      this.addNull();
      return;
    }
    this.begin();
    const written = this.writeText(text, this.length + lengthBytes);
    putInt32(this.bytes, this.length, written);
    this.length += lengthBytes + written;
  }

  /** A part of a text that is ASCII and short, behind another. */
  addAscii(before: string, text: string, start: number, end: number): void {
    this.begin();
    const { bytes } = this;
    putInt32(bytes, this.length, before.length + end - start);
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
      if (code > 0x7f) return Buffer.from(bytes.buffer).write(text, start);
      bytes[start + index] = code;
    }
    return text.length;
  }

  get fieldBytes(): number {
    return this.length === headerBytes ? emptyBytes : this.length;
  }

  /** Writes it at a place, and begins anew. Answers with the place behind it. */
  take(target: Buffer, at: number): number {
    const { bytes, fieldBytes } = this;
    const count = this.count - this.nullsBehind;
    const header = [fieldBytes - lengthBytes, count > 0 ? 1 : 0, this.hasNull ? 1 : 0, this.type, count, 1];
    for (const [index, value] of header.entries()) putInt32(bytes, lengthBytes * index, value);
    target.set(bytes.subarray(0, fieldBytes), at);
    this.count = 0;
    this.nullsBehind = 0;
    this.hasNull = false;
    this.length = headerBytes;
    return at + fieldBytes;
  }

  /** Before a value: there is room for it, and for the nulls that it stands behind. */
  private begin(): void {
    this.count += 1;
    const nulls = this.nullsBehind;
    if (this.length + nulls * lengthBytes + maxValueBytes > this.bytes.length) {
      const larger = new Uint8Array(this.bytes.length * 2);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    if (nulls === 0) return;
    this.hasNull = true;
    for (let index = 0; index < nulls; index++, this.length += lengthBytes)
      putInt32(this.bytes, this.length, -1);
    this.nullsBehind = 0;
  }
}

/** In the order of the network. By hand: Buffer's own checks the value and the place each time. */
function putInt32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}
