import type { Metadata } from 'next';
import { CreditsPage } from '@/components/credits/credits-page';
import { composeFileName, formatAccountNumber } from '@/lib/auth/account-number';
import { customerPage } from '@/lib/auth/make-page';
import { saveWarningLevel } from '@/lib/credits/actions';
import { ledgerList } from '@/lib/credits/list';
import { readWarning } from '@/lib/credits/warning-commands';
import { getPool } from '@/lib/db/client';
import { askReplica } from '@/lib/lists/ask-replica';
import { loadList } from '@/lib/lists/load-list';
import { readList } from '@/lib/lists/read-list';
import { readFamily } from '@/lib/opt-outs/family-queries';

export const metadata: Metadata = { title: 'Credits' };

export default customerPage({ search: ledgerList.readFilter }, async ({ scope, account }, { search }) => {
  const { filter, cursor, ignored } = search;
  const { id, timeZone } = account;
  const [list, { credits, level, warnedAt }, { mainAccountId }] = await Promise.all([
    loadList(
      id,
      askReplica((pool) => readList(pool, ledgerList, scope, filter, cursor, timeZone)),
    ),
    readWarning(getPool(), scope),
    readFamily(getPool(), scope),
  ]);
  return (
    <CreditsPage
      {...list}
      ignored={ignored}
      accountNumber={formatAccountNumber(id)}
      timeZone={timeZone}
      fileName={composeFileName(id, ledgerList.file.name, timeZone)}
      credits={credits}
      level={level}
      isLow={warnedAt !== null}
      mainAccount={mainAccountId === null ? null : formatAccountNumber(mainAccountId)}
      saveLevel={saveWarningLevel}
    />
  );
});
