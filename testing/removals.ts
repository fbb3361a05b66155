import type { Pool } from 'pg';
import { mintStaffScope, type StaffScope } from '@/lib/auth/scope';
import { Dispatcher } from '@/lib/messages/dispatcher';
import { isLawfulTime } from '@/lib/messages/lawful-hours';
import { receiveReplies } from '@/lib/replies/commands';
import type { ReplyOutcome } from '@/lib/replies/schema';
import { requestRemoval } from '@/lib/removal-requests/commands';
import { composeReply, createConversation, createUser, nextMsisdn, type TestAccount } from './factories';
import { MemoryCarrier } from './memory-carrier';

/** This many days after that day, at this time ("19:59:30") in South Africa. */
function atDayOf(day: Date, daysAfter: number, time: string): Date {
  const date = new Date(day.getTime() + daysAfter * 86_400_000).toISOString().slice(0, 10);
  return new Date(`${date}T${time}+02:00`);
}

/**
 * A Friday at ten in South Africa, eight days ago or some weeks, lawful as the Saturday after it is: what is
 * due then is due by the computer's clock, and what is kept for thirty days is there.
 */
export function findLawfulFriday(now: Date): Date {
  for (let daysAgo = 8; ; daysAgo += 1) {
    const friday = atDayOf(now, -daysAgo, '10:00:00');
    if (friday.getUTCDay() === 5 && isLawfulTime(friday) && isLawfulTime(hoursAfter(friday, 24)))
      return friday;
  }
}

/** A Friday at ten that is lawful, and past by the computer's clock, so that tests are green on any day. */
export const lawful = findLawfulFriday(new Date());
/** So many days after that Friday, at this time ("19:59:30") in South Africa. */
export const atLawfulDay = (daysAfter: number, time: string) => atDayOf(lawful, daysAfter, time);
/** The evening of the same day, after hours. */
export const evening = atLawfulDay(0, '20:00:00');

export function hoursAfter(time: Date, hours: number): Date {
  return new Date(time.getTime() + hours * 3_600_000);
}

export async function createStaff(pool: Pool): Promise<StaffScope> {
  return mintStaffScope(await createUser(pool, { accountId: null }));
}

export interface OptedOut {
  msisdn: string;
  senderNumber: string;
  episodeId: string;
}

/** A recipient who was written to and said stop. */
export async function optOut(
  pool: Pool,
  account: TestAccount,
  msisdn: string = nextMsisdn(),
): Promise<OptedOut> {
  const senderNumber = account.senderNumber as string;
  await createConversation(pool, account, { msisdn, senderNumber });
  await say(pool, { msisdn, senderNumber }, 'Stop', hoursAfter(lawful, -24));
  const { rows } = await pool.query<{ id: string }>(
    'select id from opt_out where account_id = $1 and msisdn = $2',
    [account.id, msisdn],
  );
  return { msisdn, senderNumber, episodeId: rows[0]?.id as string };
}

export async function say(
  pool: Pool,
  to: { msisdn: string; senderNumber: string },
  text: string,
  receivedAt = hoursAfter(lawful, 1),
): Promise<ReplyOutcome | undefined> {
  const [outcome] = await receiveReplies(pool, [
    composeReply({ from: to.msisdn, to: to.senderNumber, text, receivedAt }),
  ]);
  return outcome;
}

/** Hands over everything of the account that is due. */
export async function dispatch(pool: Pool, account: TestAccount, now = lawful): Promise<MemoryCarrier> {
  const carrier = new MemoryCarrier();
  const options = {
    batchSize: 100,
    turnMs: 250,
    leaseMs: 60_000,
    sweepIntervalMs: 1000,
    maxAttempts: 3,
    clock: () => now,
  };
  await new Dispatcher(pool, carrier, options).dispatchBatch(account.id);
  return carrier;
}

export interface Asked extends OptedOut {
  requestId: string;
}

/** A removal request whose consent SMS is queued. */
export async function request(pool: Pool, account: TestAccount, now = lawful): Promise<Asked> {
  const optedOut = await optOut(pool, account);
  const result = await requestRemoval(
    pool,
    account.scope,
    { number: `+${optedOut.msisdn}`, permission: true },
    { address: '203.0.113.7' },
    now,
  );
  if (!result.ok) throw new Error(`The request was refused: ${result.message}`);
  return { ...optedOut, requestId: result.requestId };
}

/** A removal request whose consent SMS the network has. */
export async function ask(pool: Pool, account: TestAccount): Promise<Asked> {
  const asked = await request(pool, account);
  await dispatch(pool, account);
  return asked;
}

/** A removal request to which the recipient said YES. */
export async function consent(pool: Pool, account: TestAccount): Promise<Asked> {
  const asked = await ask(pool, account);
  await say(pool, asked, 'YES');
  return asked;
}

export interface RequestFacts {
  state: string;
  /** "REQUESTED AWAITING_REPLY", in their order. */
  events: string[];
  /** Of the opt-out's whole history. */
  optOutEvents: string[];
  isBlocked: boolean;
  notices: string[];
  emails: string[];
  consent: string | null;
}

/** What the database holds of a request. */
export async function readFacts(pool: Pool, account: TestAccount, asked: Asked): Promise<RequestFacts> {
  const { rows } = await pool.query<{
    state: string;
    events: string[];
    opt_out_events: string[];
    is_blocked: boolean;
    notices: string[];
    emails: string[];
    consent: string | null;
  }>(
    `select state::text,
       array(select kind || ' ' || to_state from removal_request_event as event
         where event.account_id = $1 and request_id = request.id order by event.id) as events,
       array(select kind::text from opt_out_event as event
         where event.account_id = $1 and event.msisdn = request.msisdn order by event.id) as opt_out_events,
       exists (select from opt_out where account_id = $1 and opt_out.msisdn = request.msisdn) as is_blocked,
       array(select event_key from notice where account_id = $1
         and event_key like 'removal-request:' || request.id || ':%') as notices,
       array(select event_key from email where account_id = $1
         and event_key like 'removal-request:' || request.id || ':%') as emails,
       (select status::text from message where account_id = $1 and message.id = request.consent_message_id) as consent
     from removal_request as request where account_id = $1 and id = $2`,
    [account.id, asked.requestId],
  );
  const row = rows[0];
  if (!row) throw new Error('There is no such request.');
  return {
    state: row.state,
    events: row.events,
    optOutEvents: row.opt_out_events,
    isBlocked: row.is_blocked,
    notices: row.notices,
    emails: row.emails,
    consent: row.consent,
  };
}
