import type { Pool } from 'pg';
import type { AccountReadScope, StaffReadScope } from '@/lib/auth/scope';
import { isId } from '@/lib/db/ids';
import { prismaOn } from '@/lib/db/prisma';
import { statement } from '@/lib/db/statement';
import { evidenceFieldSql } from '@/lib/opt-outs/evidence';

/** Where a text stands that pages show the beginning of. */
export const wholeTextKinds = ['reply', 'event', 'opt-out'] as const;
export type WholeTextKind = (typeof wholeTextKinds)[number];

/** The id is of a reply, of an event of an opt-out, or of the episode of a block in force. */
const ofKind = { values: { accountId: 'int4', id: 'int8' }, columns: { text: 'text?' } } as const;

const texts = {
  reply: statement({
    name: 'whole-text-of-reply',
    ...ofKind,
    sql: ($) => `select text from reply where account_id = ${$.accountId} and id = ${$.id}`,
  }),
  event: statement({
    name: 'whole-text-of-event',
    ...ofKind,
    sql: ($) => `
      select ${evidenceFieldSql('evidence', 'text')} as text from opt_out_event
      where account_id = ${$.accountId} and id = ${$.id}`,
  }),
  'opt-out': statement({
    name: 'whole-text-of-opt-out',
    ...ofKind,
    sql: ($) => `
      select coalesce(reply.text, opt_out.reply_text) as text
      from opt_out left join reply on reply.account_id = opt_out.account_id and reply.id = opt_out.reply_id
      where opt_out.account_id = ${$.accountId} and opt_out.id = ${$.id}`,
  }),
};

/** The whole of what somebody wrote to the account; null when there is none such. */
export function readWholeText(
  pool: Pool,
  scope: AccountReadScope,
  kind: WholeTextKind,
  id: string,
): Promise<string | null> {
  return readText(pool, { accountId: scope.accountId, kind, id });
}

/** The same of any account, for staff. */
export function readWholeTextForStaff(
  pool: Pool,
  _scope: StaffReadScope,
  key: WholeTextKey,
): Promise<string | null> {
  return readText(pool, key);
}

/** The whole of a reply that belongs to no account, for staff; its number belongs to the key. */
export async function readWholeUnownedText(
  pool: Pool,
  _scope: StaffReadScope,
  { msisdn, id }: { msisdn: string; id: string },
): Promise<string | null> {
  // no text of PostgreSQL's holds a NUL
  if (msisdn.includes('\0') || !isId(id)) return null;
  const reply = await prismaOn(pool).unownedReply.findUnique({
    where: { msisdn_id: { msisdn, id: BigInt(id) } },
    select: { text: true },
  });
  return reply?.text ?? null;
}

interface WholeTextKey {
  accountId: number;
  kind: WholeTextKind;
  id: string;
}

async function readText(pool: Pool, { accountId, kind, id }: WholeTextKey): Promise<string | null> {
  if (!isId(id)) return null;
  return (await texts[kind].one(pool, { accountId, id }))?.text ?? null;
}
