import type { Pool, PoolClient } from 'pg';
import type { AccountScope } from '@/lib/auth/scope';
import { columnsOf, selectSql, statement, type RowOf } from '@/lib/db/statement';
import { env } from '@/lib/env';
import { computeRetryMs, enqueueJobs, readMaxAttempts } from '@/lib/jobs/enqueue';
import { log } from '@/lib/log';
import { composeLinkPath, composeToken } from './request-link';
import { linkPlaceholder } from './compose';
import { composeLinkPath as composeSecretPath } from '@/lib/secrets/derive';
import { parseLinkKey } from './secret-link';
import type { EmailState } from './schema';

/** An e-mail as a transport takes it. */
export interface OutgoingEmail {
  /** The same however often it is tried, so that a mail server that got it twice can tell. */
  messageId: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  createdAt: Date;
}

/** What takes e-mails: a mail server, or a folder. */
export interface MailTransport {
  /**
   * Resolves once it has taken it; rejects when it has not, with an {@link EmailRefusedError} when it never
   * will.
   */
  send(email: OutgoingEmail): Promise<{ kept: string | null }>;
}

/** The mail server refuses this e-mail for good: to try again is of no use. */
export class EmailRefusedError extends Error {
  override readonly name = 'EmailRefusedError';
}

const claimedColumns = columnsOf(
  'Email',
  'accountId',
  'id',
  'eventKey',
  'recipient',
  'subject',
  'text',
  'html',
  'linkSeed',
  'attempts',
  'createdAt',
);

const claim = statement({
  name: 'claim-email',
  values: { accountId: 'int4', id: 'int8' },
  columns: claimedColumns,
  sql: ($) => `
    update email set state = 'SENDING', attempts = attempts + 1
    where account_id = ${$.accountId} and id = ${$.id} and state in ('QUEUED', 'SENDING')
    returning ${selectSql(claimedColumns)}`,
});
type ClaimedEmail = RowOf<typeof claim>;

const maxReasonLength = 500;

/** Enqueues the jobs of e-mails, in the transaction that writes them. */
export async function enqueueEmails(
  client: PoolClient | Pool,
  emails: readonly { accountId: number; id: string }[],
): Promise<void> {
  await enqueueJobs(
    client,
    'send-email',
    emails.map(({ accountId, id }) => ({ payload: { accountId, userId: null, emailId: id } })),
  );
}

/**
 * The job of one e-mail: hands it over, unless that was done. It may be handed over twice only if a worker
 * dies, or is silent for so long that its jobs are given to another, or loses the database, between handing
 * it over and recording that; then with the same Message-ID.
 *
 * @throws when it was not taken and may be later: the job is tried again. After the last time, or when it is
 *   refused for good, the e-mail is marked as failed, and the job has done what it could.
 */
export async function sendEmail(
  pool: Pool,
  transport: MailTransport,
  scope: AccountScope,
  id: string,
  now: Date,
): Promise<void> {
  const email = await claim.one(pool, { accountId: scope.accountId, id });
  if (!email) return;
  const outcome = await handOver(transport, email);
  await record(pool, email, outcome, now);
  if (outcome.state === 'SENT' || outcome.state === 'KEPT') return;
  // Without the server's words, which name the recipient.
  const what = { accountId: email.accountId, id: email.id, attempt: email.attempts };
  if (outcome.state === 'QUEUED') throw new Error(`An e-mail was not taken: ${JSON.stringify(what)}`);
  log.error(what, 'An e-mail could not be sent: see the outbox');
}

interface Outcome {
  state: EmailState;
  reason: string | null;
}

async function handOver(transport: MailTransport, email: ClaimedEmail): Promise<Outcome> {
  const { text, html } = fillLink(email);
  try {
    const { kept } = await transport.send({
      messageId: `<email-${email.accountId}-${email.id}@${new URL(env.APP_URL).hostname}>`,
      to: email.recipient,
      subject: email.subject,
      text,
      html,
      createdAt: email.createdAt,
    });
    return { state: kept === null ? 'SENT' : 'KEPT', reason: kept };
  } catch (error) {
    const isFinal = error instanceof EmailRefusedError || email.attempts >= readMaxAttempts('send-email');
    return { state: isFinal ? 'FAILED' : 'QUEUED', reason: describeFailure(error, email) };
  }
}

