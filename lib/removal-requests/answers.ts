import type { PoolClient } from 'pg';
import { columnsOf, statement } from '@/lib/db/statement';
import { readPlatformSettings } from '@/lib/platform/settings';
import { readAnswer } from './consent';
import type { EvidenceOf } from './evidence';
import { recordProgress, takeStep, type LockedRequest, type Progress, type Step } from './progress';

/** A reply as an account has received it, while its batch is being stored. */
export interface ReceivedReply {
  accountId: number;
  msisdn: string;
  /** The sender number it was sent to. */
  senderNumber: string;
  text: string;
  /** Whether it opts the recipient out. */
  blocks: boolean;
  receivedAt: Date;
  /** When it arrived at the gateway; null: it is not known. */
  arrivedAt: Date | null;
  carrier: string;
  carrierMessageId: string;
}

/** The open request of an account and a number. */
export interface OpenRequest {
  accountId: number;
  requestId: string;
  msisdn: string;
  /** The sender number that asked; null while none has. */
  consentSender: string | null;
  hasConsentLeft: boolean;
  consentWords: readonly string[];
}

/**
 * Whether a reply answers the question that this request has asked: a YES or a NO to the number it was asked
 * from.
 */
export function answersRequest(reply: { text: string; senderNumber: string }, request: OpenRequest): boolean {
  return (
    request.hasConsentLeft &&
    request.consentSender === reply.senderNumber &&
    readAnswer(reply.text, request.consentWords) !== null
  );
}

/**
 * Step 5 of receiving replies: what they mean for the open requests of their accounts and numbers. Call it
 * with the requests locked (`lockRequests`) and the replies stored, in the transaction of both. A fixed
 * number of statements.
 *
 * @param replies of the whole batch, in their order
 */
export async function recordAnswers(
  client: PoolClient,
  requests: readonly LockedRequest[],
  replies: readonly ReceivedReply[],
): Promise<void> {
  const { autoApprove } = await readPlatformSettings(client);
  const concerned = requests.map((request) => ({
    request,
    replies: replies.filter(
      (reply) => reply.accountId === request.accountId && reply.msisdn === request.msisdn,
    ),
  }));
  const ids = await findReplyIds(
    client,
    concerned.flatMap(({ replies: own }) => own),
  );
  const progress = concerned.flatMap(({ request, replies: own }) => {
    const answered = answer(request, own, ids, autoApprove);
    return answered.steps.length > 0 ? [answered] : [];
  });
  if (progress.length > 0) await recordProgress(client, progress);
}

/** The clocks of a gateway and of the database may differ by so much. */
export const gatewaySlackMs = 120_000;

/**
 * The replies in the order in which they came to the gateway. Where a YES lifts the block by itself, a wish
 * to be written to no more comes first, whatever its place: lifted and blocked again is not what it asks for,
 * and of two that came in the same second nobody can say which was first.
 */
function orderReplies(replies: readonly ReceivedReply[], isAutoApproved: boolean): ReceivedReply[] {
  const rank = (reply: ReceivedReply) => (reply.blocks ? 0 : 1);
  return [...replies].sort(
    (a, b) =>
      (isAutoApproved ? rank(a) - rank(b) : 0) ||
      readTime(a).getTime() - readTime(b).getTime() ||
      rank(a) - rank(b),
  );
}

function readTime({ arrivedAt, receivedAt }: ReceivedReply): Date {
  return arrivedAt ?? receivedAt;
}

/** Whether the gateway had it before there was this request: it came late, and is no answer. */
function isFromBefore({ arrivedAt }: ReceivedReply, { createdAt }: LockedRequest): boolean {
  return arrivedAt !== null && arrivedAt.getTime() < createdAt.getTime() - gatewaySlackMs;
}

