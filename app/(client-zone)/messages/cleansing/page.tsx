import type { Metadata } from 'next';
import { CleansingPage } from '@/components/registry/cleansing-page';
import { customerPage } from '@/lib/auth/make-page';
import { getPool } from '@/lib/db/client';
import { readCalendar } from '@/lib/messages/lawful-hours';
import { listNumberLists } from '@/lib/number-lists/queries';
import { countUsable } from '@/lib/number-lists/schema';
import { reportNobody } from '@/lib/registry/actions';
import { listOwnAnswers } from '@/lib/registry/cleansing-queries';
import { readStanding } from '@/lib/registry/marketer-queries';
import { shownImports } from '@/lib/registry/schema';

export const metadata: Metadata = { title: 'Cleansing' };

export default customerPage({}, async ({ scope, account }) => {
  const now = new Date();
  const [standing, answers, lists] = await Promise.all([
    readStanding(getPool(), scope, now),
    listOwnAnswers(getPool(), scope),
    listNumberLists(getPool(), scope),
  ]);
  return (
    <CleansingPage
      standing={standing}
      answers={answers}
      most={shownImports}
      lists={lists
        .filter(({ purpose, state }) => purpose === 'CHECK' && state === 'DONE')
        .map((list) => ({ id: list.id, name: list.name, numbers: countUsable(list) }))}
      today={readCalendar(now).date}
      timeZone={account.timeZone}
      reportNobody={reportNobody}
    />
  );
});
