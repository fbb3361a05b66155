import type { Metadata } from 'next';
import { SettingsPage } from '@/components/settings/settings-page';
import {
  addKeyword,
  removeKeyword,
  saveConfirmation,
  saveReviewPolicy,
  saveTimeZone,
  tryReply,
} from '@/lib/accounts/actions';
import { countReviewReplies, readSettings } from '@/lib/accounts/settings-queries';
import { listTimeZones } from '@/lib/accounts/time-zones';
import { requireCustomer } from '@/lib/auth/gates';
import { getPool } from '@/lib/db/client';

export const metadata: Metadata = { title: 'Settings' };

export default async function Page() {
  const { scope, user } = await requireCustomer();
  const [settings, lately] = await Promise.all([
    readSettings(getPool(), scope),
    countReviewReplies(getPool(), scope),
  ]);
  return (
    <SettingsPage
      userId={user.id}
      settings={settings}
      lately={lately}
      timeZones={listTimeZones()}
      actions={{ saveConfirmation, addKeyword, removeKeyword, saveReviewPolicy, saveTimeZone, tryReply }}
    />
  );
}
