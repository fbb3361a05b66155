import { z } from 'zod';
import type { IncomingReply } from '@/lib/replies/schema';
import { parseMsisdn } from '@/lib/sms/msisdn';
import { readSenderNumber } from '@/lib/sms/sender-number';
import type { DeliveryReceipt } from '@/lib/messages/receipts';
import { parseReference } from '@/lib/messages/carrier';

export type Parsed<Value> = { ok: true; value: Value } | { ok: false; problem: string };

/** A short text that must be there. */
function requireField(meaning: string, maxLength: number) {
  return z
    .string(`must be given as text; it is ${meaning}`)
    .trim()
    .min(1, `is empty; it is ${meaning}`)
    .max(maxLength, `is longer than ${maxLength} characters`);
}

const replyFields = z.object({
  id: requireField('the carrier’s own id of the reply', 200),
  from: requireField('the number that wrote', 40),
  to: requireField('the sender number written to', 40),
  text: z.string('must be given as text; it may be empty'),
});

/**
 * Reads a reply from a carrier's request: JSON or form fields `id`, `from`, `to`, `text`. Bytes that are not
 * UTF-8 are read as Windows-1252; whatever `text` cannot hold exactly is kept as it came beside it. Nothing
 * is refused for its text.
 */
export function parseReplyRequest(carrier: string, contentType: string, body: Buffer): Parsed<IncomingReply> {
  const decoded = decodeFields(contentType, body);
  if (!decoded.ok) return decoded;
  const fields = replyFields.safeParse(decoded.value.fields);
  if (!fields.success) return { ok: false, problem: describeIssue(fields.error) };
  const { id, from, to } = fields.data;
  const text = fields.data.text.toWellFormed().replaceAll('\0', '\uFFFD');
  const exact = decoded.value.exact && text === fields.data.text;
  return {
    ok: true,
    value: {
      carrier,
      carrierMessageId: keepStorable(id),
      from: readRecipient(from),
      to: readSenderNumber(keepStorable(to)),
      text,
      raw: exact ? null : body,
      receivedAt: new Date(),
    },
  };
}

const receiptFields = z.object({
  reference: requireField('the reference given with the message', 40),
  status: z.enum(['delivered', 'failed'], 'must be "delivered" or "failed"'),
  reason: z.string('must be text').max(500, 'is longer than 500 characters').optional(),
});

/** Reads a delivery receipt: fields `reference` (ours, echoed), `status` and, when it failed, `reason`. */
export function parseReceiptRequest(contentType: string, body: Buffer): Parsed<DeliveryReceipt> {
  const decoded = decodeFields(contentType, body);
  if (!decoded.ok) return decoded;
  const fields = receiptFields.safeParse(decoded.value.fields);
  if (!fields.success) return { ok: false, problem: describeIssue(fields.error) };
  const reference = parseReference(fields.data.reference);
  if (!reference)
    return { ok: false, problem: 'Field "reference" is not one that was given with a message.' };
  const { status, reason } = fields.data;
  return {
    ok: true,
    value: {
      ...reference,
      status,
      reason: status === 'failed' ? keepStorable(reason ?? 'The network gave no reason.') : null,
    },
  };
}

function describeIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  const name = issue?.path.join('.') ?? '';
  return name === '' ? 'The body must be one object with the fields.' : `Field "${name}" ${issue?.message}.`;
}

const plainName = /^[a-z]*$/i;

/** More than any carrier sends; what comes after is not read. */
const maxFields = 100;

interface Decoded {
  fields: unknown;
  /** Whether the bytes were clean UTF-8. */
  exact: boolean;
}

function decodeFields(contentType: string, body: Buffer): Parsed<Decoded> {
  if (/^application\/x-www-form-urlencoded\b/i.test(contentType)) {
    const pairs = decodePairs(body.toString('latin1')).map(({ name, bytes }) => ({
      name,
      ...decodeText(bytes),
    }));
    return {
      ok: true,
      value: {
        fields: Object.fromEntries(pairs.map(({ name, text }) => [name, text])),
        exact: pairs.every(({ exact }) => exact),
      },
    };
  }
  const { text, exact } = decodeText(body);
  try {
    return { ok: true, value: { fields: JSON.parse(text), exact } };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return {
      ok: false,
      problem: `The body is not JSON (${error.message.slice(0, 80)}). Send JSON, or form fields with their content type.`,
    };
  }
}

/**
 * The fields of a form or a query, with their values as bytes, in their order. A percent sign that begins
 * nothing stands for itself.
 *
 * @param encoded as it came, a character for each byte
 */
export function decodePairs(encoded: string): { name: string; bytes: Buffer }[] {
  // A reply has a handful of fields: two million empty ones would keep the process for seconds.
  return encoded.split('&', maxFields).map((pair) => {
    const at = pair.indexOf('=');
    const name = at === -1 ? pair : pair.slice(0, at);
    return {
      name: plainName.test(name) ? name : decodeText(decodePercent(name)).text,
      bytes: at === -1 ? Buffer.alloc(0) : decodePercent(pair.slice(at + 1)),
    };
  });
}

/** Form encoding to bytes; URLSearchParams would put U+FFFD where the bytes are not UTF-8. */
function decodePercent(part: string): Buffer {
  const bytes = Buffer.from(part, 'latin1');
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    const high = byte === percent ? readHex(bytes[at + 1]) : -1;
    const low = high === -1 ? -1 : readHex(bytes[at + 2]);
    if (low !== -1) at += 2;
    bytes[length++] = low !== -1 ? high * 16 + low : byte === plus ? space : byte;
  }
  return bytes.subarray(0, length);
}
const [percent, plus, space] = [0x25, 0x2b, 0x20];

/** -1 for what is no hexadecimal digit. */
function readHex(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

/** Bytes that should be UTF-8; when they are not, as Windows-1252. `exact`: the text gives them back. */
export function decodeText(bytes: Buffer): { text: string; exact: boolean } {
  try {
    return { text: utf8.decode(bytes), exact: true };
  } catch {
    // Not UTF-8: every byte has a character in Windows-1252, and the bytes themselves are kept beside it.
    return { text: decodeWindows1252(bytes), exact: false };
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const windows1252From80To9f = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/** Node's own decoder of this name reads Latin-1 in several releases: no € and no curly quotes. */
function decodeWindows1252(bytes: Buffer): string {
  return bytes
    .toString('latin1')
    .replace(
      /[\x80-\x9f]/g,
      (character) => windows1252From80To9f[character.charCodeAt(0) - 0x80] ?? character,
    );
}

/**
 * The one form of who wrote: an MSISDN for a mobile number in any writing, also of another country without
 * its plus ("298212345", which has as many digits as a South African number without its zero). What cannot be
 * written to (a landline, a short code, a network's own "MTN") has the form of sender numbers, so that it is
 * one address as well.
 */
export function readRecipient(address: string): string {
  const parsed = parseMsisdn(address);
  if (parsed.ok) return parsed.msisdn;
  const foreign = /^[1-9]\d+$/.test(address) ? parseMsisdn(`+${address}`) : parsed;
  return foreign.ok ? foreign.msisdn : readSenderNumber(keepStorable(address));
}

/** PostgreSQL text holds neither NUL nor lone surrogates. */
export function keepStorable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}
