import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { z } from 'zod';
import { AnswerPage } from '@/components/registry/answer-page';
import { Differences } from '@/components/registry/differences';
import { customerPage } from '@/lib/auth/make-page';
import { getPool } from '@/lib/db/client';
import { idSchema } from '@/lib/db/ids';
import { discardCleansing, putCleansingInForce } from '@/lib/registry/actions';
import { findOwnAnswer, listDifferences } from '@/lib/registry/cleansing-queries';

export const metadata: Metadata = { title: 'Answer of the registry' };

const shownDifferences = 20;

export default customerPage(
  { params: z.object({ id: idSchema }) },
  async ({ scope, account }, { params: { id } }) => {
    const answer = await findOwnAnswer(getPool(), scope, id);
    if (!answer) notFound();
    const differences = await listDifferences(getPool(), scope, answer, shownDifferences);
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
        <Differences id={id} differences={differences} came={answer.comes} left={answer.goes} />
      </AnswerPage>
    );
  },
);
