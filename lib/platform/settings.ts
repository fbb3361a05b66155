import type { Pool, PoolClient } from 'pg';
import { recordAudit } from '@/lib/audit/commands';
import type { StaffScope } from '@/lib/auth/scope';
import { withTransaction } from '@/lib/db/client';
import { prismaOn } from '@/lib/db/prisma';
import { typed } from '@/lib/db/sql-types';
import { columnsOf, selectSql, statement } from '@/lib/db/statement';
import type { LawfulHours, MinuteRange } from '@/lib/messages/lawful-hours';
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

const findHours = statement({
  name: 'read-saved-hours',
  columns: {
    savedAt: 'timestamptz',
    before: typed<LawfulHours>('jsonb'),
    after: typed<LawfulHours>('jsonb'),
  },
  sql: () => `
    select created_at as "savedAt", details -> 'before' as before, details -> 'after' as after from audit_entry
    where action = 'settings.save'
      and (details -> 'before' -> 'weekday', details -> 'before' -> 'saturday', details -> 'before' -> 'extraHolidays')
        is distinct from (details -> 'after' -> 'weekday', details -> 'after' -> 'saturday', details -> 'after' -> 'extraHolidays')
    order by created_at, id`,
});

/** Hours of marketing, and since when they were set; null: since before the staff first changed them. */
export interface HoursInForce extends LawfulHours {
  since: string | null;
}

/**
 * The hours of marketing that have been in force, the oldest first, up to those that are set now: what the
 * log of the staff's acts has kept of each change.
 */
export async function readHoursInForce(db: Pool | PoolClient): Promise<[HoursInForce, ...HoursInForce[]]> {
  const pick = ({ weekday, saturday, extraHolidays }: LawfulHours) => ({ weekday, saturday, extraHolidays });
  const now = pick(await readPlatformSettings(db));
  const changes = await findHours.all(db, {});
  const [first] = changes;
  if (!first) return [{ since: null, ...now }];
  const last = changes.length - 1;
  return [
    { since: null, ...pick(first.before) },
    ...changes.map(({ savedAt, after }, index) => ({
      since: savedAt.toISOString(),
      ...(index === last ? now : pick(after)),
    })),
  ];
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
        ...(before.consentStands === settings.consentStands ? {} : { consentChangedAt: new Date() }),
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
