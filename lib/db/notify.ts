import { escapeLiteral, type PoolClient } from 'pg';
import { statement, type Connection } from '@/lib/db/statement';

/** What each open transaction is to say, by channel and payload, so that the same is said once. */
const toSay = new WeakMap<object, Map<string, [channel: string, payload: string]>>();

/** For withTransaction, before its work. */
export function beginSaying(client: PoolClient): void {
  toSay.set(client, new Map());
}

/** For withTransaction, before it gives the connection back. */
export function endSaying(client: PoolClient): void {
  toSay.delete(client);
}

/** For withTransaction: SQL that says it all, to stand before the commit. */
export function composeSaidSql(client: PoolClient): string {
  const all = [...(toSay.get(client)?.values() ?? [])];
  if (all.length === 0) return '';
  const calls = all.map(
    ([channel, payload]) => `pg_notify(${escapeLiteral(channel)}, ${escapeLiteral(payload)})`,
  );
  return `SELECT ${calls.join(', ')}; `;
}

const notifyNow = statement({
  name: 'notify',
  values: { said: { channel: 'text', payload: 'text' } },
  sql: ($) => `select pg_notify(channel, payload) from ${$.said}`,
});

/**
 * Tells whoever listens on a channel, once what was written is committed: in a transaction with its commit,
 * which costs no trip of its own; outside of one at once.
 *
 * Never as a part of a statement that names a table: a cluster carries that to the machine with the rows,
 * where nobody listens (docs/decisions/0051-a-cluster.md).
 */
export async function notify(
  connection: Connection,
  channel: string,
  payloads: readonly string[],
): Promise<void> {
  const transaction = toSay.get(connection);
  if (transaction) {
    for (const payload of payloads) transaction.set(`${channel} ${payload}`, [channel, payload]);
  } else if (payloads.length > 0) {
    await notifyNow.run(connection, { said: payloads.map((payload) => ({ channel, payload })) });
  }
}
