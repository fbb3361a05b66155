import type { Pool, PoolClient } from 'pg';
import { recordAudit } from '@/lib/audit/commands';
import { formatAccountNumber } from '@/lib/auth/account-number';
import type { StaffReadScope, StaffScope } from '@/lib/auth/scope';
import { withTransaction } from '@/lib/db/client';
import { toPlain } from '@/lib/db/plain';
import { prismaOn } from '@/lib/db/prisma';
import { columnsOf, statement } from '@/lib/db/statement';
import { findWriters } from '@/lib/messages/writers';
import { parseMsisdn } from '@/lib/sms/msisdn';
import { markNumber, namesNumber, numberInReason } from './number-mark';
import type { LegalHold } from './schema';

const findHolds = statement({
  name: 'list-legal-holds',
  columns: {
    ...columnsOf('LegalHold', 'id', 'msisdn', 'reason', 'createdAt'),
    accountId: 'LegalHold.heldAccountId',
    by: 'User.name?',
  },
  sql: () => `
    select legal_hold.id, held_account_id as "accountId", msisdn, reason, legal_hold.created_at as "createdAt", portal_user.name as by
    from legal_hold left join portal_user on portal_user.id = legal_hold.created_by
    where lifted_at is null order by legal_hold.id desc`,
});

/** The holds in force, the latest first. */
export async function listHolds(pool: Pool, _scope: StaffReadScope): Promise<LegalHold[]> {
  return toPlain(await findHolds.all(pool, {}));
}

/** Whom a hold is about, in the log: never the number itself. */
function nameSubject(hold: { accountId: number | null; msisdn: string | null }): string {
  return hold.accountId === null
    ? `Number ${markNumber(hold.msisdn ?? '')}`
    : formatAccountNumber(hold.accountId);
}

const lock = statement({
  name: 'lock-legal-holds',
  sql: () => `select from (select pg_advisory_xact_lock(hashtextextended('legal holds', 0))) as lock`,
});
const lockShared = statement({
  name: 'keep-legal-holds',
  sql: () => `select from (select pg_advisory_xact_lock_shared(hashtextextended('legal holds', 0))) as lock`,
});

/** Until the transaction ends no hold is set: what it finds free stays so while it erases. */
export async function keepHolds(client: PoolClient): Promise<void> {
  await lockShared.run(client, {});
}

/**
 * Sets a hold on an account or on a number: nothing of it is erased until it is lifted.
 *
 * @param input `subject`: as people write it, "W58324" or a number
 */
export async function setHold(
  pool: Pool,
  scope: StaffScope,
  input: { subject: string; reason: string },
): Promise<{ ok: true; id: number } | { ok: false; message: string }> {
  const subject = await readSubject(pool, input.subject);
  if (!subject.ok) return subject;
  const { accountId, msisdn } = subject;
  if (msisdn !== null && namesNumber(input.reason, msisdn)) return numberInReason;
  return withTransaction(pool, async (client) => {
    await lock.run(client, {});
    const { id } = await prismaOn(client).legalHold.create({
      data: {
        heldAccountId: accountId,
        msisdn,
        reason: input.reason,
        createdBy: scope.userId,
        createdAt: new Date(),
      },
      select: { id: true },
    });
    await recordAudit(client, scope, {
      action: 'hold.set',
      target: nameSubject(subject),
      accountId,
      details: { holdId: id, reason: input.reason },
    });
    return { ok: true, id };
  });
}

async function readSubject(
  pool: Pool,
  written: string,
): Promise<{ ok: true; accountId: number | null; msisdn: string | null } | { ok: false; message: string }> {
  if (/^\s*w\s*\d+\s*$/i.test(written)) {
    const accountId = Number(written.replace(/\D/g, ''));
    const account =
      accountId > 2 ** 31 - 1
        ? null
        : await prismaOn(pool).account.findUnique({ where: { id: accountId }, select: { id: true } });
    return account === null
      ? { ok: false, message: 'There is no account with that number.' }
      : { ok: true, accountId: account.id, msisdn: null };
  }
  const number = parseMsisdn(written);
  return number.ok ? { ok: true, accountId: null, msisdn: number.msisdn } : number;
}

const restartAll = statement({
  name: 'restart-retention-after-hold',
  values: { accountIds: 'int4[]' },
  sql: ($) => `update retention_progress set until_id = 0 where account_id = any (${$.accountIds})`,
});

/** Lifts a hold; what it kept past its time goes the next night. */
export async function liftHold(
  pool: Pool,
  scope: StaffScope,
  input: { id: number; reason: string },
): Promise<{ ok: true } | { ok: false; message: string }> {
  return withTransaction(pool, async (client) => {
    const { legalHold } = prismaOn(client);
    const hold = await legalHold.findUnique({ where: { id: input.id } });
    if (hold?.msisdn && namesNumber(input.reason, hold.msisdn)) return numberInReason;
    const { count } = await legalHold.updateMany({
      where: { id: input.id, liftedAt: null },
      data: { liftedAt: new Date(), liftedBy: scope.userId },
    });
    if (!hold || count === 0) return { ok: false, message: 'Someone else has lifted it already.' };
    const { heldAccountId: accountId, msisdn } = hold;
    const accountIds = msisdn === null ? [] : await findWriters(client, msisdn);
    if (accountId !== null) accountIds.push(accountId);
    await restartAll.run(client, { accountIds });
    await recordAudit(client, scope, {
      action: 'hold.lift',
      target: nameSubject({ accountId, msisdn }),
      accountId,
      details: { holdId: input.id, reason: input.reason },
    });
    return { ok: true };
  });
}
