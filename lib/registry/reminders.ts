import type { Pool } from 'pg';
import { formatAccountNumber } from '@/lib/auth/account-number';
import { withTransaction } from '@/lib/db/client';
import { columnsOf, statement, type RowOf } from '@/lib/db/statement';
import { giveNotices } from '@/lib/notices/give-notices';
import type { NewNotice } from '@/lib/notices/schema';
import { formatDay } from './labels';
import { cleansingWarningDays, registrationWarningDays } from './schema';

const findDue = statement({
  name: 'find-marketers-to-remind',
  values: { at: 'timestamptz', after: 'int4', limit: 'int8' },
  columns: {
    ...columnsOf('Account', 'id'),
    cleansedOn: 'text?',
    lastDay: 'text?',
    isCleansingDue: 'bool',
    registrationEndsOn: 'text?',
    isRegistrationEnding: 'bool',
  },
  sql: ($) => `
    select account.id, newest::text as "cleansedOn",
      -- the last day on which marketing may be sent
      coalesce(newest + cleansing_days, cleansing_required_from - 1)::text as "lastDay", "isCleansingDue",
      registration_ends_on::text as "registrationEndsOn", "isRegistrationEnding"
    from account, platform_setting,
      lateral (select (${$.at} at time zone 'Africa/Johannesburg')::date as today,
        greatest(account.cleansed_on, industry_cleansed_on) as newest) as calendar,
      lateral (select
        coalesce((account.cleansed_on is not null or cleansing_required_from <= today + ${cleansingWarningDays})
          and coalesce(today - newest >= cleansing_days - ${cleansingWarningDays}, true), false) as "isCleansingDue",
        coalesce(registration_ends_on - today <= ${registrationWarningDays}, false) as "isRegistrationEnding") as due
    where status = 'ACTIVE' and account.id > ${$.after} and ("isCleansingDue" or "isRegistrationEnding")
    order by account.id limit ${$.limit}`,
});

const accountsAtATime = 500;

/**
 * Reminds accounts of what stops their marketing soon: a cleansing that is nearly too old, and a registration
 * that ends; each once, in the portal and by e-mail to the owner and the administrators.
 */
export async function remindMarketers(pool: Pool, now: Date): Promise<void> {
  let after = 0;
  for (;;) {
    const due = await findDue.all(pool, { at: now, after, limit: accountsAtATime });
    await withTransaction(pool, (client) => giveNotices(client, due.flatMap(composeReminders)));
    const last = due.at(-1);
    if (!last || due.length < accountsAtATime) return;
    after = last.id;
  }
}

function composeReminders(due: RowOf<typeof findDue>): NewNotice[] {
  const { id, cleansedOn, lastDay, isCleansingDue, registrationEndsOn, isRegistrationEnding } = due;
  const number = formatAccountNumber(id);
  const told = { accountId: id, toAdministrators: true };
  return [
    ...(isCleansingDue && lastDay !== null
      ? [
          {
            ...told,
            eventKey: `cleansing:due:${cleansedOn ?? 'first'}`,
            title: `Account ${number} has to cleanse its marketing lists`,
            text: [
              cleansedOn === null
                ? 'Its lists have not been cleansed against the national opt-out registry yet.'
                : `Its last cleansing against the national opt-out registry is of ${formatDay(cleansedOn)}.`,
              `Without a newer one, marketing is stopped after ${formatDay(lastDay)}. Service messages still go out.`,
            ],
            path: '/messages/cleansing',
            action: 'Cleanse your lists',
          },
        ]
      : []),
    ...(isRegistrationEnding && registrationEndsOn !== null
      ? [
          {
            ...told,
            eventKey: `registration:ends:${registrationEndsOn}`,
            title: `The registration of account ${number} as a direct marketer ends`,
            text: [
              `It ends on ${formatDay(registrationEndsOn)}. Marketing is stopped after that day. Service messages still go out.`,
              'Renew it with the National Consumer Commission, and enter the new number and end under Settings.',
            ],
            path: '/settings#registration',
            action: 'Enter the new registration',
          },
        ]
      : []),
  ];
}
