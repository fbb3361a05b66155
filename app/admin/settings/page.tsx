import type { Metadata } from 'next';
import { RetentionForm } from '@/components/privacy/retention-form';
import { PageHeader } from '@/components/shell/page-header';
import { SettingsForm } from '@/components/platform/settings-form';
import { staffPage } from '@/lib/auth/make-page';
import { getPool } from '@/lib/db/client';
import { saveSettings } from '@/lib/platform/actions';
import { saveRetention } from '@/lib/privacy/actions';
import { readRetentionSettings } from '@/lib/privacy/queries';
import { readPlatformSettings } from '@/lib/platform/settings';

export const metadata: Metadata = { title: 'Settings' };

export default staffPage({}, async () => (
  <>
    <PageHeader title="Settings" description="For all accounts. Every change is in the audit log." />
    <SettingsForm settings={await readPlatformSettings(getPool())} save={saveSettings} />
    <div className="mt-6">
      <RetentionForm settings={await readRetentionSettings(getPool())} save={saveRetention} />
    </div>
  </>
));
