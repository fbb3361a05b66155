import type { Metadata } from 'next';
import { ApiPage } from '@/components/api-docs/api-page';
import { describeApi } from '@/lib/api-v2/queries';
import { openPage } from '@/lib/auth/make-page';

export const metadata: Metadata = { title: 'The API for your programs' };

export default openPage({}, () => {
  return <ApiPage {...describeApi()} />;
});
