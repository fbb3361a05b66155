import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { z } from 'zod';
import { AnswerPage } from '@/components/registry/answer-page';
import { Differences } from '@/components/registry/differences';
import { Callout } from '@/components/ui/callout';
import { customerPage } from '@/lib/auth/make-page';
import { getPool } from '@/lib/db/client';
import { idSchema } from '@/lib/db/ids';
import { readCalendar } from '@/lib/messages/lawful-hours';
import { discardCleansing, putCleansingInForce } from '@/lib/registry/actions';
import { findOwnAnswer, listDifferences } from '@/lib/registry/cleansing-queries';
import { readStanding } from '@/lib/registry/marketer-queries';
import { countDays } from '@/lib/registry/schema';

export const metadata: Metadata = { title: 'Answer of the registry' };

const shownDifferences = 20;

export default customerPage(
  { params: z.object({ id: idSchema }) },
  async ({ scope, account }, { params: { id } }) => {
    const answer = await findOwnAnswer(getPool(), scope, id);
    if (!answer) notFound();
    const now = new Date();
    const [differences, { mostDays }] = await Promise.all([
      listDifferences(getPool(), scope, answer, shownDifferences),
      readStanding(getPool(), scope, now),
    ]);
    const age = countDays(answer.answeredOn, readCalendar(now).date);
    return (
      <AnswerPage
        answer={answer}
        timeZone={account.timeZone}
        above={[
          { href: '/messages', label: 'Message Logs' },
          { href: '/messages/cleansing', label: 'Cleansing' },
        ]}
        may="lists.upload"
        apply={putCleansingInForce}
        discard={discardCleansing}
      >
        {answer.state === 'WAITING' && age > mostDays && (
          <Callout tone="warn" title="This answer is too old">
            It is {age} days old, and one counts for {mostDays}. Put in force, it blocks who is in it, but
            your marketing stays stopped. Make sure that you chose the right file and day.
          </Callout>
        )}
        <Differences id={id} differences={differences} came={answer.comes} left={answer.goes} />
      </AnswerPage>
    );
  },
);
