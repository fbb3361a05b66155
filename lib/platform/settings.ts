import type { Pool, PoolClient } from 'pg';
import { recordAudit } from '@/lib/audit/commands';
import type { StaffScope } from '@/lib/auth/scope';
import { withTransaction } from '@/lib/db/client';
import { prismaOn } from '@/lib/db/prisma';
import { typed } from '@/lib/db/sql-types';
import { columnsOf, selectSql, statement } from '@/lib/db/statement';
import type { MinuteRange } from '@/lib/messages/lawful-hours';
import type { PlatformSettings } from './schema';
import { checkPlatformSettings } from './check-settings';

const settingColumns = columnsOf(
  'PlatformSetting',
  'removalExpiryDays',
  'autoApprove',
  'consentStands',
  'cleansingDays',
  'marketingTextPolicy',
);

// No Prisma: replies are received in the worker, and read them.
const readSettings = statement({
  name: 'read-platform-settings',
  columns: {
    ...settingColumns,
    weekday: typed<MinuteRange>('json'),
    saturday: typed<MinuteRange>('json'),
    extraHolidays: 'text[]',
    cleansingRequiredFrom: 'text?',
    registrationRequiredFrom: 'text?',
  },
  sql: () => `
    select ${selectSql(settingColumns)},
      json_build_object('from', weekday_from, 'to', weekday_to) as weekday,
      json_build_object('from', saturday_from, 'to', saturday_to) as saturday,
      extra_holidays::text[] as "extraHolidays", cleansing_required_from::text as "cleansingRequiredFrom",
      registration_required_from::text as "registrationRequiredFrom"
    from platform_setting`,
});

export async function readPlatformSettings(db: Pool | PoolClient): Promise<PlatformSettings> {
  return readSettings.only(db, {});
}

/**
 * Saves all of them; consent SMSs that wait keep the minute they wait for, and are held to the new hours when
 * they leave.
 */
export async function savePlatformSettings(
  pool: Pool,
  scope: StaffScope,
  settings: PlatformSettings,
): Promise<{ ok: true } | { ok: false; message: string }> {
  const problem = checkPlatformSettings(settings);
  if (problem !== null) return { ok: false, message: problem };
  return withTransaction(pool, async (client) => {
    const before = await readPlatformSettings(client);
    const { weekday, saturday, extraHolidays, cleansingRequiredFrom, registrationRequiredFrom, ...rest } =
      settings;
    await prismaOn(client).platformSetting.updateMany({
      data: {
        ...rest,
        weekdayFrom: weekday.from,
        weekdayTo: weekday.to,
        saturdayFrom: saturday.from,
        saturdayTo: saturday.to,
        extraHolidays: extraHolidays.map((day) => new Date(day)),
        cleansingRequiredFrom: cleansingRequiredFrom && new Date(cleansingRequiredFrom),
        registrationRequiredFrom: registrationRequiredFrom && new Date(registrationRequiredFrom),
      },
    });
    await recordAudit(client, scope, {
      action: 'settings.save',
      target: 'Platform settings',
      accountId: null,
      details: { before, after: settings },
    });
    return { ok: true };
  });
}
