import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { ListPage } from '@/components/number-lists/list-page';
import { requireCustomer } from '@/lib/auth/gates';
import { getPool } from '@/lib/db/client';
import { stopImport } from '@/lib/number-lists/actions';
import { listProblemLines, parseListId, readNumberList } from '@/lib/number-lists/queries';

export const metadata: Metadata = { title: 'A list of numbers' };

const shownProblems = 50;

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { scope, account } = await requireCustomer();
  const id = parseListId((await params).id);
  const list = id === null ? null : await readNumberList(getPool(), scope, id);
  if (!list) notFound();
  const total = list.invalid + list.duplicates;
  const problems =
    total === 0 ? [] : await listProblemLines(getPool(), scope, list.id, Math.min(total, shownProblems));
  return <ListPage list={list} problems={problems} timeZone={account.timeZone} stop={stopImport} />;
}
