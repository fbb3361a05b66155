import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { mintAccountScope, type AccountScope } from '@/lib/auth/scope';
import { acceptMessages } from '@/lib/messages/commands';
import type { IncomingReply } from '@/lib/replies/schema';
import { readSenderNumber, type SenderNumber } from '@/lib/sms/sender-number';

/**
 * Factories for tests. Whatever they make is unique in its process, so that many tests share one database and none of
 * them sees another's rows.
 */
let serial = 0;

/** A South African mobile number that nobody else in this process has. */
export function nextMsisdn(): string {
  return `2782${String((serial += 1)).padStart(7, '0')}`;
}

export interface TestAccount {
  id: number;
  name: string;
  userId: number;
  username: string;
  /** As a signed-in user of the account has it. */
  scope: AccountScope;
  /** Its dedicated sender number; null when it sends from the shared ones. */
  senderNumber: SenderNumber | null;
}

export interface AccountOptions {
  /** What it has been topped up with. Null: the account has no balance at all. */
  credits?: number | null;
  /** Its own number by default, so that no other test's conversations matter. */
  sender?: 'dedicated' | 'shared';
  status?: 'ACTIVE' | 'SUSPENDED';
  reviewPolicy?: 'ASK' | 'BLOCK';
  confirmationText?: string | null;
  keywords?: readonly { word: string; match: 'EXACT' | 'PREFIX' }[];
  passwordHash?: string;
}

/** An account with a user, its credits with their ledger entry, its keywords and a sender number. */
export async function createAccount(pool: Pool, options: AccountOptions = {}): Promise<TestAccount> {
  const id = 10_000 + (serial += 1);
  const name = `Account ${id}`;
  const username = `user-${id}`;
  const { credits = 1_000_000, keywords = [] } = options;
  await pool.query(
    `insert into account (id, name, owner_email, status, review_policy, confirmation_text)
     values ($1, $2, $3, $4, $5, $6)`,
    [
      id,
      name,
      `owner-${id}@example.com`,
      options.status ?? 'ACTIVE',
      options.reviewPolicy ?? 'ASK',
      options.confirmationText ?? null,
    ],
  );
  const { rows } = await pool.query<{ id: number }>(
    `insert into portal_user (username, email, name, password_hash, role, account_id)
     values ($1, $1 || '@example.com', $1, $2, 'CUSTOMER', $3) returning id`,
    [username, options.passwordHash ?? 'no password', id],
  );
  const userId = rows[0]?.id as number;
  if (credits !== null) await topUp(pool, id, credits);
  await pool.query(
    `insert into account_keyword (account_id, word, match)
     select $1, word, match from unnest($2::text[], $3::keyword_match[]) as keyword (word, match)`,
    [id, keywords.map(({ word }) => word), keywords.map(({ match }) => match)],
  );
  const dedicated = (options.sender ?? 'dedicated') === 'dedicated';
  const senderNumber = dedicated ? await createSenderNumber(pool, { accountId: id }) : null;
  return { id, name, userId, username, scope: mintAccountScope(id, { userId }), senderNumber };
}

/** Credits and their ledger entry. */
export async function topUp(pool: Pool, accountId: number, credits: number): Promise<void> {
  await pool.query(
    `with balance as (
       insert into credit_balance (account_id, credits) values ($1, $2::bigint)
       on conflict (account_id) do update set credits = credit_balance.credits + excluded.credits
     )
     insert into credit_entry (account_id, kind, amount) select $1, 'TOP_UP', $2::bigint where $2::bigint <> 0`,
    [accountId, credits],
  );
}

/** A sender number: shared by all accounts, or dedicated to one. */
export async function createSenderNumber(
  pool: Pool,
  options: { accountId?: number; number?: string } = {},
): Promise<SenderNumber> {
  const number = readSenderNumber(options.number ?? `2760${String((serial += 1)).padStart(7, '0')}`);
  await pool.query(`insert into sender_number (number, kind, account_id) values ($1, 'LONG_CODE', $2)`, [
    number,
    options.accountId ?? null,
  ]);
  return number;
}

/** A message of the account to this recipient from this sender number, sent `daysAgo`; answers with its id. */
export async function createConversation(
  pool: Pool,
  account: TestAccount,
  place: { msisdn: string; senderNumber: string; daysAgo?: number },
): Promise<string> {
  const { rows } = await pool.query<{ id: string }>(
    `with sent as (
       insert into message (account_id, msisdn, sender_number, text, segments, cost, status, created_at, sent_at)
       select $1, $2, $3, 'Our spring sale begins on Monday', 1, 0, 'SENT', at, at
       from (select now() - make_interval(secs => $4 * 86400) as at) as time
       returning id, created_at
     ), kept as (
       insert into conversation (msisdn, sender_number, account_id, last_message_at, last_message_id)
       select $2, $3, $1, created_at, id from sent
       on conflict (msisdn, sender_number, account_id) do update
         set last_message_at = excluded.last_message_at, last_message_id = excluded.last_message_id
     )
     select id from sent`,
    [account.id, place.msisdn, place.senderNumber, place.daysAgo ?? 0],
  );
  return rows[0]?.id as string;
}

/** A reply as a carrier hands it over, with an id of its own unless one is given. */
export function composeReply(
  reply: Pick<IncomingReply, 'from' | 'text'> & Partial<Omit<IncomingReply, 'to'>> & { to: string },
): IncomingReply {
  return {
    carrier: 'simulator',
    carrierMessageId: `reply-${(serial += 1)}`,
    raw: null,
    receivedAt: new Date(),
    ...reply,
    to: readSenderNumber(reply.to),
  };
}

/** Accepts one text for these recipients; throws when it is refused. Answers with the batch's id. */
export async function queueMessages(
  pool: Pool,
  account: TestAccount,
  recipients: readonly string[],
  text = 'Our spring sale begins on Monday',
): Promise<string> {
  const result = await acceptMessages(pool, account.scope, {
    recipients,
    text,
    idempotencyKey: randomUUID(),
  });
  if (!result.ok) throw new Error(`The batch was refused: ${result.reason}.`);
  return result.batchId;
}

/** An entry of the account's opt-outs that no reply made, with its event; answers with its episode. */
export async function createManualOptOut(
  pool: Pool,
  account: TestAccount,
  msisdn: string,
  kind: 'MANUAL' | 'IMPORT' | 'API' | 'STAFF' = 'MANUAL',
): Promise<string> {
  const { rows } = await pool.query<{ id: string }>(
    `with entry as (
       insert into opt_out (account_id, msisdn, kind, created_by) values ($1, $2, $3, $4) returning id
     ), event as (
       insert into opt_out_event (account_id, msisdn, episode_id, kind, actor, evidence)
       select $1, $2, id, 'OPTED_OUT', $5, '{}' from entry
     )
     select id from entry`,
    [account.id, msisdn, kind, account.userId, account.scope.actor],
  );
  return rows[0]?.id as string;
}
