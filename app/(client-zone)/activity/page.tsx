import type { Metadata } from 'next';
import { ActivityPage } from '@/components/activity/activity-page';
import { activityList } from '@/lib/activity/list';
import { composeFileName, formatAccountNumber } from '@/lib/auth/account-number';
import { customerPage } from '@/lib/auth/make-page';
import { askReplica } from '@/lib/lists/ask-replica';
import { loadList } from '@/lib/lists/load-list';
import { readList } from '@/lib/lists/read-list';

export const metadata: Metadata = { title: 'Activity' };

export default customerPage(
  { may: 'activity.read', search: activityList.readFilter },
  async ({ scope, account: { id, timeZone } }, { search: { filter, cursor, ignored } }) => (
    <ActivityPage
      {...await loadList(
        id,
        askReplica((pool) => readList(pool, activityList, scope, filter, cursor, timeZone)),
      )}
      ignored={ignored}
      accountNumber={formatAccountNumber(id)}
      timeZone={timeZone}
      fileName={composeFileName(id, activityList.file.name, timeZone)}
    />
  ),
);