/** What the replies to one request make of it, one after the other. */
function answer(
  request: LockedRequest,
  replies: readonly ReceivedReply[],
  ids: ReadonlyMap<string, string>,
  isAutoApproved: boolean,
): Progress {
  const steps: Step[] = [];
  let current = request;
  let decisive: Progress['answer'];
  for (const reply of orderReplies(replies, isAutoApproved)) {
    if (isFromBefore(reply, request)) continue;
    const event = readEvent(reply, request);
    const replyId = ids.get(nameReply(reply));
    if (replyId === undefined) throw new Error('A reply to a removal request was not stored.');
    const answersConsent = request.hasConsentLeft && request.consentSender === reply.senderNumber;
    const isExpired = current.expiresAt !== null && current.expiresAt < readTime(reply);
    const evidence = {
      text: reply.text,
      replyId,
      senderNumber: reply.senderNumber,
      receivedAt: reply.receivedAt.toISOString(),
      ...(event === 'YES' && isAutoApproved ? { autoApproved: true } : {}),
    };
    const step = takeStep(
      current,
      event,
      { answersConsent, isExpired, isAutoApproved },
      {
        actor: 'recipient',
        evidence,
      },
    );
    if (step) {
      steps.push(step);
      decisive = { replyId, receivedAt: reply.receivedAt };
      current = {
        ...current,
        state: step.to,
        expiresAt: step.to === 'AWAITING_APPROVAL' ? null : current.expiresAt,
      };
    } else if (answersConsent && isAwaited(current)) {
      steps.push(keep(current, event, evidence));
    }
  }
  return { request, steps, ...(decisive && { answer: decisive }) };
}

type AnswerEvent = 'YES' | 'NO' | 'OPT_OUT' | 'OTHER';

function readEvent(reply: ReceivedReply, request: LockedRequest): AnswerEvent {
  if (reply.blocks) return 'OPT_OUT';
  return readAnswer(reply.text, request.consentWords) ?? 'OTHER';
}

function isAwaited({ state }: LockedRequest): boolean {
  return state === 'AWAITING_REPLY' || state === 'AWAITING_APPROVAL';
}

/** It changes nothing and stays beside the request, for people. */
function keep(request: LockedRequest, event: AnswerEvent, evidence: EvidenceOf<AnswerEvent>): Step {
  const { state } = request;
  return { event, from: state, to: state, effects: [], actor: 'recipient', reason: null, evidence };
}

const findIds = statement({
  name: 'find-answer-ids',
  values: {
    accountIds: 'int4[]',
    input: {
      accountId: 'int4',
      msisdn: 'text',
      carrier: 'text',
      carrierMessageId: 'text',
      senderNumber: 'text',
      text: 'text',
    },
  },
  columns: {
    ...columnsOf('Reply', 'accountId', 'msisdn', 'carrier', 'carrierMessageId', 'senderNumber', 'text'),
    id: 'int8',
  },
  sql: ($) => `
    select reply.account_id as "accountId", reply.msisdn, reply.carrier, reply.carrier_message_id as "carrierMessageId",
      reply.sender_number as "senderNumber", reply.text, max(reply.id) as id
    from ${$.input}
    join reply using (account_id, msisdn, carrier, carrier_message_id, sender_number, text)
    where reply.account_id = any (${$.accountIds})
    group by 1, 2, 3, 4, 5, 6`,
});

/**
 * The replies' ids were drawn while they were stored. A carrier may have given its own id to another reply
 * before, so the content belongs to the search, and of several the latest is meant.
 */
async function findReplyIds(
  client: PoolClient,
  replies: readonly ReceivedReply[],
): Promise<Map<string, string>> {
  const rows = await findIds.all(client, {
    accountIds: [...new Set(replies.map(({ accountId }) => accountId))],
    input: replies,
  });
  return new Map(rows.map((row) => [nameReply(row), row.id]));
}

function nameReply(
  reply: Pick<
    ReceivedReply,
    'accountId' | 'msisdn' | 'carrier' | 'carrierMessageId' | 'senderNumber' | 'text'
  >,
): string {
  const { accountId, msisdn, carrier, carrierMessageId, senderNumber, text } = reply;
  return JSON.stringify([accountId, msisdn, carrier, carrierMessageId, senderNumber, text]);
}
