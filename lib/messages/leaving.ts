import type { Pool } from 'pg';
import type { AccountReadScope } from '@/lib/auth/scope';
import { statement } from '@/lib/db/statement';
import { parseMsisdn } from '@/lib/sms/msisdn';
import { lawfulTime, openingsSql, opensAtSql, readLawfulTime, zonesOfSql } from './lawful-time';
import type { Leaving, MessagePurpose } from './schema';

const countLeaving = statement({
  name: 'count-leaving-messages',
  values: { accountId: 'int4', purpose: 'MessagePurpose?', recipients: 'text[]', ...lawfulTime },
  columns: { leavesAt: 'timestamptz', messages: 'int4' },
  sql: ($) => `
    with place as materialized (
      select ${zonesOfSql('msisdn')} as zones, count(*)::int as messages
      from unnest(${$.recipients}::text[]) as recipient (msisdn)
      where coalesce(${$.purpose}, (select default_purpose from account where id = ${$.accountId})) = 'MARKETING'
      group by 1
    ), ${openingsSql('place', $)}, leaving as (
      select ${opensAtSql('place.zones')} as leaves_at, messages from place
    )
    select leaves_at as "leavesAt", sum(messages)::int as messages from leaving group by leaves_at order by leaves_at`,
});

/** What is asked of a message that is not stored yet. */
export interface ToLeave {
  /** As typed; what is no number is left out, and one that is repeated counts once. */
  recipients: readonly string[];
  /** Null: the account's default. */
  purpose: MessagePurpose | null;
  /** Null: at once. */
  sendAt: Date | null;
}

/**
 * When a message would leave for how many: marketing waits for the lawful hours where each recipient lives.
 * The same statement decides it that a claim asks (lawful-time.ts).
 *
 * @returns nothing when all would leave at their time, at once or that of `sendAt`
 */
export async function findWaiting(
  pool: Pool,
  { accountId }: AccountReadScope,
  { recipients, purpose, sendAt }: ToLeave,
  now: Date,
): Promise<Leaving[]> {
  const numbers = recipients.map(parseMsisdn).flatMap((read) => (read.ok ? [read.msisdn] : []));
  const at = sendAt && sendAt > now ? sendAt : now;
  const rows = await countLeaving.all(pool, {
    accountId,
    purpose,
    recipients: [...new Set(numbers)],
    ...readLawfulTime(at),
  });
  if (rows.every(({ leavesAt }) => leavesAt <= at)) return [];
  return rows.map(({ leavesAt, messages }) => ({
    at: at === now && leavesAt <= at ? null : leavesAt.toISOString(),
    messages,
  }));
}
