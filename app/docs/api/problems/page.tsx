import type { Metadata } from 'next';
import { ProblemsPage } from '@/components/api-docs/problems-page';
import { describeProblems } from '@/lib/api-v2/queries';
import { openPage } from '@/lib/auth/make-page';

export const metadata: Metadata = { title: 'Problems of the API' };

export default openPage({}, () => {
  return <ProblemsPage problems={describeProblems()} />;
});
