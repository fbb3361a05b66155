import type { Metadata } from 'next';
import { RegistrationSection } from '@/components/registry/registration-section';
import { ConsentSettings } from '@/components/removal-requests/consent-settings';
import { RequirementSection } from '@/components/second-factor/requirement-section';
import { SettingsPage } from '@/components/settings/settings-page';
import { SettingsSummary } from '@/components/settings/settings-summary';
import {
  addKeyword,
  removeKeyword,
  saveConfirmation,
  saveDefaultPurpose,
  saveMarketingCap,
  saveReviewPolicy,
  saveTimeZone,
  saveTradingNames,
  tryReply,
} from '@/lib/settings/actions';
import { countReviewReplies, readSettings } from '@/lib/settings/queries';
import { listTimeZones } from '@/lib/settings/time-zones';
import { customerPage } from '@/lib/auth/make-page';
import { mayDo } from '@/lib/auth/permissions';
import { getPool } from '@/lib/db/client';
import { saveRegistration } from '@/lib/registry/actions';
import { listRegistrations } from '@/lib/registry/marketer-queries';
import { saveConsent } from '@/lib/removal-requests/actions';
import { readConsentSettings } from '@/lib/removal-requests/settings';
import { saveRequirement } from '@/lib/second-factor/actions';
import { readRequirement } from '@/lib/second-factor/requirement';

export const metadata: Metadata = { title: 'Settings' };

export default customerPage({}, async ({ scope, role, user }) => {
  const [settings, lately, consent, requirement, registrations] = await Promise.all([
    readSettings(getPool(), scope),
    countReviewReplies(getPool(), scope),
    readConsentSettings(getPool(), scope),
    readRequirement(getPool(), scope),
    listRegistrations(getPool(), scope),
  ]);
  if (!mayDo(role, 'settings.change')) {
    return (
      <SettingsSummary
        settings={settings}
        consent={consent}
        requirement={requirement}
        registrations={registrations}
        tryReply={tryReply}
      />
    );
  }
  return (
    <SettingsPage
      userId={user.id}
      settings={settings}
      lately={lately}
      timeZones={listTimeZones()}
      consent={<ConsentSettings settings={consent} accountName={settings.accountName} save={saveConsent} />}
      registration={
        <RegistrationSection
          userId={user.id}
          registrations={registrations}
          timeZone={settings.timeZone}
          save={saveRegistration}
        />
      }
      secondFactor={<RequirementSection userId={user.id} saved={requirement} save={saveRequirement} />}
      actions={{
        saveConfirmation,
        addKeyword,
        removeKeyword,
        saveReviewPolicy,
        saveDefaultPurpose,
        saveMarketingCap,
        saveTimeZone,
        saveTradingNames,
        tryReply,
      }}
    />
  );
});
