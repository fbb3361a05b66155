import type { Pool } from 'pg';
import { nextMsisdn, type TestAccount } from './accounts';

/** What the account had sent. */
export const sentText = 'Proteas are in. Reply STOP to opt out.';

export interface AnsweredRequest {
  accountId: number;
  id: string;
  msisdn: string;
}

/**
 * A removal request whose recipient has answered: blocked by "Stop", asked, and "Yes please" or whatever is
 * given said. Written straight to the database, as a consent SMS leaves at lawful hours only and a test runs
 * at any.
 *
 * @param minutesAgo when the answer came; the greatest waits longest
 */
export async function createAnsweredRequest(
  database: Pool,
  account: Pick<TestAccount, 'id' | 'senderNumber'>,
  { answer = 'YES', minutesAgo = 1 }: { answer?: string; minutesAgo?: number } = {},
): Promise<AnsweredRequest> {
  const msisdn = await nextMsisdn(database);
  const { rows } = await database.query<{ id: string }>(
    `with time as (
       select now() - $4 * interval '1 minute' as answered
     ), sent as (
       insert into message (account_id, msisdn, sender_number, text, segments, cost, status, created_at, sent_at, finished_at)
       select $1, $2, $3, $6, 1, 1, 'DELIVERED', at, at, at
       from (select answered - interval '2 hours' as at from time) as moment
       returning id
     ), stop as (
       insert into reply (account_id, msisdn, sender_number, text, verdict, rule, message_id, carrier, carrier_message_id, received_at)
       select $1, $2, $3, 'Stop', 'OPT_OUT', 'exact:stop', sent.id, 'simulator', 'stop-' || $2, answered - interval '100 minutes'
       from time, sent
       returning id, received_at
     ), block as (
       insert into opt_out (account_id, msisdn, kind, sender_number, reply_id, reply_text, rule, created_at)
       select $1, $2, 'REPLY', $3, id, 'Stop', 'exact:stop', received_at from stop
       returning id, created_at
     ), blocked as (
       insert into opt_out_event (account_id, msisdn, episode_id, kind, actor, evidence, created_at)
       select $1, $2, block.id, 'OPTED_OUT', 'recipient', jsonb_build_object('text', 'Stop', 'rule', 'exact:stop',
         'replyId', stop.id, 'messageId', sent.id, 'senderNumber', $3::text), block.created_at
       from block, stop, sent
     ), asked as (
       insert into message (account_id, msisdn, sender_number, text, segments, cost, kind, status, episode_id, created_at, sent_at, finished_at)
       select $1, $2, $3, 'Umhlanga Florist would like to send you SMSs again. Reply YES to allow it or NO to refuse.',
         1, 0, 'CONSENT', 'DELIVERED', block.id, at, at + interval '2 seconds', at + interval '4 seconds'
       from block, (select answered - interval '1 hour' as at from time) as moment
       returning id, created_at
     ), answered as (
       insert into reply (account_id, msisdn, sender_number, text, verdict, message_id, carrier, carrier_message_id, received_at)
       select $1, $2, $3, $5, 'NONE', asked.id, 'simulator', 'answer-' || $2, time.answered from asked, time
       returning id, received_at
     ), request as (
       insert into removal_request (account_id, msisdn, episode_id, state, permission_text, permission_user_id, permission_at,
         permission_address, consent_message_id, consent_due_at, answer_reply_id, answered_at, created_at)
       select $1, $2, block.id, 'AWAITING_APPROVAL', 'I give permission to send one SMS to this number.',
         (select user_id from membership where account_id = $1 order by user_id limit 1), asked.created_at, '198.51.100.7',
         asked.id, asked.created_at, answered.id, answered.received_at, asked.created_at
       from block, asked, answered
       returning id, created_at, answered_at
     ), story as (
       insert into removal_request_event (account_id, request_id, kind, from_state, to_state, actor, evidence, created_at)
       select $1, id, 'REQUESTED'::removal_request_event_kind, null::removal_request_state,
         'AWAITING_REPLY'::removal_request_state, 'user:' || (select user_id from membership where account_id = $1 order by user_id limit 1),
         '{}'::jsonb, created_at from request
       union all
       select $1, id, 'YES', 'AWAITING_REPLY', 'AWAITING_APPROVAL', 'recipient', '{}', answered_at from request
     )
     select id from request`,
    [account.id, msisdn, account.senderNumber, minutesAgo, answer, sentText],
  );
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('The removal request was not created.');
  return { accountId: account.id, id, msisdn };
}
