import type { Pool } from 'pg';
import { readOrBlame } from '@/lib/db/content-errors';
import { env } from '@/lib/env';
import { log } from '@/lib/log';
import type { ReceiptIntake } from '@/lib/messages/receipt-intake';
import type { ReplyIntake } from '@/lib/replies/intake';
import type { ReplyOutcome } from '@/lib/replies/schema';
import { describeRefusal, getPlaces } from '@/lib/http/shares';
import { isSameSecret, readCredentials } from './credentials';
import { countFacts } from './facts';
import { parseReceiptRequest, parseReplyRequest, type Parsed } from './requests';
import { findCarrier } from './registry';
import { recordOrSetAside } from './set-aside';
import { countWrongSecret } from './wrong-secrets';

/** Larger requests are refused with 413; a reply of a megabyte still fits. */
export const maxRequestBytes = 2_000_000;

/** Who says to be a carrier, as is known before the body is read. */
export interface CarrierSender {
  /** The header: "Bearer SECRET", or "Basic …" with the secret as its password. */
  authorization: string | null | undefined;
  /** Where it came from; null when that is not known. */
  address: string | null;
}

/** What is known of a carrier's request before its body is read. */
export interface CarrierHead extends CarrierSender {
  carrier: string;
}

/** A carrier's request, whichever door it came through. */
export interface CarrierRequest extends CarrierHead {
  kind: 'reply' | 'receipt';
  contentType: string | null | undefined;
  /** Reads the body; null when it is larger than `maxRequestBytes`. */
  readBody: () => Promise<Buffer | null>;
}

export interface CarrierAnswer {
  status: number;
  headers: Record<string, string>;
  body: object;
}

export const tooLarge = answerProblem(413, 'Too large', `Send at most ${maxRequestBytes} bytes.`);

/** Refuses and counts whoever does not show the secret; null when it is right. */
export async function refuseStranger({
  authorization,
  address,
}: CarrierSender): Promise<CarrierAnswer | null> {
  if (isAuthorised(authorization)) return null;
  const waitSeconds = await countWrongSecret(address);
  return waitSeconds > 0
    ? answerProblem(429, 'Too many wrong secrets', 'Correct the secret; the right one is taken at once.', {
        'retry-after': String(waitSeconds),
      })
    : answerProblem(401, 'Not authorised', 'Send the carrier secret as a bearer token.', {
        'www-authenticate': 'Bearer',
      });
}

/**
 * Why a request is refused, before anything of its body is read: a stranger must not have us hold two
 * megabytes for nothing. Null when it may go on.
 */
export async function refuseCarrier(pool: Pool, head: CarrierHead): Promise<CarrierAnswer | null> {
  const refusal = await refuseStranger(head);
  if (refusal) return refusal;
  try {
    if (await findCarrier(pool, head.carrier)) return null;
  } catch (err) {
    log.error({ err, kind: 'carrier' }, 'A carrier request failed; the carrier will try again');
    return answerProblem(503, 'Not recorded', 'Nothing was recorded. Send it again in a few seconds.', {
      'retry-after': '5',
    });
  }
  return answerProblem(404, 'Unknown carrier', 'This carrier is not in use here.');
}

interface DoorTools {
  pool: Pool;
  replies: ReplyIntake;
  receipts: ReceiptIntake;
  /** How long it is until what failed for a reason of its own is tried again (set-aside.ts). */
  pausesMs?: readonly number[];
}

/**
 * The carriers' door for whoever reads the body itself: {@link refuseCarrier}, then {@link takeFromCarrier}.
 */
export async function answerCarrier(tools: DoorTools, request: CarrierRequest): Promise<CarrierAnswer> {
  return (await refuseCarrier(tools.pool, request)) ?? takeFromCarrier(tools, request);
}

/**
 * What a request that was not refused brings. Answers 200 only once the reply, and any opt-out it causes, is
 * committed, or the reply is set aside, as it never can be; after any 5xx nothing has been recorded and the
 * carrier sends again.
 */
export async function takeFromCarrier(tools: DoorTools, request: CarrierRequest): Promise<CarrierAnswer> {
  const place = await getPlaces('carrier-request').acquire({ account: null, address: null });
  if (!place.ok) {
    const { title, detail } = describeRefusal('carrier-request', place);
    return answerProblem(503, title, detail, { 'retry-after': '5' });
  }
  try {
    return await takeRequest(tools, request);
  } finally {
    place.release();
  }
}

async function takeRequest(tools: DoorTools, request: CarrierRequest): Promise<CarrierAnswer> {
  const body = await request.readBody();
  if (!body) return tooLarge;
  const contentType = request.contentType ?? '';
  try {
    if (request.kind === 'reply') {
      const taken = await takeReply(tools, request.carrier, contentType, body);
      if (!taken.ok) return answerProblem(400, 'The reply could not be read', taken.problem);
      countFacts(tools.pool, request.carrier, { replies: 1 });
      return { status: 200, headers: {}, body: { status: taken.value } };
    }
    const parsed = parseReceiptRequest(contentType, body);
    if (!parsed.ok) return answerProblem(400, 'The receipt could not be read', parsed.problem);
    const outcome = await tools.receipts.submit({ ...parsed.value, carrier: request.carrier });
    countFacts(tools.pool, request.carrier, { receipts: 1 });
    return { status: 200, headers: {}, body: { status: outcome === 'recorded' ? 'recorded' : 'unchanged' } };
  } catch (err) {
    log.error({ err, kind: request.kind }, 'A carrier request failed; the carrier will try again');
    return answerProblem(503, 'Not recorded', 'Nothing was recorded. Send it again in a few seconds.', {
      'retry-after': '5',
    });
  }
}

async function takeReply(
  tools: DoorTools,
  carrier: string,
  contentType: string,
  body: Buffer,
): Promise<Parsed<ReplyOutcome['status'] | 'set-aside'>> {
  const receivedAt = new Date();
  const taken = await recordOrSetAside(tools, {
    record: async () => {
      const parsed = readOrBlame(() => parseReplyRequest(carrier, contentType, body));
      if (!parsed.ok) return parsed;
      const { status } = await tools.replies.submit({ ...parsed.value, receivedAt });
      return { ok: true, value: status } as const;
    },
    handedOver: () => ({ carrier, door: 'CARRIER', content: body, contentType, receivedAt }),
  });
  return taken ?? { ok: true, value: 'set-aside' };
}

function isAuthorised(authorization: string | null | undefined): boolean {
  return isSameSecret(readCredentials(authorization).secret, env.CARRIER_SECRET);
}

/** RFC 9457. */
export function answerProblem(
  status: number,
  title: string,
  detail: string,
  headers: Record<string, string> = {},
): CarrierAnswer {
  return {
    status,
    headers: { ...headers, 'content-type': 'application/problem+json' },
    body: { title, status, detail },
  };
}
