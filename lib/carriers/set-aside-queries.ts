import type { Pool } from 'pg';
import type { StaffReadScope } from '@/lib/auth/scope';
import { cutSql } from '@/lib/db/cut-text';
import { toPlain } from '@/lib/db/plain';
import { columnsOf, statement } from '@/lib/db/statement';
import type { SetAsideCounts, SetAsideReply } from './schema';

const shown = 50;
/** Of a text, for whoever is to know what it is about. */
const shownCharacters = 300;
/** Nobody reads a greater figure. */
const countedAtMost = 100;

const listWaiting = statement({
  name: 'list-set-aside',
  values: { limit: 'int8' },
  columns: {
    ...columnsOf('SetAsideReply', 'id', 'carrier', 'msisdn', 'senderNumber', 'verdict', 'receivedAt'),
    ...columnsOf('SetAsideReply', 'fault', 'attempts', 'triedAt'),
    text: 'text?',
    isCut: 'bool',
  },
  sql: ($) => `
    select id, carrier, msisdn, sender_number as "senderNumber", verdict, received_at as "receivedAt", fault, attempts,
      tried_at as "triedAt", ${cutSql('text', shownCharacters)} as text,
      coalesce(length(text) > ${shownCharacters}, false) as "isCut"
    from set_aside_reply where decided_at is null
    order by verdict = 'NONE', received_at, id limit ${$.limit}`,
});

/** Replies that could not be recorded; what may be an opt-out before the others, and the oldest first. */
export async function listSetAside(pool: Pool, _scope: StaffReadScope): Promise<SetAsideReply[]> {
  return toPlain(await listWaiting.all(pool, { limit: shown }));
}

const countWaiting = statement({
  name: 'count-set-aside',
  values: { limit: 'int8' },
  columns: { waiting: 'int4', wishes: 'int4' },
  sql: ($) => `
    select count(*)::int as waiting, (count(*) filter (where verdict <> 'NONE'))::int as wishes from (
      select verdict from set_aside_reply where decided_at is null order by verdict = 'NONE' limit ${$.limit}
    ) as counted`,
});

/** How many could not be recorded, and how many of them are, or may be, opt-outs; more than 99 are "99+". */
export async function countSetAsideReplies(pool: Pool, _scope: StaffReadScope): Promise<SetAsideCounts> {
  return countWaiting.only(pool, { limit: countedAtMost });
}
