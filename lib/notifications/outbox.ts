import type { Pool, PoolClient } from 'pg';
import type { AccountScope } from '@/lib/auth/scope';
import { env } from '@/lib/env';
import { computeRetryMs, enqueueJobs, readMaxAttempts } from '@/lib/jobs/enqueue';
import { log } from '@/lib/log';
import { composeLinkPath, composeToken } from './request-link';
import { linkPlaceholder } from './compose';
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
  /** Resolves once it has taken it; rejects when it has not, with an {@link EmailRefusedError} when it never will. */
  send(email: OutgoingEmail): Promise<{ kept: string | null }>;
}

/** The mail server refuses this e-mail for good: to try again is of no use. */
export class EmailRefusedError extends Error {
  override readonly name = 'EmailRefusedError';
}

interface ClaimedEmail {
  account_id: number;
  id: string;
  event_key: string;
  recipient: string;
  subject: string;
  text: string;
  html: string;
  link_seed: string | null;
  attempts: number;
  created_at: Date;
}

const maxReasonLength = 500;

/** Enqueues the jobs of e-mails, in the transaction that writes them. */
export async function enqueueEmails(
  client: PoolClient | Pool,
  emails: readonly { account_id: number; id: string }[],
): Promise<void> {
  await enqueueJobs(
    client,
    'send-email',
    emails.map(({ account_id, id }) => ({ payload: { accountId: account_id, userId: null, emailId: id } })),
  );
}

/**
 * The job of one e-mail: hands it over, unless that was done. It may be handed over twice only if a worker dies, or is silent
 * for so long that its jobs are given to another, or loses the database, between handing it over and recording that; then with
 * the same Message-ID.
 *
 * @throws when it was not taken and may be later: the job is tried again. After the last time, or when it is refused for good,
 *   the e-mail is marked as failed, and the job has done what it could.
 */
export async function sendEmail(
  pool: Pool,
  transport: MailTransport,
  scope: AccountScope,
  id: string,
  now: Date,
): Promise<void> {
  const email = await claimEmail(pool, scope, id);
  if (!email) return;
  const outcome = await handOver(transport, email);
  await record(pool, email, outcome, now);
  if (outcome.state === 'SENT' || outcome.state === 'KEPT') return;
  // Without the server's words, which name the recipient.
  const what = { accountId: email.account_id, id: email.id, attempt: email.attempts };
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
      messageId: `<email-${email.account_id}-${email.id}@${new URL(env.APP_URL).hostname}>`,
      to: email.recipient,
      subject: email.subject,
      text,
      html,
      createdAt: email.created_at,
    });
    return { state: kept === null ? 'SENT' : 'KEPT', reason: kept };
  } catch (error) {
    const isFinal = error instanceof EmailRefusedError || email.attempts >= readMaxAttempts('send-email');
    return { state: isFinal ? 'FAILED' : 'QUEUED', reason: describeFailure(error, email) };
  }
}

/** For the staff's page: what a mail server or the network said. What went wrong within the program stays in the log. */
function describeFailure(error: unknown, email: ClaimedEmail): string {
  const { code, path } = error as { code?: unknown; path?: unknown };
  const isOfTheServer =
    error instanceof EmailRefusedError || (typeof code === 'string' && path === undefined);
  if (error instanceof Error && isOfTheServer) return error.message.slice(0, maxReasonLength);
  log.error(
    { err: error, accountId: email.account_id, emailId: email.id },
    'An e-mail could not be handed over',
  );
  return path === undefined
    ? 'The e-mail could not be handed over. The worker’s log says why.'
    : `The file could not be written (${typeof code === 'string' ? code : 'unknown'}). The worker’s log says where.`;
}

async function claimEmail(pool: Pool, scope: AccountScope, id: string): Promise<ClaimedEmail | undefined> {
  const { rows } = await pool.query<ClaimedEmail>({
    name: 'claim-email',
    text: `
      update email set state = 'SENDING', attempts = attempts + 1
      where account_id = $1 and id = $2 and state in ('QUEUED', 'SENDING')
      returning account_id, id, event_key, recipient, subject, text, html, link_seed, attempts, created_at`,
    values: [scope.accountId, id],
  });
  return rows[0];
}

async function record(pool: Pool, email: ClaimedEmail, outcome: Outcome, now: Date): Promise<void> {
  const retryAt =
    outcome.state === 'QUEUED' ? new Date(now.getTime() + computeRetryMs(email.attempts)) : null;
  await pool.query({
    name: 'record-email',
    text: `
      update email set state = $4, reason = $5, next_attempt_at = $6, finished_at = $7
      where account_id = $1 and id = $2 and attempts = $3 and state = 'SENDING'`,
    values: [
      email.account_id,
      email.id,
      email.attempts,
      outcome.state,
      outcome.reason,
      retryAt,
      retryAt === null ? now : null,
    ],
  });
}

/** Overdue for so long, an e-mail has lost its job. */
const lostAfterMs = 3_600_000;
const lostAtATime = 1000;

/**
 * Gives e-mails a job again that have none: that of an e-mail whose worker was killed on the last try is not run again, and
 * what was written before there were jobs had none. One that is only late, with a job, keeps it: there is one of each key.
 */
export async function enqueueLostEmails(pool: Pool, now: Date): Promise<void> {
  const { rows } = await pool.query<{ account_id: number; id: string }>({
    name: 'find-lost-emails',
    text: `select account_id, id from email where next_attempt_at < $1 order by next_attempt_at limit ${lostAtATime}`,
    values: [new Date(now.getTime() - lostAfterMs)],
  });
  await enqueueEmails(pool, rows);
}

/** Puts in the link, whose secret is nowhere but in AUTH_SECRET and the seed together. */
export function fillLink(email: {
  account_id: number;
  event_key: string;
  text: string;
  html: string;
  link_seed: string | null;
}): { text: string; html: string } {
  const requestId = /^removal-request:(\d+):link:/.exec(email.event_key)?.[1];
  if (email.link_seed === null || requestId === undefined) return email;
  const token = composeToken({ accountId: email.account_id, requestId }, email.link_seed);
  const link = `${env.APP_URL}${composeLinkPath(token)}`;
  return {
    text: email.text.replaceAll(linkPlaceholder, link),
    html: email.html.replaceAll(linkPlaceholder, link),
  };
}
