import type { Metadata } from 'next';
import { after } from 'next/server';
import { HomePage } from '@/components/home/home-page';
import { closeRemainingDays } from '@/lib/home/days';
import { readHome, readPeriod } from '@/lib/home/queries';
import { customerPage } from '@/lib/auth/make-page';
import { getPool } from '@/lib/db/client';
import { askReplica } from '@/lib/lists/ask-replica';
import type { ListParams } from '@/lib/lists/list-search';
import { readList } from '@/lib/lists/read-list';
import { log } from '@/lib/log';
import { readTrialNumber } from '@/lib/people/queries';
import { replyList } from '@/lib/replies/list';

export const metadata: Metadata = { title: 'Home' };

const latestReplies = 6;

const readSearch = ({ days }: ListParams) => ({ period: readPeriod(days) });

export default customerPage({ search: readSearch }, async ({ scope, account }, { search: { period } }) => {
  const [home, trialMsisdn, replies] = await Promise.all([
    readHome(getPool(), scope, account.timeZone, period, askReplica),
    readTrialNumber(getPool(), scope),
    askReplica((pool) =>
      readList(pool, replyList, scope, replyList.readFilter({}).filter, null, account.timeZone),
    ),
  ]);
  after(() =>
    closeRemainingDays(getPool(), scope, account.timeZone, home.uncounted).catch((err: unknown) =>
      log.error({ err, accountId: scope.accountId }, 'Counting earlier days failed'),
    ),
  );
  return (
    <HomePage
      accountName={account.name}
      timeZone={account.timeZone}
      period={period}
      home={home}
      isTrial={trialMsisdn !== null}
      latestReplies={replies.rows.slice(0, latestReplies)}
    />
  );
});
