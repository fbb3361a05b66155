import { statement, type Connection } from '@/lib/db/statement';

const keep = statement({
  name: 'keep-conversations',
  values: { accountId: 'int4', message: { msisdn: 'text', senderNumber: 'text', id: 'int8' } },
  sql: ($) => `
    with begun as materialized (select now() as at)
    insert into conversation (msisdn, sender_number, account_id, last_message_at, last_message_id)
    select msisdn, sender_number, ${$.accountId}, begun.at, max(id) from begun, ${$.message}
    group by msisdn, sender_number, begun.at order by msisdn
    on conflict (msisdn, sender_number, account_id) do update
      set last_message_at = excluded.last_message_at, last_message_id = excluded.last_message_id
      -- of two that were accepted at the same moment, the later one stays the last
      where conversation.last_message_at <= excluded.last_message_at`,
});

/** Writes down who wrote to whom from where, for whose a reply is. */
export async function keepConversations(
  connection: Connection,
  accountId: number,
  messages: readonly { msisdn: string; senderNumber: string; id: string }[],
): Promise<void> {
  if (messages.length > 0) await keep.run(connection, { accountId, message: messages });
}
