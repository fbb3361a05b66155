import { hash } from 'node:crypto';
import type { IncomingReply } from '@/lib/replies/schema';
import { readSenderNumber } from '@/lib/sms/sender-number';
import { decodePairs, decodeText, keepStorable, readRecipient } from '../requests';
import type { BoxSms } from './box-messages';
import { readGatewayTime } from './gateway-time';
import { isReceiptText } from './receipt-text';

/** A reply as Kannel hands it over, and what was wrong with it, for the log. */
export interface KannelReply {
  reply: IncomingReply;
  /** What a reply has and this one had not, or not in a form that could be kept. */
  lacks: string[];
}

/** Who wrote, or where to, when Kannel did not say: nobody's number, so that the reply is the staff's. */
export const unknownParty = 'unknown';

const maxAddressLength = 40;
const maxIdLength = 200;

/**
 * Reads a reply from the query that {@link composeReplyUrl} asks for. It never refuses: Kannel has
 * acknowledged the reply to the network already, would send it some times more and then forget it. What
 * cannot be known of it is made up, so that it is kept and the staff see it.
 *
 * @param query what stands behind the question mark, as it came
 */
export function readKannelReply(carrier: string, query: string, now: Date): KannelReply {
  const fields = new Map<string, Buffer>();
  // The first of a name counts: a text cannot put another field in place of ours.
  for (const { name, bytes } of decodePairs(query)) if (!fields.has(name)) fields.set(name, bytes);
  const readWords = (name: string) => decodeText(fields.get(name) ?? Buffer.alloc(0)).text;
  const readField = (name: string) => fields.get(name)?.toString('latin1').trim() ?? '';
  return readSaid(
    carrier,
    {
      id: readWords('id'),
      from: readWords('from'),
      to: readWords('to'),
      content: fields.get('text'),
      coding: readField('coding'),
      charset: readField('charset'),
      at: readField('at'),
      header: fields.get('header'),
    },
    { now, makeUpId: () => makeUpId(query) },
  );
}

/** {@link readKannelReply} of a reply that bearerbox itself hands over. */
export function readBoxReply(carrier: string, sms: BoxSms, now: Date): KannelReply {
  const { id, sender: from, receiver: to, time, header } = sms;
  const said = { id, from, to, at: String(time), header, ...recode(sms) };
  return readSaid(carrier, said, { now, makeUpId: () => id });
}

/** As smsbox does with `mo-recode`: UCS-2 as UTF-8, unless it is none. */
function recode({ coding, charset, content }: BoxSms): Pick<Said, 'coding' | 'charset' | 'content'> {
  if (coding === 2 && content.length % 2 === 0) {
    const text = Buffer.from(content).swap16().toString('utf16le');
    if (text.isWellFormed()) return { coding: '0', charset: 'UTF-8', content: Buffer.from(text) };
  }
  return { coding: String(coding), charset, content };
}

/** What Kannel says of a reply; empty for what it does not say. */
interface Said {
  id: string;
  from: string;
  to: string;
  /** Undefined: not even that there is none. */
  content: Buffer | undefined;
  coding: string;
  charset: string;
  at: string;
  header: Buffer | undefined;
}

function readSaid(
  carrier: string,
  said: Said,
  { now, makeUpId }: { now: Date; makeUpId: () => string },
): KannelReply {
  const lacks: string[] = [];
  const read = (name: 'id' | 'from' | 'to', maxLength: number): string => {
    const text = keepStorable(said[name]).trim();
    if (text === '' || text.length > maxLength) lacks.push(name);
    return text.slice(0, maxLength);
  };

  const id = read('id', maxIdLength);
  const from = read('from', maxAddressLength);
  const to = read('to', maxAddressLength);
  if (!said.content) lacks.push('text');
  const content = said.content ?? Buffer.alloc(0);
  const { text, exact } = readText(content, said.coding, said.charset);
  const arrivedAt = readGatewayTime(said.at, now);
  const kind = isReceiptText(text) ? 'receipt' : isPart(said.header) ? 'part' : undefined;
  return {
    lacks,
    reply: {
      carrier,
      carrierMessageId: id || makeUpId(),
      from: from ? readRecipient(from) : unknownParty,
      to: readSenderNumber(to || unknownParty),
      text,
      raw: exact ? null : content,
      receivedAt: now,
      ...(arrivedAt && { arrivedAt }),
      ...(kind && { kind }),
    },
  };
}

/** The same at each attempt of Kannel's, so that a reply without an id counts once as well. */
function makeUpId(query: string): string {
  return `without-id-${hash('sha256', query, 'hex').slice(0, 32)}`;
}

/**
 * What the bytes of a text say. With `mo-recode` Kannel hands over UTF-8, whatever the network had; without
 * it UCS-2 as it came (coding 2). Data coding 1 brings Latin-1, and 8-bit texts (coding 1) bring anything.
 * A value that we do not know is no reason to leave a text unread.
 */
function readText(bytes: Buffer, coding: string, charset: string): { text: string; exact: boolean } {
  const isWide = coding === '2' && /^(?:utf-?16(?:be)?|ucs-?2(?:be)?|iso-10646-ucs-2)?$/i.test(charset);
  const decoded = isWide ? decodeWide(bytes) : decodeText(bytes);
  const text = keepStorable(decoded.text);
  return { text, exact: decoded.exact && text === decoded.text };
}

/** UCS-2, the higher byte first. `exact` is false: the text is stored as UTF-8, and these bytes are not. */
function decodeWide(bytes: Buffer): { text: string; exact: boolean } {
  if (bytes.length % 2 === 1) return { text: decodeText(bytes).text, exact: false };
  return { text: Buffer.from(bytes).swap16().toString('utf16le'), exact: false };
}

const concatenations = new Map([
  // A reference of 8 bits, how many parts, and which; the same with 16 bits.
  [0x00, { length: 3, totalAt: 1 }],
  [0x08, { length: 4, totalAt: 2 }],
]);

/**
 * Whether a user data header (3GPP TS 23.040, 9.2.3.24) says that the text is a part of a longer one. Kannel
 * takes the header away when it has put all of them together. What cannot be read may say so.
 */
function isPart(header: Buffer | undefined): boolean {
  if (!header || header.length === 0) return false;
  const end = 1 + (header[0] as number);
  if (end !== header.length) return true;
  for (let at = 1; at < end;) {
    const length = header[at + 1];
    if (length === undefined || at + 2 + length > end) return true;
    const concatenation = concatenations.get(header[at] as number);
    if (concatenation) {
      return length !== concatenation.length || header[at + 2 + concatenation.totalAt] !== 1;
    }
    at += 2 + length;
  }
  return false;
}
