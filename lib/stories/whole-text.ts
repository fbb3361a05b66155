import type { Pool } from 'pg';
import type { AccountReadScope, StaffScope } from '@/lib/auth/scope';
import { evidenceFieldSql } from '@/lib/opt-outs/evidence';

/** Where a text stands that pages show the beginning of. */
export const wholeTextKinds = ['reply', 'event', 'opt-out'] as const;
export type WholeTextKind = (typeof wholeTextKinds)[number];

// $1: the account, $2: the id of a reply, of an event of an opt-out, or of the episode of a block in force
const texts: Record<WholeTextKind, string> = {
  reply: 'select text from reply where account_id = $1 and id = $2',
  event: `select ${evidenceFieldSql('evidence', 'text')} as text from opt_out_event where account_id = $1 and id = $2`,
  'opt-out': `
    select coalesce(reply.text, opt_out.reply_text) as text
    from opt_out left join reply on reply.account_id = opt_out.account_id and reply.id = opt_out.reply_id
    where opt_out.account_id = $1 and opt_out.id = $2`,
};

/** The whole of what somebody wrote to the account; null when there is none such. */
export function readWholeText(
  pool: Pool,
  scope: AccountReadScope,
  kind: WholeTextKind,
  id: string,
): Promise<string | null> {
  return readText(pool, texts[kind], [scope.accountId, id]);
}

/** The same of any account, for staff. */
export function readWholeTextForStaff(
  pool: Pool,
  _scope: StaffScope,
  { accountId, kind, id }: { accountId: number; kind: WholeTextKind; id: string },
): Promise<string | null> {
  return readText(pool, texts[kind], [accountId, id]);
}

/** The whole of a reply that belongs to no account, for staff; its number belongs to the key. */
export function readWholeUnownedText(
  pool: Pool,
  _scope: StaffScope,
  { msisdn, id }: { msisdn: string; id: string },
): Promise<string | null> {
  // no text of PostgreSQL's holds a NUL
  if (msisdn.includes('\0')) return Promise.resolve(null);
  return readText(pool, 'select text from unowned_reply where msisdn = $1 and id = $2', [msisdn, id]);
}

async function readText(pool: Pool, query: string, values: (string | number)[]): Promise<string | null> {
  if (!/^[1-9]\d{0,17}$/.test(String(values.at(-1)))) return null;
  const { rows } = await pool.query<{ text: string | null }>(query, values);
  return rows[0]?.text ?? null;
}
