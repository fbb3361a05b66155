import type { Pool } from 'pg';
import { nameFault, readOrBlame } from '@/lib/db/content-errors';
import { env } from '@/lib/env';
import { getPlaces } from '@/lib/http/shares';
import { log } from '@/lib/log';
import { countRefusedReceipts } from '@/lib/metrics/counters';
import type { ReceiptIntake } from '@/lib/messages/receipt-intake';
import type { ReplyIntake } from '@/lib/replies/intake';
import { isOneOf, readCredentials } from '../credentials';
import { countFacts } from '../facts';
import { packBoxSms } from '../handed-over';
import { findCarrier } from '../registry';
import { recordOrSetAside, tryOver } from '../set-aside';
import { countWrongSecret } from '../wrong-secrets';
import { parseReceiptUrl } from './addresses';
import type { BoxSms } from './box-messages';
import { readBoxReceipt, readKannelReceipt, type KannelReceipt } from './receipt-request';
import { readBoxReply, readKannelReply, type KannelReply } from './reply-request';
import { composeReplyPassword, readSignedReceipt } from './signatures';
import { takeReceiptText } from './take-receipt-text';

/** Kannel's request, whichever door it came through. */
export interface KannelRequest {
  kind: 'reply' | 'receipt';
  carrier: string;
  /** The header: HTTP Basic, as in the address that Kannel was given. */
  authorization: string | null | undefined;
  /** Where it came from; null when that is not known. */
  address: string | null;
  /** What stands behind the question mark, as it came. */
  query: string;
}

/**
 * The answer has no body: without `max-messages = 0` Kannel would send it to whoever wrote. Only 200 (and
 * 202) count as taken; after anything else Kannel sends again, `http-request-retry` times, and then forgets.
 */
export interface KannelAnswer {
  status: 200 | 401 | 404 | 413 | 429 | 503;
  headers: Record<string, string>;
}

export interface KannelTools {
  pool: Pool;
  replies: ReplyIntake;
  receipts: ReceiptIntake;
  /** How long it is until what failed for a reason of its own is tried again (set-aside.ts). */
  pausesMs?: readonly number[];
}

/** In which form every answer is, with or without a body. */
const plain = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' };
const taken: KannelAnswer = { status: 200, headers: plain };
const notFound: KannelAnswer = { status: 404, headers: plain };
const later: KannelAnswer = { status: 503, headers: { ...plain, 'retry-after': '5' } };
/** What Kannel does not send: a request with a body, which is not read. */
export const tooLarge: KannelAnswer = { status: 413, headers: plain };

/**
 * Kannel's door. Looks at the secret before all else; answers 200 once what it brought is committed, and 503
 * when nothing of it has been recorded. What can never be read or recorded is kept for the staff, or logged,
 * and is answered with 200: sent again it would be no better.
 */
export async function answerKannel(tools: KannelTools, request: KannelRequest): Promise<KannelAnswer> {
  const { kind, carrier, address } = request;
  const message = kind === 'receipt' ? readSigned(request) : null;
  if (kind === 'receipt' ? !message : !isKannel(request)) {
    if (kind === 'receipt') countRefusedReceipts('signature');
    return refuse(address);
  }
  const place = await getPlaces('carrier-request').acquire({ account: null, address: null });
  if (!place.ok) return later;
  try {
    // Whatever its state: one that is paused still brings what it has.
    if ((await findCarrier(tools.pool, carrier))?.kind !== 'KANNEL') {
      log.warn({ carrier, kind }, 'Kannel calls for a carrier that is none of its here');
      return notFound;
    }
    await (message ? takeReceipt(tools, request, message) : takeReply(tools, request));
    countFacts(tools.pool, carrier, message ? { receipts: 1 } : { replies: 1 });
    return taken;
  } catch (err) {
    log.error({ err, kind, carrier }, 'A request of Kannel’s failed; it will try again');
    return later;
  } finally {
    place.release();
  }
}

async function refuse(address: string | null): Promise<KannelAnswer> {
  const waitSeconds = await countWrongSecret(address);
  return waitSeconds > 0
    ? { status: 429, headers: { ...plain, 'retry-after': String(waitSeconds) } }
    : {
        status: 401,
        headers: { ...plain, 'www-authenticate': 'Basic realm="carrier"' },
      };
}

/** By the password of its own, or by the secret that every carrier may show. */
function isKannel({ carrier, authorization }: KannelRequest): boolean {
  const { secret } = readCredentials(authorization);
  return isOneOf(secret, [composeReplyPassword(carrier, env.CARRIER_SECRET), env.CARRIER_SECRET]);
}

