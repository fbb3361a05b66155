import type { Pool, PoolClient } from 'pg';
import { statement } from '@/lib/db/statement';
import { isLawfulTime, type LawfulHours } from './lawful-hours';
import { zonesOfSql } from './lawful-time';

const homeZone = 'Africa/Johannesburg';

const findZones = statement({
  name: 'find-zones-of-number',
  values: { msisdn: 'text' },
  columns: { zones: 'text[]?' },
  sql: ($) => `
    select ${zonesOfSql('given.msisdn')} as zones from (select ${$.msisdn}::text as msisdn) as given`,
});

/**
 * The time zones of the country that a number belongs to: those by which the claim asks whether marketing may
 * leave (lawful-time.ts). South Africa's for a number of no known country.
 */
export async function readRecipientZones(db: Pool | PoolClient, msisdn: string): Promise<string[]> {
  return (await findZones.only(db, { msisdn })).zones ?? [homeZone];
}

/** A moment on the clock where a recipient lives. */
export interface RecipientTime {
  zone: string;
  /** "Wednesday 2026-11-25 12:00" */
  shown: string;
  isLawful: boolean;
}

/**
 * A moment by the clock of each zone, and whether direct marketing could lawfully leave then. Of a country
 * with several zones it has to be lawful in all.
 *
 * @param hours that were in force at that moment
 */
export function readRecipientTimes(at: Date, zones: readonly string[], hours: LawfulHours): RecipientTime[] {
  return zones.map((zone) => {
    const { day, date, time } = readLocal(at, zone);
    return {
      zone,
      shown: `${day} ${date} ${time}`,
      // The law's calendar reads South African clocks: it is asked of the moment at which they show the same.
      isLawful: isLawfulTime(new Date(`${date}T${time}:00+02:00`), hours),
    };
  });
}

const formats = new Map<string, Intl.DateTimeFormat>();

function readLocal(at: Date, timeZone: string) {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hourCycle: 'h23',
      weekday: 'long',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    });
    formats.set(timeZone, format);
  }
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const read = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? '';
  return {
    day: read('weekday'),
    date: `${read('year')}-${read('month')}-${read('day')}`,
    time: `${read('hour')}:${read('minute')}`,
  };
}
