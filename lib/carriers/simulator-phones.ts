import type { Pool } from 'pg';
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

/** The phones that held an SMS last, newest first. */
export async function listPhones(pool: Pool, limit = 50): Promise<SimulatorPhone[]> {
  const { rows } = await pool.query<{ msisdn: string; text: string; created_at: Date; count: string }>(
    `with latest as (
       select distinct on (msisdn) msisdn, id, left(text, 200) as text, created_at
       from (select * from simulator_message order by created_at desc limit 5000) as recent
       order by msisdn, id desc
     )
     select latest.msisdn, latest.text, latest.created_at,
       (select count(*) from simulator_message where simulator_message.msisdn = latest.msisdn) as count
     from latest order by latest.created_at desc, latest.id desc limit $1`,
    [limit],
  );
  return rows.map((row) => ({
    msisdn: row.msisdn,
    lastText: row.text,
    lastAt: row.created_at.toISOString(),
    count: Number(row.count),
  }));
}

/** The most of a text that a phone shows; nothing is kept of it but here, and the account's pages have the whole. */
const shownCharacters = 1000;

/** What one phone holds, the newest 50 before `before` (an id), oldest first. */
export async function readPhone(
  pool: Pool,
  msisdn: string,
  before: string | null,
): Promise<{ messages: SimulatorText[]; older: string | null }> {
  const pageSize = 50;
  const { rows } = await pool.query<{
    id: string;
    from_phone: boolean;
    sender_number: string;
    text: string;
    created_at: Date;
  }>(
    `select id, from_phone, sender_number, left(text, ${shownCharacters}) ||
       case when length(text) > ${shownCharacters} then '… (cut here)' else '' end as text, created_at
     from simulator_message
     where msisdn = $1 and ($2::bigint is null or id < $2) order by id desc limit $3`,
    [msisdn, before, pageSize + 1],
  );
  const page = rows.slice(0, pageSize);
  return {
    messages: page.reverse().map((row) => ({
      id: row.id,
      fromPhone: row.from_phone,
      senderNumber: row.sender_number,
      text: row.text,
      createdAt: row.created_at.toISOString(),
    })),
    older: rows.length > pageSize ? (page[0]?.id ?? null) : null,
  };
}

/** Keeps a text that a phone sent, on the phone. Returns its id, which the simulator uses as the carrier's message id. */
export async function keepPhoneText(
  pool: Pool,
  sent: { msisdn: string; senderNumber: string; text: string },
): Promise<string> {
  const { rows } = await pool.query<{ id: string }>(
    `with kept as (
       insert into simulator_message (msisdn, from_phone, sender_number, text) values ($1, true, $2, $3) returning id
     )
     select id, pg_notify('${simulatorChannel}', $1) from kept`,
    [sent.msisdn, sent.senderNumber, sent.text],
  );
  if (!rows[0]) throw new Error('The simulator did not keep a text.');
  return rows[0].id;
}
