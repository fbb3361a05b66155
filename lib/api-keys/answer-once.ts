import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import { seal, unseal } from '@/lib/auth/seal';
import { prismaOn } from '@/lib/db/prisma';
import { statement } from '@/lib/db/statement';

/** How long an answer is kept. */
const keptHours = 24;
/** How long a request without an answer keeps others from doing the same: its process may be dead. */
const leaseMs = 5 * 60_000;
const keyForm = /^[\x21-\x7e]{1,255}$/;

/** What a program asks to be done once: whose key it shows, under which idempotency key, and what. */
export interface OnceRequest {
  accountId: number;
  keyId: number;
  idempotencyKey: string;
  requestHash: string;
  /** The answer has a secret: what is kept of it is encrypted. */
  isSecret: boolean;
}

const sealUse = 'api answer';
const nameOwner = ({ accountId, keyId, idempotencyKey }: OnceRequest) =>
  `account:${accountId} key:${keyId} ${idempotencyKey}`;

export type OnceFault = 'idempotency-key-unreadable' | 'idempotency-key-reused' | 'idempotency-key-in-flight';

/** Whether it can be an idempotency key: 1 to 255 visible ASCII characters. */
export function isIdempotencyKey(key: string): boolean {
  return keyForm.test(key);
}

/** What tells one request from another under the same idempotency key. */
export function hashRequest(operation: string, search: string, body: Uint8Array): string {
  return createHash('sha256').update(`${operation}\n${search}\n`).update(body).digest('base64url');
}

const takeOver = statement({
  name: 'take-over-api-answer',
  values: {
    accountId: 'int4',
    keyId: 'int4',
    idempotencyKey: 'text',
    requestHash: 'text',
    now: 'timestamptz',
    until: 'timestamptz',
    before: 'timestamptz',
  },
  sql: ($) => `
    update api_answer set request_hash = ${$.requestHash}, status = null, content_type = null, body = null,
      created_at = ${$.now}, leased_until = ${$.until}
    where account_id = ${$.accountId} and key_id = ${$.keyId} and idempotency_key = ${$.idempotencyKey}
      and (created_at < ${$.before}
        or status is null and leased_until < ${$.now} and request_hash = ${$.requestHash})`,
});

/**
 * Answers a request once: asked again within 24 hours, it gets what was answered. What failed on our side is
 * not kept, so that the same request can be tried again.
 *
 * @param answer does it; its body must be short enough to be kept
 */
export async function answerOnce(
  pool: Pool,
  request: OnceRequest,
  now: Date,
  answer: () => Promise<Response>,
): Promise<Response | OnceFault> {
  const { accountId, keyId, idempotencyKey, requestHash, isSecret } = request;
  const answers = prismaOn(pool).apiAnswer;
  const place = { accountId, keyId, idempotencyKey };
  const leasedUntil = new Date(now.getTime() + leaseMs);
  const begun = await answers.createMany({
    data: [{ ...place, requestHash, createdAt: now, leasedUntil }],
    skipDuplicates: true,
  });
  const before = new Date(now.getTime() - keptHours * 3_600_000);
  if (
    begun.count === 0 &&
    (await takeOver.run(pool, { ...request, now, until: leasedUntil, before })) === 0
  ) {
    const earlier = await answers.findUnique({ where: { accountId_keyId_idempotencyKey: place } });
    if (earlier && earlier.requestHash !== requestHash) return 'idempotency-key-reused';
    if (!earlier || earlier.status === null) return 'idempotency-key-in-flight';
    const headers = { 'content-type': earlier.contentType ?? '', 'idempotent-replayed': 'true' };
    const kept = isSecret && earlier.body ? unseal(sealUse, nameOwner(request), earlier.body) : earlier.body;
    if (kept === null) throw new Error('What was answered cannot be read with this AUTH_SECRET.');
    return new Response(kept, { status: earlier.status, headers });
  }
  // Nobody else's: whoever took over after the lease has one of their own.
  const own = { ...place, leasedUntil, status: null };
  let response: Response;
  try {
    response = await answer();
  } catch (error) {
    await answers.deleteMany({ where: own });
    throw error;
  }
  const { status, headers } = response;
  if (status >= 500) {
    await answers.deleteMany({ where: own });
    return response;
  }
  const body = await response.text();
  const kept = isSecret ? seal(sealUse, nameOwner(request), body) : body;
  const data = { status, body: kept, contentType: headers.get('content-type') };
  await answers.updateMany({ where: own, data });
  return new Response(body, { status, headers });
}

/** Forgets what was answered longer than a day ago. */
export async function pruneApiAnswers(pool: Pool, now: Date): Promise<void> {
  const before = new Date(now.getTime() - keptHours * 3_600_000);
  let deleted: number;
  do {
    deleted = await deleteAnswers.run(pool, { before, batch: batchSize });
  } while (deleted === batchSize);
}

const batchSize = 1_000;

const deleteAnswers = statement({
  name: 'delete-api-answers',
  values: { before: 'timestamptz', batch: 'int8' },
  sql: ($) => `
    with old as materialized (
      select account_id, key_id, idempotency_key from api_answer where created_at < ${$.before} limit ${$.batch}
    )
    delete from api_answer as answer using old
    where answer.account_id = old.account_id and answer.key_id = old.key_id
      and answer.idempotency_key = old.idempotency_key`,
});
