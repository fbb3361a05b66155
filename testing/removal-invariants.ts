import type { Pool } from 'pg';
import { isLawfulTime } from '@/lib/messages/lawful-hours';
import type { RemovalHistory, Said } from './removal-world';

interface StoredRequest {
  account_id: number;
  id: string;
  msisdn: string;
  episode_id: string;
  state: string;
  permission_text: string;
  consent_message_id: string | null;
  answer_id: string | null;
  decided_by: number | null;
  expires_at: Date | null;
  told: string[];
}

interface StoredEvent {
  account_id: number;
  request_id: string;
  kind: string;
  from_state: string | null;
  to_state: string;
}

interface StoredOptOutEvent {
  account_id: number;
  msisdn: string;
  episode_id: string;
  kind: string;
  reason: string | null;
  evidence: { requestId?: number; staffId?: number; replyId?: number; text?: string; senderNumber?: string };
}

interface StoredConsent {
  account_id: number;
  id: string;
  msisdn: string;
  sender_number: string;
  request_episode: string | null;
}

interface Stored {
  requests: StoredRequest[];
  events: StoredEvent[];
  optOutEvents: StoredOptOutEvent[];
  optOuts: { account_id: number; msisdn: string; id: string }[];
  consents: StoredConsent[];
  replies: { account_id: number; id: string; carrier_message_id: string }[];
  tallies: { account_id: number; total: string }[];
}

/** The legal steps of a request, written down a second time: from, event, to. */
const legalSteps = new Set([
  'null REQUESTED AWAITING_REPLY',
  'AWAITING_REPLY YES AWAITING_APPROVAL',
  'AWAITING_REPLY NO REFUSED',
  'AWAITING_REPLY OPT_OUT REFUSED',
  'AWAITING_REPLY CANCELLED CANCELLED',
  'AWAITING_REPLY EXPIRED EXPIRED',
  'AWAITING_REPLY BLOCK_LIFTED CANCELLED',
  'AWAITING_APPROVAL NO REFUSED',
  'AWAITING_APPROVAL OPT_OUT REFUSED',
  'AWAITING_APPROVAL CANCELLED CANCELLED',
  'AWAITING_APPROVAL BLOCK_LIFTED CANCELLED',
  'AWAITING_APPROVAL APPROVED REMOVED',
  'AWAITING_APPROVAL REJECTED REJECTED',
  // kept beside the request
  ...['AWAITING_REPLY', 'AWAITING_APPROVAL'].flatMap((state) =>
    ['YES', 'NO', 'OTHER'].map((event) => `${state} ${event} ${state}`),
  ),
]);
const toldStates = ['REMOVED', 'REFUSED', 'EXPIRED', 'REJECTED'];

/**
 * Judges what one sequence of removals did by the design's invariants 5, 6 and 7: from the calls and their
 * order, and from what the database holds.
 *
 * @returns what is wrong, in words; empty when all holds
 */
export async function findRemovalViolations(pool: Pool, history: RemovalHistory): Promise<string[]> {
  const stored = await readStored(pool, history);
  return [
    ...history.violations,
    ...judgeLifting(history, stored),
    ...judgeAsking(history, stored),
    ...judgeHistory(stored),
    ...judgeBlocks(history, stored),
  ];
}

/** What came about in a sequence, so that a test may say that it tested something. */
export async function listOutcomes(pool: Pool, history: RemovalHistory): Promise<string[]> {
  const { requests, optOutEvents } = await readStored(pool, history);
  return [...requests.map(({ state }) => state), ...optOutEvents.map(({ kind }) => kind)];
}

