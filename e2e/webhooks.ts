import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';

/** A webhook of the account with a delivery that was given up; answers with its id. */
export async function createWebhook(
  database: Pool,
  accountId: number,
  state: 'ACTIVE' | 'PAUSED' | 'PAUSED_BY_FAILURES' = 'ACTIVE',
  url = 'https://shop.example/hooks',
): Promise<number> {
  const { rows } = await database.query<{ id: number }>(
    `with endpoint as (
       insert into webhook_endpoint (account_id, handle, url, events, with_texts, in_order, state, sealed_secret, retry_at,
         reason, failing_since, created_at)
       values ($1, $2, $3, '{opt_out.created,reply.received}', true, true, $4::text::webhook_state, 'of no use',
         now() + interval '1 day', case when $4::text = 'PAUSED_BY_FAILURES' then 'It answered 503.' end,
         case when $4::text = 'PAUSED_BY_FAILURES' then now() - interval '3 days' end, now())
       returning account_id, id
     ), delivery as (
       insert into webhook_delivery (account_id, endpoint_id, type, msisdn, data, state, attempts, attempted_at,
         duration_ms, status_code, answer, reason, created_at, finished_at)
       select account_id, id, 'reply.received', '27710000231', '{"number": "+27710000231", "text": "Stop"}', 'FAILED', 11,
         now(), 84, 503, 'Busy. Come again.', 'It answered 503.', now() - interval '3 days', now()
       from endpoint
     )
     select id from endpoint`,
    [accountId, randomUUID(), url, state],
  );
  return rows[0]?.id ?? 0;
}
