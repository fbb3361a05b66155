import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { hashSecret, makeSecret, readSecretEnd } from '@/lib/api-keys/secret';
import { lawfulHoursReason } from '@/lib/messages/labels';
import { measureText } from '@/lib/sms/segments';

const everything = ['READ', 'SEND', 'OPT_OUTS', 'WEBHOOKS'];

/** A key of the account that may do everything, unless told otherwise; answers with its secret. */
export async function createKey(
  database: Pool,
  accountId: number,
  name = 'Web shop',
  state: 'active' | 'expired' | 'revoked' = 'active',
  scopes: readonly string[] = everything,
): Promise<string> {
  const secret = makeSecret(accountId);
  await database.query(
    `insert into api_key (account_id, handle, name, scopes, networks, secret_hash, secret_end, created_at,
       secret_created_at, expires_at, revoked_at)
     values ($1, $2, $3, $7, '{}', $4, $5, now(), now(),
       case when $6 = 'expired' then now() end, case when $6 = 'revoked' then now() end)`,
    [accountId, randomUUID(), name, hashSecret(secret), readSecretEnd(secret), state, scopes],
  );
  return secret;
}

/**
 * Messages of the account that wait for tomorrow, with one text; answers with their batch.
 *
 * @param waitsForHours they are marketing that was due at another hour
 */
export async function scheduleMessages(
  database: Pool,
  account: { id: number; senderNumber: string },
  recipients: readonly string[],
  text = 'The tulips are in.',
  waitsForHours = false,
): Promise<string> {
  const { rows } = await database.query<{ id: string }>(
    `with batch as (
       insert into message_batch (account_id, idempotency_key, text, send_at)
       values ($1, gen_random_uuid()::text, $4, now() + interval '1 day') returning id
     ), message as (
       insert into message (account_id, batch_id, msisdn, sender_number, text, segments, cost, status, scheduled_at,
         next_attempt_at, purpose, reason)
       select $1, batch.id, msisdn, $2, $4, $5::int, $5::int, 'QUEUED', now() + interval '1 day', now() + interval '1 day',
         case when $6 then 'MARKETING' else 'SERVICE' end::message_purpose, case when $6 then $7 end
       from batch, unnest($3::text[]) as msisdn
     )
     select id from batch`,
    [
      account.id,
      account.senderNumber,
      recipients,
      text,
      measureText(text).segments,
      waitsForHours,
      lawfulHoursReason,
    ],
  );
  return rows[0]?.id ?? '';
}
