import type { Pool, PoolClient } from 'pg';
import { recordAudit } from '@/lib/audit/commands';
import type { StaffScope } from '@/lib/auth/scope';
import { withTransaction } from '@/lib/db/client';
import type { PlatformSettings } from './schema';
import { checkPlatformSettings } from './check-settings';

export async function readPlatformSettings(db: Pool | PoolClient): Promise<PlatformSettings> {
  const { rows } = await db.query<{
    removal_expiry_days: number;
    auto_approve: boolean;
    weekday_from: number;
    weekday_to: number;
    saturday_from: number;
    saturday_to: number;
    extra_holidays: string[];
  }>({
    name: 'read-platform-settings',
    text: `select removal_expiry_days, auto_approve, weekday_from, weekday_to, saturday_from, saturday_to,
      extra_holidays::text[] as extra_holidays from platform_setting`,
  });
  const row = rows[0];
  if (!row) throw new Error('The row of platform settings is missing.');
  return {
    removalExpiryDays: row.removal_expiry_days,
    autoApprove: row.auto_approve,
    weekday: { from: row.weekday_from, to: row.weekday_to },
    saturday: { from: row.saturday_from, to: row.saturday_to },
    extraHolidays: row.extra_holidays,
  };
}

/** Saves all of them; consent SMSs that wait keep the minute they wait for, and are held to the new hours when they leave. */
export async function savePlatformSettings(
  pool: Pool,
  scope: StaffScope,
  settings: PlatformSettings,
): Promise<{ ok: true } | { ok: false; message: string }> {
  const problem = checkPlatformSettings(settings);
  if (problem !== null) return { ok: false, message: problem };
  return withTransaction(pool, async (client) => {
    const before = await readPlatformSettings(client);
    await client.query(
      `update platform_setting set removal_expiry_days = $1, auto_approve = $2, weekday_from = $3, weekday_to = $4,
         saturday_from = $5, saturday_to = $6, extra_holidays = $7::date[]`,
      [
        settings.removalExpiryDays,
        settings.autoApprove,
        settings.weekday.from,
        settings.weekday.to,
        settings.saturday.from,
        settings.saturday.to,
        settings.extraHolidays,
      ],
    );
    await recordAudit(client, scope, {
      action: 'settings.save',
      target: 'Platform settings',
      accountId: null,
      details: { before, after: settings },
    });
    return { ok: true };
  });
}