/** The message that a receipt is about; null without our signature for it. */
function readSigned({ carrier, authorization }: KannelRequest) {
  const { user, secret } = readCredentials(authorization);
  return readSignedReceipt(carrier, user, secret);
}

/**
 * Takes what bearerbox itself hands over. Resolves once it is recorded for good, or is nothing that ever
 * could be, and was set aside; rejects when it is to be handed over again.
 *
 * @param carrier whose replies these are; a receipt names its own
 * @param signal when the box leaves: what has failed so far is not tried again here
 */
export async function takeFromBox(
  tools: KannelTools,
  carrier: string,
  sms: BoxSms,
  signal?: AbortSignal,
): Promise<void> {
  const { pool } = tools;
  if (!sms.isReceipt) {
    const receivedAt = new Date();
    await recordOrSetAside(tools, {
      record: () =>
        recordReply(
          tools,
          readOrBlame(() => readBoxReply(carrier, sms, receivedAt)),
        ),
      handedOver: () => ({ carrier, door: 'BOX', content: packBoxSms(sms), contentType: null, receivedAt }),
      signal,
    });
    return countFacts(pool, carrier, { replies: 1 });
  }
  const address = parseReceiptUrl(sms.receiptUrl);
  const message = address && readSignedReceipt(address.carrier, address.reference, address.signature);
  if (!message) {
    countRefusedReceipts('signature');
    return log.warn({ carrier }, 'A receipt of Kannel’s is of no message of ours; it is passed over');
  }
  const read = () => readBoxReceipt(sms);
  await recordReceipt(tools, { carrier: address.carrier, message, read, signal });
  countFacts(pool, address.carrier, { receipts: 1 });
}

async function takeReply(tools: KannelTools, { carrier, query }: KannelRequest): Promise<void> {
  const receivedAt = new Date();
  await recordOrSetAside(tools, {
    record: () =>
      recordReply(
        tools,
        readOrBlame(() => readKannelReply(carrier, query, receivedAt)),
      ),
    handedOver: () => ({
      carrier,
      door: 'KANNEL',
      content: Buffer.from(query, 'latin1'),
      contentType: null,
      receivedAt,
    }),
  });
}

/** Records a reply of Kannel's, or the receipt that it is; rejects when it could not be. */
export async function recordReply(
  tools: Pick<KannelTools, 'pool' | 'replies' | 'receipts'>,
  { reply, lacks }: KannelReply,
): Promise<void> {
  const { carrier } = reply;
  const { carrierMessageId } = reply;
  if (lacks.length > 0) {
    log.warn(
      { carrier, carrierMessageId, lacks },
      'Kannel handed over a reply that is not whole; it is kept',
    );
  }
  if (reply.kind === 'receipt' && (await takeReceiptText(tools, reply))) return;
  await tools.replies.submit(reply);
}

function takeReceipt(
  tools: KannelTools,
  { carrier, query }: KannelRequest,
  message: SignedMessage,
): Promise<void> {
  return recordReceipt(tools, { carrier, message, read: () => readKannelReceipt(query) });
}

type SignedMessage = NonNullable<ReturnType<typeof readSignedReceipt>>;

interface SignedReceipt {
  carrier: string;
  message: SignedMessage;
  read: () => KannelReceipt | null;
  signal?: AbortSignal | undefined;
}

/**
 * Records a receipt. One that cannot be, for a reason of its own, is passed over: its message ends as one
 * without a receipt.
 */
async function recordReceipt(
  { receipts, pausesMs }: KannelTools,
  { carrier, message, read, signal }: SignedReceipt,
): Promise<void> {
  const record = async () => {
    const receipt = readOrBlame(read);
    return receipt && receipts.submit({ ...message, ...receipt, carrier, isOfFirstPart: true });
  };
  const tried = await tryOver(record, { pausesMs, signal });
  if (!tried.ok) {
    countRefusedReceipts('fault');
    const fault = nameFault(tried.error);
    log.error({ carrier, ...message, fault }, 'A receipt cannot be recorded; it is passed over');
  } else if (tried.value === null) {
    log.warn(
      { carrier, ...message },
      'A receipt of Kannel’s has no status that Kannel has; it is passed over',
    );
  } else if (tried.value === 'not-sent') {
    log.warn({ carrier, ...message, outcome: tried.value }, 'A receipt is of no message on its way');
  }
}