/**
 * For the staff's page: what a mail server or the network said. What went wrong within the program stays in
 * the log.
 */
function describeFailure(error: unknown, email: ClaimedEmail): string {
  const { code, path } = error as { code?: unknown; path?: unknown };
  const isOfTheServer =
    error instanceof EmailRefusedError || (typeof code === 'string' && path === undefined);
  if (error instanceof Error && isOfTheServer) return error.message.slice(0, maxReasonLength);
  log.error(
    { err: error, accountId: email.accountId, emailId: email.id },
    'An e-mail could not be handed over',
  );
  return path === undefined
    ? 'The e-mail could not be handed over. The worker’s log says why.'
    : `The file could not be written (${typeof code === 'string' ? code : 'unknown'}). The worker’s log says where.`;
}

const recordOutcome = statement({
  name: 'record-email',
  values: {
    accountId: 'int4',
    id: 'int8',
    attempts: 'int2',
    state: 'EmailState',
    reason: 'text?',
    nextAttemptAt: 'timestamptz?',
    finishedAt: 'timestamptz?',
  },
  sql: ($) => `
    update email set state = ${$.state}, reason = ${$.reason}, next_attempt_at = ${$.nextAttemptAt},
      finished_at = ${$.finishedAt}
    where account_id = ${$.accountId} and id = ${$.id} and attempts = ${$.attempts} and state = 'SENDING'`,
});

async function record(pool: Pool, email: ClaimedEmail, outcome: Outcome, now: Date): Promise<void> {
  const retryAt =
    outcome.state === 'QUEUED' ? new Date(now.getTime() + computeRetryMs(email.attempts)) : null;
  const { accountId, id, attempts } = email;
  await recordOutcome.run(pool, {
    accountId,
    id,
    attempts,
    ...outcome,
    nextAttemptAt: retryAt,
    finishedAt: retryAt === null ? now : null,
  });
}

/** Overdue for so long, an e-mail has lost its job. */
const lostAfterMs = 3_600_000;
const lostAtATime = 1000;

const findLost = statement({
  name: 'find-lost-emails',
  values: { before: 'timestamptz' },
  columns: columnsOf('Email', 'accountId', 'id'),
  sql: ($) => `
    select account_id as "accountId", id from email where next_attempt_at < ${$.before}
    order by next_attempt_at limit ${lostAtATime}`,
});

/**
 * Gives e-mails a job again that have none: that of an e-mail whose worker was killed on the last try is not
 * run again, and what was written before there were jobs had none. One that is only late, with a job, keeps
 * it: there is one of each key.
 */
export async function enqueueLostEmails(pool: Pool, now: Date): Promise<void> {
  await enqueueEmails(pool, await findLost.all(pool, { before: new Date(now.getTime() - lostAfterMs) }));
}

/** Puts in the link, whose secret is nowhere but in AUTH_SECRET and the seed together. */
export function fillLink(email: {
  accountId: number;
  eventKey: string;
  text: string;
  html: string;
  linkSeed: string | null;
}): { text: string; html: string } {
  const path = findLinkPath(email);
  if (path === null) return { text: email.text, html: email.html };
  const link = `${env.APP_URL}${path}`;
  return {
    text: email.text.replaceAll(linkPlaceholder, link),
    html: email.html.replaceAll(linkPlaceholder, link),
  };
}

/** An e-mail has a link of one of two kinds, or none; its event key says which. */
function findLinkPath(email: {
  accountId: number;
  eventKey: string;
  linkSeed: string | null;
}): string | null {
  if (email.linkSeed === null) return null;
  const requestId = /^removal-request:(\d+):link:/.exec(email.eventKey)?.[1];
  if (requestId !== undefined) {
    return composeLinkPath(composeToken({ accountId: email.accountId, requestId }, email.linkSeed));
  }
  const purpose = parseLinkKey(email.eventKey);
  return purpose && composeSecretPath(purpose, email.linkSeed);
}
