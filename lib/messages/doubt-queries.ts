import type { Pool } from 'pg';
import type { StaffReadScope } from '@/lib/auth/scope';
import { toPlain } from '@/lib/db/plain';
import { columnsOf, statement } from '@/lib/db/statement';
import type { DoubtGroup, DoubtPolicy } from './schema';

const shownGroups = 50;

/** Those that wait for a person; their index has what was ever in doubt. */
const heldSql = `message.doubted_at is not null and message.status = 'IN_DOUBT' and message.next_attempt_at is null`;

const listGroups = statement({
  name: 'list-doubt-groups',
  values: { limit: 'int8' },
  columns: {
    ...columnsOf('Message', 'accountId'),
    name: 'Account.name',
    carrier: 'text',
    minute: 'timestamptz',
    messages: 'int4',
    credits: 'int4',
  },
  sql: ($) => `
    select message.account_id as "accountId", account.name, coalesce(message.carrier, '') as carrier,
      date_trunc('minute', message.doubted_at) as minute, count(*)::int as messages, sum(message.cost)::int as credits
    from message join account on account.id = message.account_id
    where ${heldSql}
    group by 1, 2, 3, 4 order by 4, 1 limit ${$.limit}`,
});

/** Messages in doubt that wait for a person, together by account, carrier and minute; the oldest first. */
export async function listDoubtGroups(pool: Pool, _scope: StaffReadScope): Promise<DoubtGroup[]> {
  return toPlain(await listGroups.all(pool, { limit: shownGroups }));
}

const readPolicy = statement({
  name: 'read-doubt-policy',
  columns: { policy: 'PlatformSetting.doubtPolicy', again: 'int4' },
  sql: () => `
    select doubt_policy as policy, (select count(*)::int from message
      where doubted_at is not null and status = 'IN_DOUBT' and next_attempt_at is not null) as again
    from platform_setting`,
});

/** What becomes of messages in doubt, and how many wait to be sent again. */
export async function readDoubtPolicy(
  pool: Pool,
  _scope: StaffReadScope,
): Promise<{ policy: DoubtPolicy; again: number }> {
  return readPolicy.only(pool, {});
}
