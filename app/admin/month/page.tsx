import type { Metadata } from 'next';
import { StaffMonthPage } from '@/components/home/staff-month-page';
import { staffPage } from '@/lib/auth/make-page';
import { getPool } from '@/lib/db/client';
import { readMonth, readMonthOfAll } from '@/lib/home/month-queries';
import type { ListParams } from '@/lib/lists/list-search';
import { staffTimeZone } from '@/lib/lists/schema';

export const metadata: Metadata = { title: 'Month at a glance' };

const readSearch = ({ month }: ListParams) => ({ given: month });

export default staffPage({ search: readSearch }, async ({ scope }, { search: { given } }) => {
  const now = new Date();
  const month = readMonth(given, staffTimeZone, now);
  const { accounts, textRates, left } = await readMonthOfAll(getPool(), scope, month, now);
  return (
    <StaffMonthPage
      month={month}
      latest={readMonth(undefined, staffTimeZone, now)}
      accounts={accounts}
      textRates={textRates}
      left={left}
    />
  );
});
