import type { Metadata } from 'next';
import { PageHeader } from '@/components/shell/page-header';
import { IfMay } from '@/components/permissions/permissions';
import { KeywordForm } from '@/components/platform/keyword-form';
import { KeywordList } from '@/components/platform/keyword-list';
import { staffPage } from '@/lib/auth/make-page';
import { getPool } from '@/lib/db/client';
import { deletePlatformKeyword, savePlatformKeyword, tryPlatformKeyword } from '@/lib/platform/actions';
import { listPlatformKeywords } from '@/lib/platform/keywords';

export const metadata: Metadata = { title: 'Keywords' };

export default staffPage({}, async ({ scope }) => {
  return (
    <>
      <PageHeader
        title="Keywords"
        description="Words that opt out at every account, beside the published ones and those an account adds for itself."
      />
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_24rem]">
        <IfMay may="keywords.change">
          <KeywordForm tryOut={tryPlatformKeyword} add={savePlatformKeyword} />
        </IfMay>
        <KeywordList keywords={await listPlatformKeywords(getPool(), scope)} remove={deletePlatformKeyword} />
      </div>
    </>
  );
});
