import type { Pool, PoolClient } from 'pg';
import { recordAudit } from '@/lib/audit/commands';
import type { StaffScope } from '@/lib/auth/scope';
import { withTransaction } from '@/lib/db/client';
import { prismaOn } from '@/lib/db/prisma';
import { columnsOf, selectSql, statement } from '@/lib/db/statement';
import { checkRetention, type RetentionSettings } from './schema';

const columns = columnsOf(
  'PlatformSetting',
  'messageTextMonths',
  'unownedReplyMonths',
  'emailMonths',
  'addressMonths',
  'proofMonths',
);

const readRetention = statement({
  name: 'read-retention-settings',
  columns,
  sql: () => `select ${selectSql(columns)} from platform_setting`,
});

export async function readRetentionSettings(db: Pool | PoolClient): Promise<RetentionSettings> {
  return readRetention.only(db, {});
}

/** From the next night on. A term of proofs that has changed has everything looked at anew. */
export async function saveRetentionSettings(
  pool: Pool,
  scope: StaffScope,
  settings: RetentionSettings,
): Promise<{ ok: true } | { ok: false; message: string }> {
  const problem = checkRetention(settings);
  if (problem !== null) return { ok: false, message: problem };
  return withTransaction(pool, async (client) => {
    const before = await readRetentionSettings(client);
    await prismaOn(client).platformSetting.updateMany({ data: { ...settings } });
    await recordAudit(client, scope, {
      action: 'retention.save',
      target: 'Retention',
      accountId: null,
      details: { before, after: settings },
    });
    if (before.proofMonths !== settings.proofMonths) {
      await prismaOn(client).retentionProgress.updateMany({ data: { untilId: 0n } });
    }
    return { ok: true };
  });
}
