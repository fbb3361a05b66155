import type { Pool } from 'pg';
import { toPlain } from '@/lib/db/plain';
import { columnsOf, statement } from '@/lib/db/statement';
import { withTransaction } from '@/lib/db/client';
import { notify } from '@/lib/db/notify';
import { simulatorChannel } from '@/lib/events/account-changes';

/** A phone on the simulator's shelf. */
export interface SimulatorPhone {
  msisdn: string;
  lastText: string;
  /** ISO 8601, UTC. */
  lastAt: string;
  count: number;
}

/** One SMS on a phone. */
export interface SimulatorText {
  id: string;
  fromPhone: boolean;
  senderNumber: string;
  text: string;
  /** ISO 8601, UTC. */
  createdAt: string;
}

const findPhones = statement({
  name: 'list-simulator-phones',
  values: { limit: 'int8' },
  columns: {
    msisdn: 'SimulatorMessage.msisdn',
    lastText: 'text',
    lastAt: 'SimulatorMessage.createdAt',
    count: 'int4',
  },
  sql: ($) => `
    with latest as (
      select distinct on (msisdn) msisdn, id, left(text, 200) as text, created_at
      from (select * from simulator_message order by created_at desc limit 5000) as recent
      order by msisdn, id desc
    )
    select latest.msisdn, latest.text as "lastText", latest.created_at as "lastAt",
      (select count(*)::int from simulator_message where simulator_message.msisdn = latest.msisdn) as count
    from latest order by latest.created_at desc, latest.id desc limit ${$.limit}`,
});

/** The phones that held an SMS last, newest first. */
export async function listPhones(pool: Pool, limit = 50): Promise<SimulatorPhone[]> {
  return toPlain(await findPhones.all(pool, { limit }));
}

/**
 * The most of a text that a phone shows; nothing is kept of it but here, and the account's pages have the
 * whole.
 */
const shownCharacters = 1000;

const findTexts = statement({
  name: 'read-simulator-phone',
  values: { msisdn: 'text', before: 'int8?', limit: 'int8' },
  columns: { ...columnsOf('SimulatorMessage', 'id', 'fromPhone', 'senderNumber', 'createdAt'), text: 'text' },
  sql: ($) => `
    select id, from_phone as "fromPhone", sender_number as "senderNumber", left(text, ${shownCharacters}) ||
      case when length(text) > ${shownCharacters} then '… (cut here)' else '' end as text, created_at as "createdAt"
    from simulator_message
    where msisdn = ${$.msisdn} and (${$.before}::bigint is null or id < ${$.before}) order by id desc limit ${$.limit}`,
});

/** What one phone holds, the newest 50 before `before` (an id), oldest first. */
export async function readPhone(
  pool: Pool,
  msisdn: string,
  before: string | null,
): Promise<{ messages: SimulatorText[]; older: string | null }> {
  const pageSize = 50;
  const rows = await findTexts.all(pool, { msisdn, before, limit: pageSize + 1 });
  const page = rows.slice(0, pageSize).reverse();
  return {
    messages: toPlain(page),
    older: rows.length > pageSize ? (page[0]?.id ?? null) : null,
  };
}

const keepText = statement({
  name: 'keep-phone-text',
  values: { msisdn: 'text', senderNumber: 'text', text: 'text' },
  columns: columnsOf('SimulatorMessage', 'id'),
  sql: ($) => `
    insert into simulator_message (msisdn, from_phone, sender_number, text)
    values (${$.msisdn}, true, ${$.senderNumber}, ${$.text}) returning id`,
});

/**
 * Keeps a text that a phone sent, on the phone. Returns its id, which the simulator uses as the carrier's
 * message id.
 */
export async function keepPhoneText(
  pool: Pool,
  sent: { msisdn: string; senderNumber: string; text: string },
): Promise<string> {
  return withTransaction(pool, async (client) => {
    const { id } = await keepText.only(client, sent);
    await notify(client, simulatorChannel, [sent.msisdn]);
    return id;
  });
}
