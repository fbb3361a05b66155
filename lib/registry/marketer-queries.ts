import type { Pool, PoolClient } from 'pg';
import type { AccountReadScope } from '@/lib/auth/scope';
import { toPlain } from '@/lib/db/plain';
import { typed } from '@/lib/db/sql-types';
import { columnsOf, statement } from '@/lib/db/statement';
import { marketingStopSql } from '@/lib/opt-outs/gate';
import type { MarketerStanding, RegistrationRow } from './schema';

const findStanding = statement({
  name: 'read-standing-of-marketer',
  values: { accountId: 'int4', at: 'timestamptz' },
  columns: {
    stop: typed<MarketerStanding['stop']>('text'),
    cleansedOn: 'text?',
    isOfIndustry: 'bool',
    age: 'int4?',
    mostDays: 'int4',
    mustCleanse: 'bool',
    cleansingRequiredFrom: 'text?',
    registrationEndsOn: 'text?',
    registrationLeft: 'int4?',
    registrationRequiredFrom: 'text?',
  },
  sql: ($) => `
    select ${marketingStopSql($.accountId, $.at)} as stop, newest::text as "cleansedOn",
      coalesce(account.cleansed_on < industry_cleansed_on, industry_cleansed_on is not null) as "isOfIndustry",
      today - newest as age, cleansing_days as "mostDays",
      account.cleansed_on is not null or coalesce(cleansing_required_from <= today, false) as "mustCleanse",
      cleansing_required_from::text as "cleansingRequiredFrom",
      account.registration_ends_on::text as "registrationEndsOn", account.registration_ends_on - today as "registrationLeft",
      registration_required_from::text as "registrationRequiredFrom"
    from account, platform_setting,
      lateral (select (${$.at} at time zone 'Africa/Johannesburg')::date as today,
        greatest(account.cleansed_on, industry_cleansed_on) as newest) as calendar
    where account.id = ${$.accountId}`,
});

/** What the marketing of an account rests on: its cleansing and its registration, on a day. */
export function readStanding(
  db: Pool | PoolClient,
  { accountId }: AccountReadScope,
  at: Date,
): Promise<MarketerStanding> {
  return findStanding.only(db, { accountId, at });
}

const listAll = statement({
  name: 'list-registrations-of-marketer',
  values: { accountId: 'int4' },
  columns: {
    ...columnsOf('MarketerRegistration', 'id', 'number', 'createdAt'),
    endsOn: 'text',
    createdBy: 'User.name?',
  },
  sql: ($) => `
    select marketer_registration.id, number, ends_on::text as "endsOn", marketer_registration.created_at as "createdAt",
      portal_user.name as "createdBy"
    from marketer_registration left join portal_user on portal_user.id = created_by
    where account_id = ${$.accountId} order by marketer_registration.id desc limit 20`,
});

/** The registrations that the account gave, the newest first: that one counts. */
export async function listRegistrations(
  pool: Pool,
  { accountId }: AccountReadScope,
): Promise<RegistrationRow[]> {
  return toPlain(await listAll.all(pool, { accountId }));
}
