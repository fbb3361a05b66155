import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { z } from 'zod';
import { AnswerPage } from '@/components/registry/answer-page';
import { staffPage } from '@/lib/auth/make-page';
import { getPool } from '@/lib/db/client';
import { staffTimeZone } from '@/lib/lists/schema';
import { discardRegistryAnswer, putAnswerInForce } from '@/lib/registry/staff-actions';
import { findRegistryImport } from '@/lib/registry/staff-queries';

export const metadata: Metadata = { title: 'Answer of the registry' };

export default staffPage(
  { params: z.object({ id: z.string().regex(/^\d{1,18}$/) }) },
  async ({ scope }, { params: { id } }) => {
    const answer = await findRegistryImport(getPool(), scope, id);
    if (!answer) notFound();
    return (
      <AnswerPage
        answer={answer}
        above={[{ href: '/admin/registry', label: 'Registry' }]}
        may="registry.change"
        timeZone={staffTimeZone}
        apply={putAnswerInForce}
        discard={discardRegistryAnswer}
      />
    );
  },
);
