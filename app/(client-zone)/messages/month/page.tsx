import type { Metadata } from 'next';
import { after } from 'next/server';
import { MonthPage } from '@/components/home/month-page';
import { customerPage } from '@/lib/auth/make-page';
import { getPool } from '@/lib/db/client';
import { closeRemainingDays } from '@/lib/home/days';
import { readMonth, readMonthOfAccount } from '@/lib/home/month-queries';
import { askReplica } from '@/lib/lists/ask-replica';
import type { ListParams } from '@/lib/lists/list-search';
import { log } from '@/lib/log';
import { readStanding } from '@/lib/registry/marketer-queries';

export const metadata: Metadata = { title: 'Month at a glance' };

const readSearch = ({ month }: ListParams) => ({ given: month });

export default customerPage({ search: readSearch }, async ({ scope, account }, { search: { given } }) => {
  const now = new Date();
  const { timeZone } = account;
  const month = readMonth(given, timeZone, now);
  const [figures, { age }] = await Promise.all([
    readMonthOfAccount(getPool(), scope, timeZone, month, now, askReplica),
    readStanding(getPool(), scope, now),
  ]);
  after(() =>
    closeRemainingDays(getPool(), scope, timeZone, figures.uncounted).catch((err: unknown) =>
      log.error({ err, accountId: scope.accountId }, 'Counting earlier days failed'),
    ),
  );
  return (
    <MonthPage
      month={month}
      latest={readMonth(undefined, timeZone, now)}
      figures={figures}
      cleansingAge={age}
    />
  );
});
