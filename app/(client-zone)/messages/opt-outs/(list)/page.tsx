import type { Metadata } from 'next';
import { OptOutsPage } from '@/components/opt-outs/opt-outs-page';
import { composeFileName, formatAccountNumber } from '@/lib/auth/account-number';
import { customerPage } from '@/lib/auth/make-page';
import { askReplica } from '@/lib/lists/ask-replica';
import { loadList } from '@/lib/lists/load-list';
import { readList } from '@/lib/lists/read-list';
import { addOptOutNumbers, removeOptOutNumbers } from '@/lib/opt-outs/actions';
import { optOutList } from '@/lib/opt-outs/list';
import { readOptOutTotal } from '@/lib/opt-outs/tally';

export const metadata: Metadata = { title: 'Auto Opt-Outs' };

export default customerPage({ search: optOutList.readFilter }, async ({ scope, account }, { search }) => {
  const { filter, cursor, ignored } = search;
  const [list, total] = await Promise.all([
    loadList(
      account.id,
      askReplica((pool) => readList(pool, optOutList, scope, filter, cursor, account.timeZone)),
    ),
    askReplica((pool) => readOptOutTotal(pool, scope)),
  ]);
  return (
    <OptOutsPage
      {...list}
      total={total}
      ignored={ignored}
      accountNumber={formatAccountNumber(account.id)}
      timeZone={account.timeZone}
      fileName={composeFileName(account.id, 'auto-opt-outs', account.timeZone)}
      add={addOptOutNumbers}
      remove={removeOptOutNumbers}
    />
  );
});
