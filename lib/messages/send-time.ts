import type { Pool } from 'pg';
import type { Refusal } from '@/lib/auth/schema';
import type { AccountReadScope } from '@/lib/auth/scope';
import { columnsOf, selectSql, statement } from '@/lib/db/statement';
import { nextLawfulMinute } from './lawful-hours';
import { readLocalTime } from './local-time';
import { maxDaysAhead } from './scheduled';

/** When a message is to leave, as a form has it. Date and time are read only where somebody chose them. */
export interface WhenTyped {
  when: 'now' | 'lawful' | 'at';
  /** "2026-12-24", in the account's time zone. */
  date: string;
  /** "09:30". */
  time: string;
}

const settingColumns = columnsOf('PlatformSetting', 'weekdayFrom', 'weekdayTo', 'saturdayFrom', 'saturdayTo');

const readClock = statement({
  name: 'read-sending-clock',
  values: { accountId: 'int4' },
  columns: { ...settingColumns, ...columnsOf('Account', 'timeZone'), extraHolidays: 'text[]' },
  sql: ($) => `
    select ${selectSql(settingColumns)}, extra_holidays::text[] as "extraHolidays", account.time_zone as "timeZone"
    from account, platform_setting where account.id = ${$.accountId}`,
});

/**
 * How long after its time a message is still taken, and leaves at once: the answer to a press just before
 * it may have been lost.
 */
const graceMs = 10 * 60_000;

/** The moment at which a message is to leave; null: at once. */
export async function readSendTime(
  pool: Pool,
  { accountId }: AccountReadScope,
  typed: WhenTyped,
  now: Date,
): Promise<{ ok: true; sendAt: Date | null } | Refusal> {
  if (typed.when === 'now') return { ok: true, sendAt: null };
  const clock = await readClock.only(pool, { accountId });
  if (typed.when === 'lawful') {
    const at = nextLawfulMinute(now, {
      weekday: { from: clock.weekdayFrom, to: clock.weekdayTo },
      saturday: { from: clock.saturdayFrom, to: clock.saturdayTo },
      extraHolidays: clock.extraHolidays,
    });
    return { ok: true, sendAt: at > now ? at : null };
  }
  const date = /^(\d{4})-(\d{2})-(\d{2})$/.exec(typed.date);
  if (!date) return refuse('date', 'Choose a day.');
  const time = /^(\d{2}):(\d{2})/.exec(typed.time);
  if (!time) return refuse('time', 'Choose a time.');
  const [year = 0, month = 0, day = 0] = date.slice(1).map(Number);
  const [hour = 0, minute = 0] = time.slice(1).map(Number);
  const read = readLocalTime({ year, month, day, hour, minute }, clock.timeZone);
  if (!read.ok) {
    return read.problem === 'skipped'
      ? refuse(
          'time',
          `The clocks in ${clock.timeZone} go forward over ${typed.time} on that day. Choose another time.`,
        )
      : refuse('date', 'There is no such day. Choose another.');
  }
  if (read.at.getTime() < now.getTime() - graceMs) {
    return refuse('time', 'This time has passed. Choose a later one.');
  }
  if (read.at.getTime() > now.getTime() + maxDaysAhead * 86_400_000) {
    return refuse('date', `Choose a day at most ${maxDaysAhead} days ahead.`);
  }
  return { ok: true, sendAt: read.at };
}

function refuse(field: 'date' | 'time', message: string): Refusal {
  return { ok: false, message, fields: { [field]: message } };
}
