import type { Pool } from 'pg';
import { env } from '@/lib/env';
import { log } from '@/lib/log';
import { composeLinkPath, composeToken } from '@/lib/removal-requests/link';
import { linkPlaceholder } from './compose';

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
  /** Resolves once it has taken it; rejects when it has not. */
  send(email: OutgoingEmail): Promise<{ kept: string | null }>;
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

/** Longer than a mail server may take; after this what a dead process had claimed is due again. */
const leaseMs = 300_000;
const maxAttempts = 10;
const batchSize = 20;

/** 1 min, 2 min, 4 min … at most six hours. */
export function computeEmailRetryMs(attempt: number): number {
  return Math.min(60_000 * 2 ** (attempt - 1), 6 * 3_600_000);
}

/**
 * Sends what waits in the outbox and is due, one account at a time. Claimed with a lease: any number of workers may do so, and
 * what a dead one had claimed is due again. An e-mail may so be handed over twice only if a worker died between handing it over
 * and recording that, and then with the same Message-ID.
 *
 * @returns how many were tried
 */
export async function sendDueEmails(pool: Pool, transport: MailTransport, now: Date): Promise<number> {
  const { rows: accounts } = await pool.query<{ account_id: number }>({
    name: 'find-accounts-with-emails',
    text: `select distinct account_id from email where next_attempt_at is not null and next_attempt_at <= $1
      order by account_id limit 100`,
    values: [now],
  });
  let tried = 0;
  for (const { account_id } of accounts) {
    for (const email of await claimEmails(pool, account_id, now)) {
      await sendOne(pool, transport, email, now);
      tried += 1;
    }
  }
  return tried;
}

async function claimEmails(pool: Pool, accountId: number, now: Date): Promise<ClaimedEmail[]> {
  const { rows } = await pool.query<ClaimedEmail>({
    name: 'claim-emails',
    text: `
      with due as (
        select account_id, id from email
        where account_id = $1 and next_attempt_at is not null and next_attempt_at <= $2
        order by next_attempt_at, id limit ${batchSize}
        for update skip locked
      )
      update email set state = 'SENDING', attempts = attempts + 1,
        next_attempt_at = $2::timestamptz + make_interval(secs => $3 / 1000.0)
      from due where email.account_id = due.account_id and email.id = due.id
      returning email.account_id, email.id, event_key, recipient, subject, text, html, link_seed, attempts, created_at`,
    values: [accountId, now, leaseMs],
  });
  return rows;
}

async function sendOne(pool: Pool, transport: MailTransport, email: ClaimedEmail, now: Date): Promise<void> {
  const { text, html } = fillLink(email);
  let outcome: { state: 'SENT' | 'KEPT' | 'QUEUED' | 'FAILED'; reason: string | null };
  try {
    const { kept } = await transport.send({
      messageId: `<email-${email.account_id}-${email.id}@${new URL(env.APP_URL).hostname}>`,
      to: email.recipient,
      subject: email.subject,
      text,
      html,
      createdAt: email.created_at,
    });
    outcome = { state: kept === null ? 'SENT' : 'KEPT', reason: kept };
  } catch (err) {
    log.warn(
      { err, accountId: email.account_id, id: email.id, attempt: email.attempts },
      'An e-mail was not taken',
    );
    const reason = err instanceof Error ? err.message.slice(0, 500) : 'The mail server did not take it.';
    outcome = { state: email.attempts >= maxAttempts ? 'FAILED' : 'QUEUED', reason };
  }
  const retryAt = new Date(now.getTime() + computeEmailRetryMs(email.attempts));
  await pool.query({
    name: 'record-email',
    text: `
      update email set state = $4::email_state, reason = $5,
        next_attempt_at = case when $4::email_state = 'QUEUED' then $6::timestamptz end,
        finished_at = case when $4::email_state <> 'QUEUED' then $7::timestamptz end
      where account_id = $1 and id = $2 and state = 'SENDING' and attempts = $3`,
    values: [email.account_id, email.id, email.attempts, outcome.state, outcome.reason, retryAt, now],
  });
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
