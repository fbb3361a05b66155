import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { z } from 'zod';
import { AccountPage } from '@/components/accounts/account-page';
import { readDays } from '@/lib/home/days';
import { searchAccounts } from '@/lib/accounts/queries';
import {
  correctAccountCredits,
  makeFullAccount,
  reinstateAccount,
  suspendAccount,
  topUpAccount,
} from '@/lib/accounts/actions';
import { listAuditEntries } from '@/lib/audit/queries';
import { viewAccount } from '@/lib/accounts/account-view';
import { staffPage } from '@/lib/auth/make-page';
import { getPool } from '@/lib/db/client';
import { readList } from '@/lib/lists/read-list';
import { optOutList } from '@/lib/opt-outs/list';
import { listMembers } from '@/lib/people/member-queries';
import { resetFactor } from '@/lib/people/staff-actions';
import { listRegistrations, readStanding } from '@/lib/registry/marketer-queries';
import { listAllRequests } from '@/lib/removal-requests/queries';
import { addOptOutForAccount, correctOptOut } from '@/lib/removal-requests/staff-actions';

export const metadata: Metadata = { title: 'Account' };

const accountKey = z.object({ id: z.string().regex(/^[1-9]\d{0,8}$/) });

const shownRows = 8;

export default staffPage({ params: accountKey }, async ({ scope }, { params: { id } }) => {
  const accountId = Number(id);
  const ofAccount = { search: '', accountId };
  const [found, requests, entries] = await Promise.all([
    // The numbers that begin with this one, the first of them after the one before it: itself, if it is
    // there.
    searchAccounts(getPool(), scope, id, accountId - 1),
    listAllRequests(getPool(), scope, { ...ofAccount, state: null }, null),
    listAuditEntries(
      getPool(),
      scope,
      { ...ofAccount, action: null, userId: null, from: null, to: null },
      null,
    ),
  ]);
  const account = found.rows.find((row) => row.id === accountId);
  const view = account && (await viewAccount(getPool(), scope, accountId));
  if (!view) notFound();
  const [optOuts, { days }, members, standing, registrations] = await Promise.all([
    readList(getPool(), optOutList, view.scope, optOutList.readFilter({}).filter, null, view.timeZone),
    readDays(getPool(), view.scope, view.timeZone, 30),
    listMembers(getPool(), view.scope),
    readStanding(getPool(), view.scope, new Date()),
    listRegistrations(getPool(), view.scope),
  ]);
  return (
    <AccountPage
      account={account}
      days={days}
      optOuts={optOuts.rows.slice(0, shownRows)}
      requests={requests.rows.slice(0, shownRows)}
      entries={entries.rows.slice(0, shownRows)}
      members={members}
      standing={standing}
      registrations={registrations}
      resetFactor={resetFactor}
      suspend={suspendAccount}
      reinstate={reinstateAccount}
      makeFull={makeFullAccount}
      topUp={topUpAccount}
      correctCredits={correctAccountCredits}
      addOptOut={addOptOutForAccount}
      correctOptOut={correctOptOut}
    />
  );
});
