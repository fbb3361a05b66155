import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { addSenderNumbers, addUsers, openAccounts } from '@/lib/accounts/open-accounts';
import type { MemberRole, MessagePurpose, StaffRole } from '@/lib/db/generated/enums';
import { mintAccountScope, type AccountScope } from '@/lib/auth/scope';
import { topUp as giveCredits } from '@/lib/credits/top-up-commands';
import { withTransaction } from '@/lib/db/client';
import { acceptMessages } from '@/lib/messages/commands';
import type { IncomingReply } from '@/lib/replies/schema';
import { readSenderNumber, type SenderNumber } from '@/lib/sms/sender-number';

/**
 * Factories for tests. Whatever they make is unique in its process, so that many tests share one database and
 * none of them sees another's rows.
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
  /** A trial, which may write to this number alone. */
  trialMsisdn?: string;
  /** Its main account, of a sub-account. */
  parentAccountId?: number;
  reviewPolicy?: 'ASK' | 'BLOCK';
  /** Service unless told: tests run at any hour of any day, and marketing leaves at some of them alone. */
  defaultPurpose?: MessagePurpose;
  confirmationText?: string | null;
  keywords?: readonly { word: string; match: 'EXACT' | 'PREFIX' }[];
  passwordHash?: string;
}

/** An account with a user, its credits with their ledger entry, its keywords and a sender number. */
export async function createAccount(pool: Pool, options: AccountOptions = {}): Promise<TestAccount> {
  const id = 10_000 + (serial += 1);
  const name = `Account ${id}`;
  const username = `user-${id}`;
  await openAccounts(pool, [
    {
      id,
      name,
      ownerEmail: `owner-${id}@example.com`,
      status: options.status,
      trialMsisdn: options.trialMsisdn,
      parentAccountId: options.parentAccountId,
      reviewPolicy: options.reviewPolicy,
      defaultPurpose: options.defaultPurpose ?? 'SERVICE',
      confirmationText: options.confirmationText,
      credits: options.credits === undefined ? 1_000_000 : options.credits,
      keywords: options.keywords,
    },
  ]);
  const userId = await createUser(pool, { username, accountId: id, passwordHash: options.passwordHash });
  const dedicated = (options.sender ?? 'dedicated') === 'dedicated';
  const senderNumber = dedicated ? await createSenderNumber(pool, { accountId: id }) : null;
  return { id, name, userId, username, scope: mintAccountScope(id, { userId }), senderNumber };
}

/** Somebody who can sign in: a user of the account, or (null) a member of staff. Answers with their id. */
export async function createUser(
  pool: Pool,
  user: {
    username?: string;
    name?: string;
    email?: string;
    msisdn?: string;
    accountId: number | null;
    /** Left out: the owner when they are the first, or an administrator. */
    role?: MemberRole;
    /** Of staff; null: of nobody's. */
    staffRole?: StaffRole | null;
    passwordHash?: string;
  },
): Promise<number> {
  const username = user.username ?? `person-${(serial += 1)}`;
  const [id] = await addUsers(pool, [
    {
      username,
      email: user.email ?? `${username}@example.com`,
      ownMsisdn: user.msisdn,
      name: user.name ?? username,
      passwordHash: user.passwordHash ?? 'no password',
      accountId: user.accountId,
      role: user.role,
      staffRole: user.staffRole,
    },
  ]);
  return id as number;
}

/** Credits and their ledger entry. */
export async function topUp(pool: Pool, accountId: number, credits: number): Promise<void> {
  await withTransaction(pool, (client) => giveCredits(client, { accountId, credits }));
}

/** A sender number: shared by all accounts, or dedicated to one. */
export async function createSenderNumber(
  pool: Pool,
  options: { accountId?: number; number?: string } = {},
): Promise<SenderNumber> {
  const number = readSenderNumber(options.number ?? `2760${String((serial += 1)).padStart(7, '0')}`);
  await addSenderNumbers(pool, [{ number, kind: 'LONG_CODE', accountId: options.accountId ?? null }]);
  return number;
}

/**
 * A message of the account to this recipient from this sender number, sent `daysAgo`; answers with its id.
 */
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

/** Puts these numbers on the national opt-out registry: for the whole industry, or for one account. */
export async function listOnRegistry(pool: Pool, msisdns: readonly string[], marketerId = 0): Promise<void> {
  await pool.query(
    `insert into registry_entry (msisdn, marketer_id, import_id) select msisdn, $2, 0 from unnest($1::text[]) as msisdn`,
    [msisdns, marketerId],
  );
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