/** 5: only the recipient's YES, and a decision of the staff, lift a block; or a correction with a reason. */
function judgeLifting(history: RemovalHistory, stored: Stored): string[] {
  const violations: string[] = [];
  const corrected = new Map<string, number>();
  for (const event of stored.optOutEvents) {
    const name = `${event.account_id} ${event.msisdn}`;
    if (event.kind === 'CORRECTED') {
      corrected.set(name, (corrected.get(name) ?? 0) + 1);
      if (!event.reason) violations.push(`5: ${name} was corrected without a reason`);
    }
    if (event.kind !== 'REMOVED') continue;
    const request = stored.requests.find(
      ({ account_id, id }) => account_id === event.account_id && id === String(event.evidence.requestId),
    );
    const approval = history.approvals.find(
      ({ accountId, requestId }) => accountId === event.account_id && requestId === request?.id,
    );
    const reply = stored.replies.find(
      ({ account_id, id }) => account_id === event.account_id && id === String(event.evidence.replyId),
    );
    const said = history.said.find(({ carrierMessageId }) => carrierMessageId === reply?.carrier_message_id);
    const consent = stored.consents.find(
      ({ account_id, id }) => account_id === event.account_id && id === request?.consent_message_id,
    );
    const handOver = history.handOvers.find(
      ({ accountId, messageId }) => accountId === event.account_id && messageId === consent?.id,
    );
    if (!request || !approval || !said || !consent || !handOver) {
      violations.push(`5: ${name} was lifted without a request, a decision, a YES or a question`);
      continue;
    }
    if (approval.staffId !== event.evidence.staffId || request.decided_by !== approval.staffId) {
      violations.push(`5: ${name} was lifted, and who decided is not who is recorded`);
    }
    if (said.means !== 'YES' || said.msisdn !== event.msisdn || said.senderNumber !== consent.sender_number) {
      violations.push(`5: ${name} was lifted on "${said.text}" to ${said.senderNumber}`);
    }
    if (request.episode_id !== event.episode_id)
      violations.push(`5: ${name}: the YES was to another episode`);
    if (said.ended < handOver.began)
      violations.push(`5: ${name} was lifted on a YES from before the question`);
    const asked = handOver.at.getTime();
    if (said.receivedAt.getTime() > asked + 7 * 86_400_000) {
      violations.push(`5: ${name} was lifted on a YES that came too late`);
    }
    const refusals = history.said.filter(
      (other) =>
        isRefusal(other, consent.sender_number) &&
        other.accountId === event.account_id &&
        other.msisdn === event.msisdn &&
        other.began > said.ended &&
        other.ended < approval.began,
    );
    if (refusals.length > 0) violations.push(`5: ${name} was lifted after the recipient had refused`);
    const cancelled = history.cancelled.some(
      (call) =>
        call.accountId === event.account_id && call.requestId === request.id && call.ended < approval.began,
    );
    if (cancelled) violations.push(`5: ${name} was lifted after its request was cancelled`);
  }
  for (const [name, count] of corrected) {
    if (history.corrections.get(name) !== count) violations.push(`5: ${name} was corrected by nobody`);
  }
  return violations;
}

function isRefusal({ means, senderNumber }: Said, askedFrom: string): boolean {
  return means === 'STOP' || (means === 'NO' && senderNumber === askedFrom);
}

/**
 * 6: one question for each episode, at lawful hours, with the customer's permission, and not after a
 * cancellation.
 */
function judgeAsking(history: RemovalHistory, stored: Stored): string[] {
  const violations: string[] = [];
  const perMessage = new Map<string, number>();
  const perEpisode = new Map<string, number>();
  for (const handOver of history.handOvers) {
    const name = `${handOver.accountId}-${handOver.messageId}`;
    if (!isLawfulTime(handOver.at)) violations.push(`6: ${name} asked at ${handOver.at.toISOString()}`);
    perMessage.set(name, (perMessage.get(name) ?? 0) + 1);
    const consent = stored.consents.find(
      ({ account_id, id }) => account_id === handOver.accountId && id === handOver.messageId,
    );
    const request = stored.requests.find(
      (row) => row.account_id === handOver.accountId && row.consent_message_id === handOver.messageId,
    );
    if (!consent || !request) {
      violations.push(`6: ${name} asked without a request`);
      continue;
    }
    if (!request.permission_text) violations.push(`6: ${name} asked without permission`);
    const episode = `${request.account_id} ${request.msisdn} ${request.episode_id}`;
    perEpisode.set(episode, (perEpisode.get(episode) ?? 0) + 1);
    const cancelled = history.cancelled.some(
      (call) =>
        call.accountId === request.account_id && call.requestId === request.id && call.ended < handOver.began,
    );
    if (cancelled) violations.push(`6: ${name} asked after its request was cancelled`);
  }
  for (const [name, count] of perMessage)
    if (count > 1) violations.push(`6: ${name} went out ${count} times`);
  for (const [name, count] of perEpisode)
    if (count > 1) violations.push(`6: ${name} was asked ${count} times`);
  return violations;
}

/**
 * 7: each request's events lead, by legal steps, from its beginning to the state it is in; the customer is
 * told once.
 */
