import { createHash, timingSafeEqual } from 'node:crypto';
import type { Pool } from 'pg';
import { env } from '@/lib/env';
import { log } from '@/lib/log';
import { recordReceipts } from '@/lib/messages/receipts';
import type { ReplyIntake } from '@/lib/replies/intake';
import { parseReceiptRequest, parseReplyRequest } from './requests';

/** Larger requests are refused with 413; a reply of a megabyte still fits. */
export const maxRequestBytes = 2_000_000;

/** A carrier's request, whichever door it came through. */
export interface CarrierRequest {
  kind: 'reply' | 'receipt';
  carrier: string;
  /** The header: "Bearer SECRET", or "Basic …" with the secret as its password. */
  authorization: string | null | undefined;
  contentType: string | null | undefined;
  /** Reads the body; null when it is larger than `maxRequestBytes`. */
  readBody: () => Promise<Buffer | null>;
}

export interface CarrierAnswer {
  status: number;
  headers: Record<string, string>;
  body: object;
}

/**
 * The carriers' door, for the Next routes and for the worker's listener alike. Answers 200 only once the reply, and any
 * opt-out it causes, is committed; after any 5xx nothing has been recorded and the carrier sends again.
 */
export async function answerCarrier(
  { pool, intake }: { pool: Pool; intake: ReplyIntake },
  request: CarrierRequest,
): Promise<CarrierAnswer> {
  if (!isAuthorised(request.authorization)) {
    return answerProblem(401, 'Not authorised', 'Send the carrier secret as a bearer token.', {
      'www-authenticate': 'Bearer',
    });
  }
  if (request.carrier !== env.CARRIER) {
    return answerProblem(404, 'Unknown carrier', 'This carrier is not in use here.');
  }
  const body = await request.readBody();
  if (!body) return answerProblem(413, 'Too large', `Send at most ${maxRequestBytes} bytes.`);
  const contentType = request.contentType ?? '';
  try {
    if (request.kind === 'reply') {
      const parsed = parseReplyRequest(request.carrier, contentType, body);
      if (!parsed.ok) return answerProblem(400, 'The reply could not be read', parsed.problem);
      const { status } = await intake.submit(parsed.value);
      return { status: 200, headers: {}, body: { status } };
    }
    const parsed = parseReceiptRequest(contentType, body);
    if (!parsed.ok) return answerProblem(400, 'The receipt could not be read', parsed.problem);
    const changed = await recordReceipts(pool, [parsed.value]);
    return { status: 200, headers: {}, body: { status: changed > 0 ? 'recorded' : 'unchanged' } };
  } catch (err) {
    log.error({ err, kind: request.kind }, 'A carrier request failed; the carrier will try again');
    return answerProblem(503, 'Not recorded', 'Nothing was recorded. Send it again in a few seconds.', {
      'retry-after': '5',
    });
  }
}

function isAuthorised(authorization: string | null | undefined): boolean {
  const [scheme = '', credentials = ''] = (authorization ?? '').split(' ');
  const offered =
    scheme.toLowerCase() === 'basic'
      ? Buffer.from(credentials, 'base64')
          .toString('utf8')
          .replace(/^[^:]*:/, '')
      : scheme.toLowerCase() === 'bearer'
        ? credentials
        : '';
  // Digests have equal lengths whatever was offered, so the time of the comparison tells nothing.
  const digest = (value: string) => createHash('sha256').update(value).digest();
  return timingSafeEqual(digest(offered), digest(env.CARRIER_SECRET));
}

/** RFC 9457. */
function answerProblem(
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
