import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { z } from 'zod';
import { ListPage } from '@/components/number-lists/list-page';
import { customerPage } from '@/lib/auth/make-page';
import { getPool } from '@/lib/db/client';
import { stopImport } from '@/lib/number-lists/actions';
import { idSchema } from '@/lib/db/ids';
import { listProblemLines, readNumberList } from '@/lib/number-lists/queries';
import { readFamily } from '@/lib/opt-outs/family-queries';

export const metadata: Metadata = { title: 'A list of numbers' };

const shownProblems = 50;

export default customerPage(
  { params: z.object({ id: idSchema }) },
  async ({ scope, account }, { params }) => {
    const [list, { honoursAll }] = await Promise.all([
      readNumberList(getPool(), scope, params.id),
      readFamily(getPool(), scope),
    ]);
    if (!list) notFound();
    const total = list.invalid + list.duplicates;
    const problems =
      total === 0 ? [] : await listProblemLines(getPool(), scope, list.id, Math.min(total, shownProblems));
    return (
      <ListPage
        list={list}
        problems={problems}
        honoursAll={honoursAll}
        timeZone={account.timeZone}
        stop={stopImport}
      />
    );
  },
);