function judgeHistory(stored: Stored): string[] {
  const violations: string[] = [];
  for (const request of stored.requests) {
    const name = `request ${request.account_id}-${request.id}`;
    const events = stored.events.filter(
      (event) => event.account_id === request.account_id && event.request_id === request.id,
    );
    let state: string | null = null;
    for (const event of events) {
      const step = `${event.from_state} ${event.kind} ${event.to_state}`;
      if (event.from_state !== state || !legalSteps.has(step)) {
        violations.push(`7: ${name} went ${step}, from ${state}`);
      }
      state = event.to_state;
    }
    if (state !== request.state)
      violations.push(`7: ${name} is ${request.state}, and its events end ${state}`);
    const told = toldStates.includes(request.state)
      ? [`removal-request:${request.id}:${request.state}`, `removal-request:${request.id}:${request.state}`]
      : [];
    if (JSON.stringify(request.told) !== JSON.stringify(told)) {
      violations.push(`7: of ${name}, ${request.state}, was told ${request.told.join() || 'nothing'}`);
    }
  }
  return violations;
}

/** 7 and 1: a block is there if, and only if, the last that is written about it is its beginning. */
function judgeBlocks(history: RemovalHistory, stored: Stored): string[] {
  const violations: string[] = [];
  const open = new Map<string, string>();
  for (const event of stored.optOutEvents) {
    const name = `${event.account_id} ${event.msisdn}`;
    if (event.kind === 'OPTED_OUT') {
      if (open.has(name)) violations.push(`7: ${name} began twice`);
      open.set(name, event.episode_id);
    } else if (event.kind === 'REMOVED' || event.kind === 'CORRECTED') {
      if (open.get(name) !== event.episode_id)
        violations.push(`7: ${name} ended an episode that was not open`);
      open.delete(name);
    }
  }
  const now = new Map(stored.optOuts.map((row) => [`${row.account_id} ${row.msisdn}`, row.id]));
  for (const name of new Set([...open.keys(), ...now.keys()])) {
    if (open.get(name) !== now.get(name)) {
      violations.push(`7: ${name} is in episode ${now.get(name)}, and its history says ${open.get(name)}`);
    }
  }
  for (const account of history.accounts) {
    const blocked = stored.optOuts.filter(({ account_id }) => account_id === account.id).length;
    const total = Number(stored.tallies.find(({ account_id }) => account_id === account.id)?.total ?? 0);
    if (blocked !== total)
      violations.push(`the tally of ${account.id} says ${total}, and there are ${blocked}`);
  }
  // open requests ask about an episode that is still open
  for (const request of stored.requests) {
    const isOpen = request.state === 'AWAITING_REPLY' || request.state === 'AWAITING_APPROVAL';
    if (isOpen && now.get(`${request.account_id} ${request.msisdn}`) !== request.episode_id) {
      violations.push(`request ${request.account_id}-${request.id} is open, and its block is gone`);
    }
  }
  return violations;
}

async function readStored(pool: Pool, history: RemovalHistory): Promise<Stored> {
  const ids = [history.accounts.map(({ id }) => id)];
  const [requests, events, optOutEvents, optOuts, consents, replies, tallies] = await Promise.all([
    pool.query<StoredRequest>(
      `select account_id, id, msisdn, episode_id, state, permission_text, consent_message_id, answer_reply_id as answer_id,
         decided_by, expires_at,
         array(select event_key from (
           select account_id, event_key from notice union all select account_id, event_key from email) as told
           where told.account_id = request.account_id
             and event_key like 'removal-request:' || request.id || ':%' order by 1) as told
       from removal_request as request where account_id = any ($1) order by id`,
      ids,
    ),
    pool.query<StoredEvent>(
      `select account_id, request_id, kind, from_state, to_state from removal_request_event
       where account_id = any ($1) order by id`,
      ids,
    ),
    pool.query<StoredOptOutEvent>(
      `select account_id, msisdn, episode_id, kind, reason, evidence from opt_out_event
       where account_id = any ($1) order by id`,
      ids,
    ),
    pool.query<Stored['optOuts'][number]>(
      'select account_id, msisdn, id from opt_out where account_id = any ($1)',
      ids,
    ),
    pool.query<StoredConsent>(
      `select account_id, id, msisdn, sender_number, episode_id as request_episode from message
       where account_id = any ($1) and kind = 'CONSENT'`,
      ids,
    ),
    pool.query<Stored['replies'][number]>(
      'select account_id, id, carrier_message_id from reply where account_id = any ($1)',
      ids,
    ),
    pool.query<Stored['tallies'][number]>(
      'select account_id, sum(change) as total from opt_out_tally where account_id = any ($1) group by account_id',
      ids,
    ),
  ]);
  return {
    requests: requests.rows,
    events: events.rows,
    optOutEvents: optOutEvents.rows,
    optOuts: optOuts.rows,
    consents: consents.rows,
    replies: replies.rows,
    tallies: tallies.rows,
  };
}
