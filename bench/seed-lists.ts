import type { Pool, PoolClient } from 'pg';
import { blockedReason } from '@/lib/opt-outs/gate';
import { msisdnSql, senderNumber } from './seed';

export type ListTable = 'opt_out' | 'message' | 'reply';

/**
 * A very long list of opt-outs, as many messages and a tenth as many replies, made set-based. For these
 * minutes constraints are not checked and indexes are away; at the end all is as the migrations left it, but
 * for foreign keys, and analysed.
 *
 * One row a second, the last one now. One opt-out in five was not made by a reply; one reply in 100,000 says
 * something that no other says. Rows have their place as id, the oldest 1.
 *
 * @param only the ids of the rows that are made; the lists are short then, each row being what it is in the
 *   long ones
 */
export async function seedLists(
  pool: Pool,
  accountId: number,
  count: number,
  only?: Record<ListTable, readonly string[]>,
): Promise<void> {
  const rows = (table: ListTable, all: number) =>
    only ? `unnest('{${only[table].join(',')}}'::int[]) as n` : `generate_series(1, ${all}) as n`;
  const client = await pool.connect();
  try {
    await client.query(`set statement_timeout = 0`);
    await client.query(`set session_replication_role = replica`);
    await client.query(`set maintenance_work_mem = '1GB'`);
    // one moment for all: a batch and its messages have the same time
    const parameters = [accountId, senderNumber, count, new Date()];
    await withoutIndexes(client, 'opt_out', () =>
      client.query(
        `insert into opt_out (account_id, id, msisdn, kind, sender_number, reply_text, rule, created_at)
         select $1, n, ${msisdnSql('n')},
           case when n % 5 > 0 then 'REPLY' else (array['IMPORT', 'MANUAL', 'SHARED_SENDER', 'API'])[1 + n / 5 % 4] end::opt_out_kind,
           case when n % 5 > 0 then $2 end,
           case when n % 5 > 0 then ${replyTextSql('n')} end,
           case when n % 5 > 0 then (array['exact:stop', 'exact:stop', 'prefix:opt out', 'extra:unsub', 'own:exact:genoeg'])[1 + n / 5 % 5] end,
           $4::timestamptz - make_interval(secs => $3 - n)
         from ${rows('opt_out', count)}`,
        parameters,
      ),
    );
    await client.query('insert into opt_out_tally (account_id, change) select $1, count(*) from opt_out', [
      accountId,
    ]);
    await client.query(
      `insert into message_batch (account_id, id, idempotency_key, text, created_at)
       select $1, batch, batch, ${batchTextSql('batch', '$2::int')}, $3::timestamptz - make_interval(secs => $2 - batch * 1000)
       from (select distinct n / 1000 from ${rows('message', count)}) as used (batch)`,
      [accountId, count, parameters[3]],
    );
    await withoutIndexes(client, 'message', () =>
      client.query(
        `insert into message (account_id, id, batch_id, msisdn, sender_number, text, segments, cost, status, reason,
           carrier_message_id, attempts, created_at, sent_at, finished_at)
         select $1, n, n / 1000, ${msisdnSql('n % 2000000')}, $2, ${batchTextSql('n / 1000', '$3::int')}, 1,
           case when n % 50 = 0 then 0 else 1 end,
           case when n % 50 = 0 then 'BLOCKED' when n % 1000 = 1 then 'FAILED' else 'DELIVERED' end::message_status,
           case when n % 50 = 0 then '${blockedReason}' when n % 1000 = 1 then 'The phone could not be reached.' end,
           'sim-' || n, 1, at, at, at
         from ${rows('message', count)},
           lateral (select $4::timestamptz - make_interval(secs => $3 - n / 1000 * 1000) as at) as accepted`,
        parameters,
      ),
    );
    await withoutIndexes(client, 'reply', () =>
      client.query(
        `insert into reply (account_id, id, msisdn, sender_number, text, verdict, rule, carrier, carrier_message_id, received_at)
         select $1, n, ${msisdnSql('n')}, $2,
           case when n % 3 = 0 then ${replyTextSql('n')} else 'Ok, see you on the ' || n % 31 || 'th' end,
           case when n % 3 = 0 then 'OPT_OUT' when n % 1999 = 1 then 'REVIEW' else 'NONE' end::verdict,
           case when n % 3 = 0 then 'exact:stop' end, 'bench', n, $4::timestamptz - make_interval(secs => $3 - n)
         from ${rows('reply', count / 10)}`,
        parameters,
      ),
    );
    await client.query(
      `select setval('opt_out_id_seq', $1), setval('message_id_seq', $1), setval('reply_id_seq', $1)`,
      [count],
    );
    await client.query(`set session_replication_role = origin`);
    await client.query('vacuum analyze');
  } finally {
    client.release(true);
  }
}

/** What the n-th recipient replied: mostly one of five, now and then something of their own. */
function replyTextSql(n: string): string {
  return `case when ${n} % 99999 = 1 then 'Please take Gerald no ' || ${n} || ' off your list, stop'
    else (array['Stop', 'STOP', 'stop', 'Opt out please', 'Unsubscribe'])[1 + ${n} % 5] end`;
}

/**
 * What the n-th batch said; the offers take turns, the newest batch having the first, however many there are.
 */
function batchTextSql(n: string, count: string): string {
  return `'Hi! Offer ' || ${n} || ' of Berg & Dal: '
    || (array['coffee beans', 'winter tyres', 'a check-up', 'school shoes'])[1 + (${count} / 1000 - ${n}) % 4]
    || ' for less until Friday, only while stocks last. Reply STOP to opt out.'`;
}

/**
 * Takes a table's indexes away while `work` fills it. The keys too: ten million of them in random order take
 * longer one by one.
 */
export async function withoutIndexes(
  client: PoolClient,
  table: string,
  work: () => Promise<unknown>,
): Promise<void> {
  const { rows: indexes } = await client.query<{
    name: string;
    definition: string;
    key: string | null;
  }>(
    `select index.indexrelid::regclass::text as name, pg_get_indexdef(index.indexrelid) as definition, key.conname as key
     from pg_index as index left join pg_constraint as key on key.conindid = index.indexrelid and key.contype = 'p'
     where index.indrelid = $1::regclass`,
    [table],
  );
  for (const { name, key } of indexes) {
    // cascade: foreign keys to it, which the bench has no need of
    await client.query(
      key === null ? `drop index ${name}` : `alter table ${table} drop constraint ${key} cascade`,
    );
  }
  await work();
  for (const { definition, key } of indexes) {
    await client.query(definition);
    if (key !== null)
      await client.query(`alter table ${table} add constraint ${key} primary key using index ${key}`);
  }
}
