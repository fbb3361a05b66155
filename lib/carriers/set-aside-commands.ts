import type { Pool, PoolClient } from 'pg';
import { recordAudit, type AuditRecord } from '@/lib/audit/commands';
import type { StaffScope } from '@/lib/auth/scope';
import { withTransaction } from '@/lib/db/client';
import { isAboutContent, nameFault } from '@/lib/db/content-errors';
import { columnsOf, statement, type RowOf } from '@/lib/db/statement';
import { tellStaff } from '@/lib/events/account-changes';
import { log } from '@/lib/log';
import { createReceiptIntake } from '@/lib/messages/receipt-intake';
import { createReplyIntake } from '@/lib/replies/intake';
import { formatMsisdn } from '@/lib/sms/format-msisdn';
import { readHandedOver } from './handed-over';
import { recordReply } from './kannel/door';
import { maxSetAsideReason } from './schema';

type Result = { ok: true } | { ok: false; message: string };

const gone = {
  ok: false,
  message: 'This reply has been recorded meanwhile, or somebody has decided about it.',
} as const;

const handedOver = {
  ...columnsOf('SetAsideReply', 'id', 'carrier', 'door', 'contentType', 'msisdn', 'receivedAt'),
  content: 'bytea',
} as const;

const find = statement({
  name: 'find-set-aside',
  values: { id: 'int8' },
  columns: handedOver,
  sql: ($) => `
    select id, carrier, door, content, content_type as "contentType", msisdn, received_at as "receivedAt"
    from set_aside_reply where id = ${$.id} and decided_at is null`,
});

type Found = RowOf<typeof find>;

const putAttempt = statement({
  name: 'put-attempt-of-set-aside',
  values: { id: 'int8', fault: 'text' },
  sql: ($) => `
    update set_aside_reply set attempts = attempts + 1, tried_at = now(), fault = ${$.fault}
    where id = ${$.id} and decided_at is null`,
});

const remove = statement({
  name: 'delete-set-aside',
  values: { id: 'int8' },
  sql: ($) => `delete from set_aside_reply where id = ${$.id}`,
});

/**
 * Reads a reply anew and records it, as if its gateway had kept it until now: what its recipient has said
 * since counts for more. Recorded twice, it counts once.
 *
 * @returns what is wrong with it still; null: it is recorded, and no more set aside
 * @throws an error that is not about the reply
 */
async function tryAgain(
  pool: Pool,
  row: Found,
  afterwards: (client: PoolClient) => Promise<void> = () => Promise.resolve(),
): Promise<string | null> {
  const tools = { pool, replies: createReplyIntake(pool), receipts: createReceiptIntake(pool) };
  try {
    const { reply, lacks } = readHandedOver(row, new Date());
    await recordReply(tools, { lacks, reply: { ...reply, arrivedAt: reply.arrivedAt ?? row.receivedAt } });
  } catch (error) {
    if (!isAboutContent(error)) throw error;
    const fault = nameFault(error);
    await putAttempt.run(pool, { id: row.id, fault });
    return fault;
  }
  await withTransaction(pool, async (client) => {
    await remove.run(client, { id: row.id });
    await afterwards(client);
    await tellStaff(client, 'unowned-replies');
  });
  return null;
}

/** Tries once more to record a reply that was set aside, for a member of staff. */
export async function recordSetAside(pool: Pool, scope: StaffScope, { id }: { id: string }): Promise<Result> {
  const row = await find.one(pool, { id });
  if (!row) return gone;
  const fault = await tryAgain(pool, row, (client) =>
    recordAudit(client, scope, { action: 'reply.record', ...nameReply(row), details: { setAsideId: id } }),
  );
  if (fault === null) return { ok: true };
  return { ok: false, message: `It still cannot be recorded (${fault}). It waits here, and is tried again.` };
}

const note = statement({
  name: 'note-set-aside',
  values: { id: 'int8', userId: 'int4', reason: 'text' },
  columns: columnsOf('SetAsideReply', 'msisdn'),
  sql: ($) => `
    update set_aside_reply set decided_by = ${$.userId}, decided_at = now(), decision_reason = ${$.reason}
    where id = ${$.id} and decided_at is null
    returning msisdn`,
});

/** Writes down why a reply need not be recorded; it is not tried again. */
export async function noteSetAside(
  pool: Pool,
  scope: StaffScope,
  { id, reason: written }: { id: string; reason: string },
): Promise<Result> {
  const reason = written.trim().slice(0, maxSetAsideReason);
  if (reason === '') return { ok: false, message: 'Write the reason: it stays with the reply.' };
  return withTransaction(pool, async (client): Promise<Result> => {
    const noted = await note.one(client, { id, userId: scope.userId, reason });
    if (!noted) return gone;
    const details = { setAsideId: id, reason };
    await recordAudit(client, scope, { action: 'reply.give-up', ...nameReply(noted), details });
    await tellStaff(client, 'unowned-replies');
    return { ok: true };
  });
}

function nameReply({ msisdn }: { msisdn: string | null }): Pick<AuditRecord, 'target' | 'accountId'> {
  return {
    target: msisdn === null ? 'Reply of nobody knows whom' : `Reply of ${formatMsisdn(msisdn)}`,
    accountId: null,
  };
}

const triedAtATime = 100;

const listToTry = statement({
  name: 'list-set-aside-to-try',
  values: { limit: 'int8' },
  columns: { id: 'SetAsideReply.id' },
  sql: ($) => `
    select id from set_aside_reply where decided_at is null and tried_at < now() - interval '1 minute'
    order by tried_at, id limit ${$.limit}`,
});

/**
 * Tries again all that was set aside, those first that were not tried for longest, and none of the last
 * minute: what was wrong may have been mended, here or in the database.
 */
export async function recordSetAsideReplies(pool: Pool, signal?: AbortSignal): Promise<void> {
  for (;;) {
    // Whatever is tried is gone from this list, or was tried within the last minute.
    const ids = await listToTry.all(pool, { limit: triedAtATime });
    for (const { id } of ids) {
      if (signal?.aborted) return;
      const row = await find.one(pool, { id });
      if (row && (await tryAgain(pool, row)) === null)
        log.info({ id, carrier: row.carrier }, 'A reply that was set aside is recorded');
    }
    if (ids.length < triedAtATime) return;
  }
}
