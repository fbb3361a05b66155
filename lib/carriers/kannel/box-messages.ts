import { decodeText } from '../requests';

/*
 * What bearerbox and its boxes say to each other (Kannel 1.4.5, gw/msg-decl.h): each message is its length,
 * four bytes, its kind, four bytes, and its fields in a fixed order. A field is a number of four bytes, or
 * bytes behind their length; a length of -1 stands for none. All numbers are big-endian and signed.
 */

/** How Kannel numbers the kinds of messages. */
const kinds = { heartbeat: 0, admin: 1, sms: 2, ack: 3 } as const;

/** How it numbers what an admin message asks for. */
const commands = { shutdown: 0, identify: 3, restart: 4 } as const;

/** `sms_type` of a delivery receipt. */
const reportType = 3;

const lengthBytes = 4;
/** More than any message has: 255 parts of a text, an address, and what is said about them. */
const longestMessage = 1_000_000;

/** A reply, or a receipt, as bearerbox has it. */
export interface BoxSms {
  /** Kannel's own, a UUID: the same each time that it is handed over. */
  id: string;
  /** Whether it is a delivery receipt; `sender` and `receiver` are then the message's, exchanged. */
  isReceipt: boolean;
  sender: string;
  receiver: string;
  /** The user data header. */
  header: Buffer;
  /** The text, as bytes; of a receipt, what the network said. */
  content: Buffer;
  /** When it arrived at the gateway, seconds since 1970. */
  time: number;
  /** Of a receipt: the network's own id of the message. */
  networkId: string;
  /** 0: text, 1: bytes, 2: UCS-2. */
  coding: number;
  charset: string;
  /** Of a receipt: one bit of `dlr-mask`. */
  receiptStatus: number;
  /** Of a receipt: the `dlr-url` that was given with the message. */
  receiptUrl: string;
}

/** `end`: bearerbox stops, and wants its boxes to go. `other`: nothing that asks anything of us. */
export type BoxMessage = { kind: 'sms'; sms: BoxSms } | { kind: 'end' } | { kind: 'other' };

/** What is no message, or one of another version of Kannel. */
export class BoxMessageError extends Error {
  override readonly name = 'BoxMessageError';
}

/** Puts together what a connection brings in pieces. */
export class BoxReader {
  private rest: Buffer = Buffer.alloc(0);

  /** The messages that are whole now. Throws a {@link BoxMessageError}. */
  read(chunk: Buffer): BoxMessage[] {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    const messages: BoxMessage[] = [];
    let at = 0;
    while (bytes.length - at >= lengthBytes) {
      const length = bytes.readInt32BE(at);
      if (length < lengthBytes || length > longestMessage)
        throw new BoxMessageError(`A message of ${length} bytes.`);
      if (bytes.length - at - lengthBytes < length) break;
      messages.push(readMessage(bytes.subarray(at + lengthBytes, at + lengthBytes + length)));
      at += lengthBytes + length;
    }
    this.rest = bytes.subarray(at);
    return messages;
  }
}

function readMessage(bytes: Buffer): BoxMessage {
  const fields = new Fields(bytes);
  const kind = fields.number();
  if (kind === kinds.admin) {
    const command = fields.number();
    const isEnd = command === commands.shutdown || command === commands.restart;
    return isEnd ? { kind: 'end' } : { kind: 'other' };
  }
  if (kind !== kinds.sms) return { kind: 'other' };
  const sms = readSms(fields);
  // With fields that we do not know, those that we do may be others than we think.
  if (!fields.isAtEnd) throw new BoxMessageError('A message with other fields than Kannel 1.4.5 has.');
  return { kind: 'sms', sms };
}

function readSms(fields: Fields): BoxSms {
  const sender = fields.text();
  const receiver = fields.text();
  const header = fields.bytes();
  const content = fields.bytes();
  const time = fields.number();
  fields.skip(2); // smsc_id, smsc_number
  const networkId = fields.text();
  fields.skip(2); // service, account
  const id = fields.text();
  const isReceipt = fields.number() === reportType;
  fields.skipNumbers(2); // mclass, mwi
  const coding = fields.number();
  fields.skipNumbers(3); // compress, validity, deferred
  const receiptStatus = fields.number();
  const receiptUrl = fields.text();
  fields.skipNumbers(3); // pid, alt_dcs, rpi
  const charset = fields.text();
  fields.skip(2); // boxc_id, binfo
  fields.skipNumbers(4); // msg_left, priority, resend_try, resend_time
  fields.skip(1); // meta_data
  if (id === '') throw new BoxMessageError('A message without an id.');
  return {
    ...{ id, isReceipt, sender, receiver, header, content, time },
    ...{ networkId, coding, charset, receiptStatus, receiptUrl },
  };
}

const noBytes = Buffer.alloc(0);

class Fields {
  private at = 0;

  constructor(private readonly source: Buffer) {}

  get isAtEnd(): boolean {
    return this.at === this.source.length;
  }

  number(): number {
    if (this.at + 4 > this.source.length) throw new BoxMessageError('A message that ends too soon.');
    const value = this.source.readInt32BE(this.at);
    this.at += 4;
    return value;
  }

  bytes(): Buffer {
    const start = this.enter();
    return start === this.at ? noBytes : this.source.subarray(start, this.at);
  }

  text(): string {
    const start = this.enter();
    return start === this.at ? '' : decodeText(this.source.subarray(start, this.at)).text;
  }

  /** Passes over so many fields of bytes. */
  skip(fields: number): void {
    for (let left = fields; left > 0; left--) this.enter();
  }

  skipNumbers(fields: number): void {
    for (let left = fields; left > 0; left--) this.number();
  }

  /** Goes behind a field of bytes; answers with where it begins, or with its end where there is none. */
  private enter(): number {
    const length = this.number();
    const start = this.at;
    if (length === -1) return start;
    if (length < 0 || start + length > this.source.length)
      throw new BoxMessageError('A field that ends behind its message.');
    this.at += length;
    return start;
  }
}

/** Says which box we are, so that what is routed to it comes by this connection. */
export function composeIdentity(box: string): Buffer {
  return composeMessage(composeNumber(kinds.admin), composeNumber(commands.identify), composeBytes(box));
}

/** Says that we are there, and how much we have under way: of boxes of one name any gets a message. */
export function composeHeartbeat(underWay: number): Buffer {
  return composeMessage(composeNumber(kinds.heartbeat), composeNumber(underWay));
}

/** Says that these messages are ours now, and that bearerbox may forget them. */
export function composeAcknowledgements(taken: readonly Pick<BoxSms, 'id' | 'time'>[]): Buffer {
  const success = 0;
  const numbers = 4;
  const size = taken.reduce((sum, { id }) => sum + lengthBytes * (numbers + 1) + id.length, 0);
  const bytes = Buffer.allocUnsafe(size);
  let at = 0;
  for (const { id, time } of taken) {
    at = bytes.writeInt32BE(lengthBytes * numbers + id.length, at);
    at = bytes.writeInt32BE(kinds.ack, at);
    at = bytes.writeInt32BE(success, at);
    at = bytes.writeInt32BE(time, at);
    at = bytes.writeInt32BE(id.length, at);
    at += bytes.write(id, at, 'latin1');
  }
  return bytes;
}

function composeMessage(...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([composeNumber(body.length), body]);
}

function composeNumber(value: number): Buffer {
  const bytes = Buffer.alloc(lengthBytes);
  bytes.writeInt32BE(value);
  return bytes;
}

function composeBytes(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  return Buffer.concat([composeNumber(bytes.length), bytes]);
}
