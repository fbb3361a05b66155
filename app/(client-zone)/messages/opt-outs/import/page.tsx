import type { Metadata } from 'next';
import { UploadPage } from '@/components/number-lists/upload-page';
import { customerPage } from '@/lib/auth/make-page';
import { getPool } from '@/lib/db/client';
import { listNumberLists } from '@/lib/number-lists/queries';

export const metadata: Metadata = { title: 'Import' };

export default customerPage({ may: 'lists.upload' }, async ({ scope, account }) => {
  const lists = await listNumberLists(getPool(), scope);
  return <UploadPage purpose="IMPORT" lists={lists} timeZone={account.timeZone} />;
});
