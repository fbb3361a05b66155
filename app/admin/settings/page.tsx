import type { Metadata } from 'next';
import { PageHeader } from '@/components/shell/page-header';
import { SettingsForm } from '@/components/platform/settings-form';
import { requireStaff } from '@/lib/auth/gates';
import { getPool } from '@/lib/db/client';
import { saveSettings } from '@/lib/platform/actions';
import { readPlatformSettings } from '@/lib/platform/settings';

export const metadata: Metadata = { title: 'Settings' };

export default async function Page() {
  await requireStaff();
  return (
    <>
      <PageHeader title="Settings" description="For all accounts. Every change is in the audit log." />
      <SettingsForm settings={await readPlatformSettings(getPool())} save={saveSettings} />
    </>
  );
}
